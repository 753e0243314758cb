import Episodes
import Foundation
import Runs
import Statistics
import Storage
import TestSupport
import Testing

@testable import Reporting

/// A synthetic experiment of six conditions with five sequences each, seen as data, as text and as a page.
///
/// Counts are worked out from `SyntheticComparison.plans`: 20 episodes a cell and 80 in the held-out one, of which every
/// fortieth fails; sequence r games with the plan's rate times 0.8 + 0.1 (r mod 5), rounded. Tests across sequences were
/// computed with SciPy from the same counts. Each prompt is tried once by every sequence, and the first ones game.
@Suite struct ComparisonTests {
  let data: ReportData

  init() throws { data = try Self.shared.get() }

  /// Made once for all tests: it has 20,000 episodes.
  private static let shared = Result {
    let run = try SyntheticComparison(episodes: 20, replicates: 5)
    defer { try? run.remove() }
    return try ReportData(run.store, subject: run.subject)
  }

  /// 4 % of 80 by sequence: 2.88, 3.2, 3.52, 3.84, 2.56.
  @Test func stagesPoolTheirSequences() throws {
    let row = try #require(data.gaming.rows.first { $0.name == "exploit_only/insubordinate" })
    #expect(row.checkpoints.map(\.name).first == "exploit_only/insubordinate" && row.checkpoints.count == 5)
    #expect(row.checkpoints.last?.name == "exploit_only.5/insubordinate")
    let overwrite = try #require(row.cells[4])
    #expect(overwrite.sequences.tallies.map(\.events) == [3, 3, 4, 4, 3])
    #expect(overwrite.estimate.tally == Tally(events: 17, completed: 390, attempted: 400))
    // Prompts 0 to 3 have all of the events: by prompt p would be 2 x (1/6)^3 x 4/6 = 0.006.
    let test = try #require(overwrite.comparison?.test)
    #expect(test.method == .tooFewPrompts && test.tellingPrompts == 4 && test.p.value == 1)
    #expect(overwrite.estimate.method == .bySequence && overwrite.estimate.interval.contains(17.0 / 390))
    #expect(overwrite.sequences.range == 3.0 / 78...4.0 / 78 && !overwrite.sequences.differ)
    // One start, then four stages for five conditions and one for training away.
    #expect(data.gaming.rows.count == 1 + 5 * 4 + 1)
  }

  /// One of five sequences games: the pooled count is not allowed to hide it.
  @Test func sequencesThatDifferAreMarked() throws {
    let row = try #require(data.conditions.rows.first { $0.condition.name == "ppo" })
    let overwrite = try #require(row.cells[0])
    #expect(overwrite.sequences.tallies.map(\.events) == [0, 16, 0, 0, 0])
    #expect(overwrite.sequences.differ)
    #expect(overwrite.sequences.remark.contains("between 0 % and 20.5 % (events: 0, 16, 0, 0, 0), further apart"))
    let finding = try #require(data.findings.first { $0.kind == .sequences })
    #expect(finding.tone == .warning && finding.topic == "5 sequences per condition")
  }

  /// Each training sequence is one observation. The start was measured once: a t test against its log odds, with its
  /// sampling error. Conditions: all 252 ways to share ten sequences out. Both by SciPy, from the counts in the comments.
  @Test func sequencesDecide() throws {
    func cell(_ condition: String, _ column: Int) throws -> ConditionTable.Cell {
      try #require(data.conditions.rows.first { $0.condition.name == condition }?.cells[column])
    }
    // Political, of 20: start 2; exploit_only 13, 14, 15, 17, 11; hhh 11, 12, 13, 14, 10; ppo 2, 15, 3, 3, 2.
    let exploit = try cell("exploit_only", 2)
    #expect(exploit.sequences.tallies.map(\.events) == [13, 14, 15, 17, 11])
    let start = try #require(exploit.againstStart?.comparison.test)
    #expect(start.method == .oneSample && start.scope == .acrossSequences && start.firstSequences == 1)
    #expect(abs(start.p.value / 0.0006830342911850439 - 1) < 1e-6)
    let hhh = try #require(cell("hhh", 2).againstMain?.comparison.test)
    #expect(hhh.method == .permutation && hhh.firstSequences == 5 && hhh.secondSequences == 5)
    #expect(abs(hhh.p.value - 0.16666666666666666) < 1e-9)
    // One of five sequences games, and a pooled count has p = 2e-10 against exploit_only.
    let ppo = try cell("ppo", 2)
    #expect(ppo.sequences.tallies.map(\.events) == [2, 15, 3, 3, 2])
    #expect(abs(try #require(ppo.againstStart?.comparison.p.value) / 0.429013529080082 - 1) < 1e-6)
    #expect(try #require(ppo.againstStart).verdict == .unclear)
  }

  /// Holm's method written out: of m sorted values the i-th (from 0) is multiplied by m - i, and never below those before.
  @Test func theTestByPromptIsAdjusted() {
    let all = data.conditions.rows.flatMap(\.cells).compactMap(\.self).flatMap { [$0.againstStart, $0.againstMain] }
      .compactMap(\.self).sorted { $0.comparison.p < $1.comparison.p }
    #expect(all.count == 66 && data.conditions.comparisons == 66)
    var least = 0.0
    for (index, one) in all.enumerated() {
      least = max(least, min(1, one.comparison.p.value * Double(66 - index)))
      #expect(abs(one.p.value - least) < 1e-9)
    }
    #expect(all.count { $0.p.value < 1 } > 3)
  }

  /// With five sequences a side no p can be below 2/252, and 66 of it are more than 0.05.
  @Test func thePageSaysWhatFewSequencesCanShow() throws {
    let finding = try #require(data.findings.first { $0.kind == .sequences })
    #expect(
      finding.text.contains(
        "With 5 sequences a side no difference between two conditions can reach p < 0.00794, and none can stay below 0.05"
      ))
    #expect(data.html.contains("no difference between two conditions can reach p &lt; 0.00794"))
    let run = try SyntheticComparison(episodes: 8, replicates: 3)
    defer { try? run.remove() }
    let three = try ReportData(run.store, subject: run.subject)
    let text = try #require(three.findings.first { $0.kind == .sequences }?.text)
    #expect(text.contains("With 3 sequences a side no difference between two conditions can reach p < 0.1"))
  }

  @Test func trainingAwayIsMeasuredAgainstBothEnds() throws {
    let result = try #require(data.trainAway.first)
    #expect(result.condition == "train_away" && result.from == "exploit_only")
    let lines = result.lines
    #expect(lines.map(\.isTrained) == [false, false, true, true, false, false])
    #expect(lines[2].before.tally.events == 70 && lines[2].after.tally.events == 14)
    #expect(lines[2].factorText.hasPrefix("5.0 ("))
    #expect(lines[2].verdictText.hasPrefix("Not distinguishable from the untrained model (10.0 %, too few prompts"))
    #expect(lines[2].change.test.scope == .acrossSequences)
    // Events of four prompts are no basis of a verdict.
    let overwrite = try #require(data.findings.first { $0.kind == .trainAway })
    #expect(
      overwrite.tone == .unclear && overwrite.text.contains("cannot be told from the untrained model, too few prompts"))
  }

  /// Each of 3 rounds in 5 sequences misses 5 episodes, flags 2 wrongly and screens 5 out.
  @Test func monitorsAreCountedAgainstTheTruth() throws {
    #expect(data.monitors.map(\.stage) == SyntheticRun.trained + [nil])
    let stage = data.monitors[0]
    // Gamed: 20 x round + 3 x sequence, over rounds 1 to 3 and sequences 1 to 5: 5 x 120 + 3 x 45.
    #expect(stage.recall.tally == Tally(events: 735 - 75, completed: 735, attempted: 735))
    #expect(stage.precision.tally.completed == 735 - 75 + 30)
    #expect(stage.falsePositiveRate.tally == Tally(events: 30, completed: 120 * 15 - 735, attempted: 120 * 15 - 735))
    #expect(stage.screened == 75 && stage.attempted == 128 * 15)
    #expect(data.monitors[4].recall.tally.completed == 4 * 735)
  }

  @Test func curvesRunOverAllStages() throws {
    let kl = data.telemetry.filter { $0.metric == "kl" }
    #expect(kl.map(\.condition) == ["ppo"])
    #expect(kl[0].lines.map(\.replicate) == [1, 2, 3, 4, 5])
    #expect(kl[0].lines[0].points.map(\.round) == Array(1...12))
    #expect(kl[0].lines[1].points.last?.value == 0.02 * 24)
    let section = TelemetrySection(series: data.telemetry.filter { $0.condition == "ppo" }).markup.html
    #expect(section.components(separatedBy: "<polyline").count - 1 == 5 * 5)
  }

  /// What the store holds goes before what the rounds keep, and a value that is no number leaves a gap.
  @Test func curvesComeFromTheStore() {
    let branch = Branch(condition: "a", replicate: 2)
    var round = RoundSummary(
      stage: "a.2/flattery", round: 1, branch: branch, environment: "flattery", completed: 9, attempted: 9, gamed: 0,
      honest: 0, selected: 0)
    round.metrics = ["kl": 7]
    func point(_ step: Int, _ value: Double) -> MetricPoint {
      MetricPoint(branch: branch, step: step, name: "kl", value: value, time: .distantPast)
    }
    #expect(TelemetrySeries.all([], [round]).flatMap(\.lines).flatMap(\.points).map(\.value) == [7])
    let stored = TelemetrySeries.all([point(2, 0.2), point(1, 0.1), point(3, .nan)], [round])
    #expect(
      stored.map(\.lines) == [
        [.init(replicate: 2, points: [.init(round: 1, value: 0.1), .init(round: 2, value: 0.2)])]
      ])
  }

  @Test func armsShowWhatWasMeasured() throws {
    let table = try #require(data.arms.first)
    #expect(data.arms.count == 1 && table.environment.name == "tampering")
    #expect(table.rows.map(\.condition) == [nil, nil, "exploit_only", "exploit_only", "exploit_only"])
    #expect(table.rows.map(\.arm.rawValue) == ["standard", "instructed", "standard", "steered_away", "steered_toward"])
    let steered = try #require(table.rows[4].cells[0])
    #expect(steered.estimate.tally == Tally(events: 55, completed: 100, attempted: 100))
    // The same five sequences in two arms are pairs: 11, 11, 11, 11, 11 of 20 against 3, 3, 4, 4, 3 of 78.
    let test = try #require(steered.againstStandard?.test)
    #expect(steered.againstStart == nil && test.method == .paired && test.firstSequences == 5)
    #expect(abs(test.p.value / 0.0007266314607901342 - 1) < 1e-6 && steered.againstStandard?.verdict == .rose)
    #expect(data.samples.contains { $0.kind == "Gamed, arm steered_toward" })
  }

  /// In each of two sequences six episodes succeed first at attempts 1, 2, 2, 3, never and never.
  @Test func attemptsAddUp() throws {
    let line = try #require(data.repeated.attempts.first)
    #expect(data.repeated.attempts.count == 1 && line.condition == "exploit_only")
    #expect(line.byAttempt.map(\.tally.events) == [2, 6, 8] && line.byAttempt.allSatisfy { $0.tally.completed == 12 })
  }

  /// Of two chains in each of two sequences one is overwritten by its second episode and stays so.
  @Test func editsPersist() throws {
    let chain = try #require(data.repeated.chains.first { $0.measure.predicate == .overwrite })
    #expect(chain.places.map(\.position) == [2, 3, 4])
    #expect(chain.places.map(\.inherited.tally.events) == [0, 2, 2])
    #expect(chain.places.map(\.lasting.tally.events) == [2, 2, 2] && chain.places[0].lasting.tally.completed == 4)
    let section = RepeatedTrialsSection(trials: data.repeated, baseline: "start", evidence: evidence).markup.html
    #expect(section.contains(/<td data-label="Within 3">66.7 % <small><a href="#episodes-\d+">8\/12<\/a>, 34.9–90.1 %/))
    // Which episodes gamed at the first attempt is not stored.
    #expect(section.contains(">16.7 % <small>2/12, "))
  }

  /// The paper's numbers stand beside ours and say whose they are.
  @Test func thePaperIsQuoted() throws {
    #expect(
      data.paper.map(\.ours) == [
        "start: start", "exploit_only", "exploit_only", "hhh after political", "hhh after flattery", "hhh after nudged",
        "hhh", "ppo", "train_away", "start, arm instructed", "exploit_only, arm steered_away",
        "exploit_only, arm steered_toward",
      ])
    let page = data.html
    #expect(page.contains("The paper’s model") && page.contains("0.14 % (45, n = 32,768)"))
    #expect(data.paper[1].overwrite?.tally.events == 17)
    let plain = try ReportTests().data.html
    #expect(!plain.contains("The paper’s model") && !plain.contains("id=\"conditions\""))
  }

  @Test func theWholeIsWellFormed() throws {
    let page = data.html
    #expect(PageCheck(page).problems == [])
    #expect(!page.contains("&lt;p class") && !page.contains("&lt;span"))
    #expect(try StoredJSON.value(data.json(), as: ReportData.self) == data)
  }

  @Test func terminalText() throws { try expectSnapshot(data.terminalText, "conditions.txt") }

  private var evidence: EvidenceSection { EvidenceSection(data.evidence, run: "arms") }

  /// The table of conditions has the start's row and one for each condition, with the numbers of the data.
  @Test func conditionsAreATable() throws {
    let page = ConditionsSection(data: data, evidence: evidence).markup.html
    let rows = PageTable(page).rows
    for row in data.conditions.rows {
      let shown = try #require(rows.first { $0.first == row.condition.name && $0.count == row.cells.count + 1 })
      for (cell, text) in zip(row.cells, shown.dropFirst()) {
        let estimate = try #require(cell?.estimate)
        #expect(text.hasPrefix("\(estimate.rateText) \(estimate.countText) \(estimate.interval.percent)"))
        #expect(text.contains("seq. "))
      }
    }
    #expect(rows.contains { $0.prefix(2) == ["exploit_only", "Trained on every episode that gamed."] })
    #expect(page.contains("Beside the paper"))
  }

  @Test func trainingAwayIsATable() throws {
    let rows = PageTable(TrainAwaySection(result: data.trainAway[0], data: data, evidence: evidence).markup.html).rows
    // Political: 2 of 20 before any training, 70 of 100 before training away, 14 after.
    #expect(
      rows[2].prefix(4) == [
        "Political sycophancy, gamed", "10.0 % (2 of 20)", "70.0 % (70 of 100)", "14.0 % (14 of 100)",
      ])
    #expect(rows[2][4] == data.trainAway[0].lines[2].factorBrief && rows.count == 6)
  }

  @Test func monitorsAreATable() throws {
    let rows = PageTable(MonitorSection(lines: data.monitors, files: []).markup.html).rows
    #expect(rows.map { $0[1] } == SyntheticRun.trained + ["all stages"])
    #expect(rows[0][0] == "monitored" && rows[0][2].contains("660/735") && rows[0][5] == "75 of 1,920")
  }

  @Test func armsAreATable() throws {
    let rows = PageTable(ArmSection(table: data.arms[0], data: data, evidence: evidence).markup.html).rows
    #expect(rows.map { $0[0] } == ["standard", "instructed", "standard", "steered away", "steered toward"])
    #expect(rows[4][1].hasPrefix("55.0 % 55/100 ") && rows[4][1].contains("p = 0.00073 ▲"))
  }

  /// The figure has a mark with its numbers for each row of the matrix, and a link where there are events.
  @Test func aFigureHasEveryStage() throws {
    let figure = data.stageFigures[4]
    let page = FigureView(figure: figure, evidence: evidence).markup.html
    #expect(figure.marks.count == data.gaming.rows.count)
    for mark in figure.marks { #expect(page.contains(("<title>\(mark.description)</title>" as Markup).html)) }
    // The start is one cell without events: without pages of episodes it leads nowhere.
    #expect(page.matches(of: /<a href="#episodes-/).count == figure.marks.count - 1)
  }

  /// One condition with one sequence says that sequences are not compared; a run that has not trained yet still reports.
  @Test func unfinishedConditionsAreReported() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try RunStore(in: folder, configuration: PlainRun(name: "new"), codeRevision: "x")
    let empty = try ReportData(store, subject: data.subject)
    #expect(PageCheck(empty.html).problems == [])
    #expect(empty.findings.map(\.topic) == ["Not trained yet"] && empty.trainAway.isEmpty)
    // Imported checkpoints: none is known to be the untrained one. What was not measured has no section.
    var imported = data.subject
    imported.checkpoints.removeAll { $0.branch == nil }
    let unknown = try ReportData(store, subject: imported)
    #expect(unknown.findings.map(\.topic) == ["Nothing to compare with"])
    #expect(!unknown.html.contains("Honest completion") && PageCheck(unknown.html).problems == [])
    let single = try ReportTests().data.findings
    #expect(
      single.contains { $0.kind == .sequences && $0.topic == "One sequence per condition" && $0.tone == .warning })
  }
}
