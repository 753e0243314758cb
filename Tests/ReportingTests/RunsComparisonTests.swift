import Foundation
import Runs
import Statistics
import Storage
import TestSupport
import Testing

@testable import Reporting

/// Runs beside each other say what `compare` says of each pair.
@Suite struct RunsComparisonTests {
  private static func compared(_ name: String, _ run: SyntheticRun) throws -> ComparedRun {
    try ComparedRun(name, RunStore(reading: run.folder))
  }

  @Test func rowsAreThoseOfCompare() throws {
    let made = try [80, 40, 120].map { try SyntheticRun(episodes: $0) }
    defer { made.forEach { try? $0.remove() } }
    let runs = try zip(["a", "b", "c"], made).map(Self.compared)
    let all = try RunsComparison(runs, outlines: runs.map { _ in SyntheticRun.subject })
    #expect(all.runs == ["a", "b", "c"])
    for index in 1...2 {
      let table = try ComparisonTable(
        SideSpecification("a"), SideSpecification(runs[index].name), in: ["a": runs[0], runs[index].name: runs[index]])
      let rows = all.rows.compactMap { $0.comparisons[index - 1] }
      #expect(Set(rows) == Set(table.rows) && rows.count == table.rows.count)
    }
    // Six checkpoints in five environments, two measures in the held-out one; the twin lacks one.
    #expect(all.rows.count == 6 * 6 - 1)
    #expect(all.rows.allSatisfy { $0.sides.count == 3 && $0.sides.allSatisfy { $0 != nil } })
    let page = RunsComparisonView(all).markup.html
    #expect(page.components(separatedBy: "<tr class=\"group\">").count - 1 == 6)
    #expect(page.contains("<th scope=\"col\">c against a</th>"))
  }

  /// Five sequences against five are one row, tested across the sequences; the last checkpoints of conditions of different
  /// names are compared too.
  @Test func sequencesAreTakenTogether() throws {
    let first = try SyntheticComparison(episodes: 20, replicates: 5)
    let second = try SyntheticRun(episodes: 40)
    defer {
      try? FileManager.default.removeItem(at: first.folder)
      try? second.remove()
    }
    let store = try RunStore(reading: first.folder)
    let twice = try RunsComparison(
      [ComparedRun("a", store), ComparedRun("b", store)], outlines: [first.subject, first.subject])
    #expect(twice.rows.isEmpty && twice.notes.contains { $0.contains("Both sides are the same episodes") })
    let mixed = try RunsComparison(
      [ComparedRun("a", store), Self.compared("b", second)], outlines: [first.subject, SyntheticRun.subject])
    let title = "the last checkpoint (exploit_only.*/insubordinate; insubordinate)"
    #expect(Set(mixed.rows.map(\.checkpoint)) == ["start", title])
    let political = try #require(mixed.rows.first { $0.checkpoint == title && $0.environment == "political" })
    // 70 % of 20 times 0.9, 1, 1.1, 1.2 and 0.8, against 66 % of 40 less the failed one.
    #expect(political.sides[0]?.sequences.map(\.events) == [13, 14, 15, 17, 11])
    #expect(political.comparisons[0]?.test.scope == .acrossSequences)
    #expect(political.sides[1]?.count == Count(events: 26, trials: 39))
  }

  /// The sign of what is shown is that of the second run: 74 % less 12 % of gaming is 62 points more.
  @Test func theDifferenceIsThatOfTheSecond() throws {
    func side(_ events: Int) throws -> Measured { try #require(Measured(bare: [Count(events: events, trials: 400)])) }
    var row = try #require(RateComparison(("a", try side(48)), ("b", try side(296))))
    #expect(row.verdictOfSecond == "higher")
    #expect(row.differenceOfSecond.hasPrefix("+62.0 points (+"), "\(row.differenceOfSecond)")
    row.holm = PValue(naturalLog: 0)
    #expect(row.verdictOfSecond == "not distinguishable")
    let lower = try #require(RateComparison(("a", try side(296)), ("b", try side(48))))
    #expect(lower.verdictOfSecond == "lower" && lower.differenceOfSecond.hasPrefix("−62.0 points (−"))
    #expect(
      try #require(RateComparison(("a", try side(0)), ("b", try side(0)))).verdictOfSecond == "no event on either side")
  }

  /// All conditions and sequences stand in one chart for each quantity, and each has a box that hides its lines.
  @Test func curvesStandInOneChart() {
    func series(_ metric: String, _ condition: String, _ replicates: [Int]) -> TelemetrySeries {
      TelemetrySeries(
        metric: metric, condition: condition,
        lines: replicates.map {
          .init(replicate: $0, points: [.init(round: 1, value: 0.5), .init(round: 4, value: 2)])
        })
    }
    let all = [
      series("kl", "ppo <b>", [1, 3]), series("reward/total", "ppo <b>", [1, 3]), series("reward/total", "benign", [3]),
    ]
    let section = TelemetrySection(series: all).markup.html
    #expect(section.components(separatedBy: "<svg viewBox=\"0 0 340").count - 1 == 2)
    // Conditions and sequences by their places: sequence 3 is the second one.
    for (place, count) in [("c0 q0", 2), ("c0 q1", 2), ("c1 q1", 1), ("c1 q0", 0)] {
      #expect(section.components(separatedBy: "<g class=\"\(place)\">").count - 1 == count, "\(place)")
    }
    #expect(section.contains("reward/total. ppo &lt;b&gt;, sequence 1: 0.5 in round 1 to 2 in round 4; "))
    let styles = Stylesheet.css.html
    for box in ["c0", "c1", "q0", "q1"] {
      #expect(section.contains("id=\"curve-\(box)\" class=\"pick-\(box)\""))
      #expect(styles.contains(".curveset:has(.pick-\(box):not(:checked)) .\(box){display:none}"))
    }
    #expect(!TelemetrySection(series: [series("kl", "a", [1])]).markup.html.contains("Sequences</legend>"))
    // Eight hues; the ninth condition has the first one's again, and its own place.
    let many = TelemetrySection(series: (0..<9).map { series("kl", "c\($0)", [1]) }).markup.html
    #expect(many.contains("<g class=\"c8 q0\">") && many.components(separatedBy: "thin k0").count - 1 == 2)
  }
}
