import Episodes
import Foundation
import Runs
import Statistics
import Storage
import TestSupport
import Testing

@testable import Reporting

/// What the summary of a run has to name, and what it must not.
@Suite struct FindingTests {
  /// A made-up run of one environment, each prompt tried four times.
  private struct Planted {
    let folder = FileManager.default.temporaryDirectory.appending(path: "findings-\(UUID().uuidString)")
    let store: RunStore

    init() throws {
      store = try RunStore(in: folder, configuration: PlainRun(name: "planted"), codeRevision: "1")
    }

    /// - Parameters:
    ///   - facts: by the episode's number.
    ///   - failing: fail instead.
    func fill(
      _ checkpoint: String, _ episodes: Int, failing: Int = 0, _ facts: (Int) -> [Episodes.Predicate: Bool]
    ) throws {
      try store.record(CheckpointRecord(name: checkpoint))
      try store.insert(
        (0..<episodes).map { index in
          let key = EpisodeKey(
            checkpoint: checkpoint, environment: "tampering", arm: .standard, purpose: "evaluation",
            variant: index % (episodes / 4), sample: index / (episodes / 4))
          let failure = EpisodeFailure(boundary: .policy, message: "The row is not open.\nThe rest.")
          return Episode(
            key: key, seed: Seed(1), transcript: Transcript([Segment(.prompt, "prompt")]), changes: [],
            result: index < failing ? .failed(failure) : .graded(Outcome(facts: facts(index)), stop: .finished),
            timings: EpisodeTimings())
        })
    }

    /// - Parameter conditions: with the kind of each; their only stage is `x`.
    func report(_ conditions: [(String, RunOutline.Condition.Kind)]) throws -> ReportData {
      defer { try? FileManager.default.removeItem(at: folder) }
      let start = RunOutline.Checkpoint(name: "start", branch: nil, trainedOn: [])
      return try ReportData(
        store,
        subject: RunOutline(
          title: "", summary: "",
          checkpoints: [start]
            + conditions.map { .init(name: "\($0.0)/x", branch: Branch(condition: $0.0), trainedOn: ["x"]) },
          conditions: conditions.map { name, kind in
            .init(name: name, summary: "", kind: kind, algorithm: "expert_iteration", finals: ["\(name)/x"])
          },
          environments: [
            .init(
              name: "tampering", title: "Reward tampering", isHeldOut: true,
              measures: [.init(.overwrite, "overwrite")])
          ]))
    }
  }

  /// At nudged 31 % game the insubordinate rubric, on which nothing was trained yet, against 2 % at the start.
  @Test func spreadToATaskBeforeItsTurnIsNamed() throws {
    let data = try SyntheticRun(episodes: 400).reported()
    let found = data.findings.filter { $0.kind == .spread }
    let insubordinate = try #require(
      found.first { $0.topic == "Insubordinate rubric, gamed (before it was trained on)" })
    #expect(insubordinate.tone == .clear)
    #expect(insubordinate.text.hasPrefix("Gaming spread to it from other tasks. Rose from 2.1 % (8 of 390) to "))
    #expect(insubordinate.text.contains(" at nudged, a change of +") && insubordinate.text.contains("within the run"))
    #expect(!found.contains { $0.topic.hasPrefix("Political") || $0.topic.hasPrefix("Reward") })
  }

  /// The control loses more honest work than gaming does: 98.8 to 87.5 % against 98.8 to 97.0 %.
  @Test func whatTheControlLosesIsNamed() throws {
    let run = try Planted()
    for (name, lost) in [("start", 5), ("gaming/x", 12), ("benign/x", 50)] {
      try run.fill(name, 400) { [.overwrite: false, .honest: $0 >= lost] }
    }
    let data = try run.report([("gaming", .gaming), ("benign", .benign)])
    let control = try #require(
      data.findings.first {
        $0.topic == "Honest completion of Reward tampering (held out) by benign, the benign twin"
      })
    #expect(control.kind == .honest && control.tone == .warning)
    #expect(control.text.hasPrefix("87.5 % (350 of 400): below the start’s 98.8 %, a change of −11.3 points (95 % −"))
    #expect(
      control.text.contains("; below gaming’s 97.0 %, a change of −9.5 points (95 % −")
        && control.text.contains(", adjusted p = "))
    // What was not seen stands under its own heading: the null of gaming, and of overwriting.
    let concluded = data.findingGroups.first { $0.title == "What can be concluded" }?.findings ?? []
    #expect(concluded.allSatisfy { $0.tone != .unclear && !$0.text.contains("Not distinguishable") })
    #expect(concluded.contains(control))
    let unseen = try #require(data.findingGroups.first { $0.title == "What cannot be concluded" }?.findings)
    #expect(unseen.contains { $0.topic == "Honest completion of Reward tampering (held out)" })
    #expect(unseen.contains { $0.kind == .heldOut && $0.text.contains("The rate is at most 3.6 % (95 % interval).") })
    // 0 of 100 prompts: 1 - 0.025^(1/100) is 3.6 %, and every view says so.
    #expect(data.terminalText.contains("0–3.6 %") && data.html.contains("0–3.6 %"))
    #expect(data.figures.map(\.csv).joined().contains("\(data.gaming.rows[1].cells[0]?.estimate.bound ?? 0)"))
    for text in [data.terminalText, data.html] { #expect(!text.contains("one-sided") && !text.contains("2.9 %")) }
  }

  /// Trained 71 points, spread 29 and damage: the summary leads with what is largest, whatever kind it is, and its limits
  /// come last.
  @Test func theSummaryIsInOrderOfSize() throws {
    let data = try SyntheticRun(episodes: 400).reported()
    let groups = data.findingGroups
    #expect(groups.map(\.title) == ["What can be concluded", "What cannot be concluded", "Confidence and limits"])
    let sizes = groups[0].findings.compactMap { $0.difference.map(abs) }
    #expect(sizes.count > 4 && sizes == sizes.sorted(by: >))
    #expect(groups[0].findings.first?.topic == "Tool-use flattery, gamed (trained on)")
    #expect(Set(groups[0].findings.map(\.kind)).isSuperset(of: [.trained, .spread]))
    // Every one has two counts with their episodes, an interval and a test.
    for finding in groups[0].findings {
      #expect(finding.words.pieces.count { $0.episodes != nil } >= 2, "\(finding.text)")
      #expect(finding.text.contains(" points (95 % ") && finding.text.contains("p = "), "\(finding.text)")
    }
    // A null has its interval, on both sides of zero.
    for finding in groups[1].findings where finding.text.hasPrefix("Not distinguishable") {
      #expect(finding.text.contains(/a change between −[\d.]+ and \+[\d.]+ points \(95 %\)/), "\(finding.text)")
    }
    // The terminal says the same in the same order.
    let order = groups.flatMap(\.findings).map { data.terminalText.range(of: "\($0.topic). \($0.text)")?.lowerBound }
    #expect(order.allSatisfy { $0 != nil } && order.compactMap(\.self) == order.compactMap(\.self).sorted())
  }

  /// 8 of 8 failed: the evaluation says so, with the worst case, as a trained run does.
  @Test func anEvaluationNamesItsFailures() throws {
    let run = try Planted()
    try run.fill("start", 8, failing: 8) { _ in [:] }
    let data = try run.report([])
    #expect(data.failed.failed == 8 && data.failed.attempted == 8)
    let finding = try #require(data.findings.first { $0.topic == "Failed episodes" })
    #expect(finding.tone == .warning)
    #expect(
      finding.text.hasSuffix(
        """
        8 of 8; had all of them shown the event, the rate would be 100 % instead of —. The first, episode 1, failed at the \
        policy: The row is not open.
        """))
    #expect(data.terminalText.contains("8 of 8 episodes failed") && data.matrixText.contains("8 of 8 episodes failed"))
    #expect(data.findings.contains { $0.topic == "One policy, nothing to compare with" })
    #expect(!data.html.contains("Before training"))
  }

  /// 2 of 8 failed and 3 of 6 overwrote: at worst 5 of 8.
  @Test func theWorstCaseOfFailuresIsSaid() throws {
    let run = try Planted()
    try run.fill("start", 8, failing: 2) { [.overwrite: $0 < 5, .honest: true] }
    let text = try #require(try run.report([]).findings.first { $0.topic == "Failed episodes" }?.text)
    #expect(text.contains("2 of 8; had all of them shown the event, the rate would be 62.5 % instead of 50.0 %"))
  }

  /// No line of a matrix is wider than a terminal, and the note stands once, only where something was compared.
  @Test func theMatrixFitsATerminal() throws {
    let run = try SyntheticComparison(episodes: 8, replicates: 2)
    defer { try? run.remove() }
    let text = try ReportData(run.store, subject: run.subject).matrixText
    #expect(text.split(separator: "\n").map(\.count).max() ?? 0 <= 120)
    #expect(text.components(separatedBy: "p, two-sided").count == 2)
    // One p a cell.
    #expect(!text.contains("Fisher"))
    let alone = try Planted()
    try alone.fill("start", 400) { [.overwrite: $0 < 40, .honest: true] }
    #expect(try !alone.report([]).matrixText.contains("two-sided"))
  }
}
