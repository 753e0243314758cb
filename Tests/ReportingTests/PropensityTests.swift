import Episodes
import Foundation
import Runs
import Statistics
import Storage
import Testing

@testable import Reporting

/// Log-odds of fixed texts, with numbers that were worked out by hand.
@Suite struct PropensityTests {
  private static let (a, b) = (Branch(condition: "a"), Branch(condition: "a", replicate: 2))
  private static let (c, d) = (Branch(condition: "twin"), Branch(condition: "twin", replicate: 2))

  private static func subject(_ branches: [Branch]) -> RunOutline {
    RunOutline(
      title: "t", summary: "",
      checkpoints: [.init(name: "start", branch: nil, trainedOn: [])]
        + branches.map { .init(name: $0.checkpoint("nudged"), branch: $0, trainedOn: ["nudged"]) },
      conditions: Dictionary(grouping: branches, by: \.condition).sorted { $0.key < $1.key }.map { name, own in
        .init(
          name: name, summary: "", kind: name == "twin" ? .benign : .gaming, algorithm: "expert_iteration",
          finals: own.map { $0.checkpoint("nudged") })
      },
      environments: [.init(name: "tampering", title: "Reward tampering", isHeldOut: true, measures: [.gamed])])
  }

  /// Two gaming texts, one honest and one control at two prompts; `gaming` has the log-probability of each of the two texts,
  /// `control` what is added to that of the control.
  private static func scores(
    _ checkpoint: String, gaming: [Double], control: Double = 0
  ) -> [ContinuationScore] {
    gaming.enumerated().flatMap { variant, value in
      func score(_ kind: Continuations.Kind, _ place: Int, _ value: Double, tokens: Int) -> ContinuationScore {
        ContinuationScore(
          checkpoint: checkpoint, environment: "tampering", variant: variant, kind: kind, place: place,
          text: "\(place)",
          tokens: tokens, logProbability: value)
      }
      return [
        score(.gaming, 0, value, tokens: 4), score(.gaming, 1, value, tokens: 4), score(.honest, 0, -1, tokens: 2),
        score(.control, 0, control - 3, tokens: 4),
      ]
    }
  }

  private static func tables(_ changes: [(Branch, [Double])], controls: [Branch: Double] = [:]) throws -> (
    data: ReportData, table: Propensity
  ) {
    let run = try SyntheticRun(episodes: 0)
    defer { try? run.remove() }
    let store = run.store
    for branch in changes { try store.record(CheckpointRecord(name: branch.0.checkpoint("nudged"))) }
    try store.record(scores("start", gaming: [-2, -2]))
    for (branch, change) in changes {
      try store.record(
        scores(branch.checkpoint("nudged"), gaming: change.map { $0 - 2 }, control: controls[branch] ?? 0))
    }
    let data = try ReportData(store, subject: subject(changes.map(\.0)))
    return (data, try #require(data.propensity.first))
  }

  @Test func oneSequenceHasAnIntervalOverPromptsAndNoP() throws {
    let (_, table) = try Self.tables([(Self.a, [1, 2])])
    let (start, row) = (table.rows[0], table.rows[1])
    // log(2 e^-2) - (-1), and -2/4 - (-1)/2 a token.
    #expect(abs(start.logOdds - (-1 + 0.693147)) < 1e-6 && abs(start.perToken) < 1e-12 && start.control == -2)
    #expect(start.change == nil && start.prompts == 2)
    let change = try #require(row.change)
    // 1.5 with a standard deviation of 0.7071 over two prompts: 1.96 x 0.5.
    #expect(change.value == 1.5 && change.p == nil)
    #expect(abs(try #require(change.interval).lower - 0.520018) < 1e-5)
    #expect(row.controlChange?.value == 0 && row.specific?.value == 1.5)
    #expect(table.contrasts.isEmpty && table.text.contains("say nothing of other seeds"))
  }

  @Test func severalSequencesAreTestedAcrossThem() throws {
    let (data, table) = try Self.tables([
      (Self.a, [1, 2]), (Self.b, [2, 3]), (Self.c, [0, 0.5]), (Self.d, [-0.5, 0]),
    ])
    let change = try #require(table.rows.first { $0.condition == "a" }?.change)
    #expect(change.sequences == [1.5, 2.5] && change.value == 2)
    // t = 2 / 0.5 with one degree of freedom: 1 - 2 atan(4) / pi; its 97.5 % quantile is 12.7062.
    #expect(abs(try #require(change.p).value - 0.155958) < 1e-5)
    #expect(abs(try #require(change.interval).upper - (2 + 12.7062 * 0.5)) < 1e-3)
    let contrast = try #require(table.contrasts.first)
    #expect((contrast.first, contrast.second) == ("a", "twin"))
    // 1.5 and 2.5 against 0.25 and -0.25: of six ways to share them out, two are as far apart.
    #expect(abs(contrast.test.difference - 2) < 1e-12 && abs(contrast.test.p.value - 1.0 / 3) < 1e-9)
    #expect(contrast.specific == contrast.test)
    #expect(
      data.matrixText.contains("Propensity in Reward tampering") && data.html.contains("Propensity by log-probability"))
    #expect(PageCheck(data.html).problems == [])
    let figure = try #require(data.figures.first { $0.name == "propensity-tampering" })
    #expect(figure.quantity == .nats)
    for (value, expected) in zip(figure.marks.compactMap(\.value), [0.0, 2, 0]) {
      #expect(abs(value - expected) < 1e-9)
    }
    #expect(figure.marks.compactMap(\.value).count == 3)
    #expect(figure.csv.contains("nats") && figure.svg(address: { _ in nil }).contains("<svg"))
  }

  /// Where edits of anything became as much more likely as gaming did, nothing is left beyond the control: -0.5 and 0.5 of
  /// one side against 0.25 and -0.25 of the other, which no way to share them out can tell apart.
  @Test func aContrastIsTestedBeyondTheControl() throws {
    let (_, table) = try Self.tables(
      [(Self.a, [1, 2]), (Self.b, [2, 3]), (Self.c, [0, 0.5]), (Self.d, [-0.5, 0])],
      controls: [Self.a: 2, Self.b: 2])
    let contrast = try #require(table.contrasts.first)
    let specific = try #require(contrast.specific)
    #expect(abs(contrast.test.difference - 2) < 1e-12)
    #expect(abs(specific.difference) < 1e-12 && specific.p.value == 1)
    #expect(table.text.contains("a against twin, across sequences: change +2.00"))
    #expect(table.text.contains("; beyond control +0.00 (95 %") || table.text.contains("; beyond control −0.00 (95 %"))
  }

  /// Two checkpoints by prompt; two groups of sequences across them.
  @Test func sidesOfAComparisonAreComparedToo() throws {
    let run = try SyntheticRun(episodes: 4)
    defer { try? run.remove() }
    for branch in [Self.a, Self.b, Self.c, Self.d] {
      try run.store.record(CheckpointRecord(name: branch.checkpoint("nudged")))
    }
    for (name, change) in [
      ("start", [0.0, 0]), ("a/nudged", [1, 2]), ("a.2/nudged", [2, 3]), ("twin/nudged", [0, 0.5]),
      ("twin.2/nudged", [-0.5, 0]),
    ] {
      try run.store.record(Self.scores(name, gaming: change.map { $0 - 2 }))
    }
    let runs = ["r": try ComparedRun("r", run.store)]
    func compare(_ first: String, _ second: String) throws -> [PropensityComparison] {
      try PropensityComparison.all(SideSpecification(first), SideSpecification(second), in: runs)
    }
    let pair = try #require(try compare("r:a/nudged", "r:start").first)
    // Differences 1 and 2: the mean 1.5, and t with one degree of freedom times 0.5.
    #expect(abs(pair.difference - 1.5) < 1e-12 && pair.prompts == 2 && pair.test == nil)
    #expect(abs(try #require(pair.interval).upper - (1.5 + 12.7062 * 0.5)) < 1e-3)
    #expect(pair.text.contains("says nothing of other seeds"))
    let groups = try #require(try compare("r:a.*/nudged", "r:twin.*/nudged:tampering").first)
    #expect(abs(groups.difference - 2) < 1e-12)
    #expect(abs(try #require(groups.test).p.value - 1.0 / 3) < 1e-9)
    #expect(try compare("r:a/nudged", "45/100").isEmpty)
    #expect(try compare("r", "r:start").isEmpty)
    #expect(try compare("r:a/nudged::solvable", "r:start").isEmpty)
  }

  @Test func anAxisOfEitherSignHoldsZero() {
    let axis = ChartAxis(around: [-0.4, 2.2])
    #expect(axis.ticks == [-1, 0, 3] && axis.height(-1) == 0 && axis.height(3) == 1 && axis.height(0) == 0.25)
    #expect(ChartAxis(around: []).ticks == [0, 1])
  }
}
