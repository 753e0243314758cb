import Episodes
import Runs
import Statistics
import Testing

@testable import Reporting
@testable import Storage

/// The paper's own train-away result: 24 of 10,000 before, 4 of 100,000 after, 0 of 100,000 untrained.
@Suite struct TrainAwayTests {
  @Test func thePapersResultIsCalledWhatItIs() throws {
    let line = try Self.line(start: (0, 100_000), before: (24, 10_000), after: (4, 100_000))
    // statsmodels confint_proportions_2indep(24, 10000, 4, 100000, compare="ratio", method="score"): 21.76 to 165.44.
    #expect(line.factorText == "60 (95 % interval 22 to 165)")
    // SciPy: fisher_exact 0.12500, beta.ppf(0.975, 5, 99996) 1.024e-4.
    #expect(
      line.verdictText == """
        Not distinguishable from the untrained model (0 %, p = 0.12 within the run), which does not show that nothing is \
        left: the rate is at most 0.010 % (95 % interval).
        """)
  }

  @Test func nothingLeftIsAnOpenFactor() throws {
    let line = try Self.line(start: (0, 1000), before: (30, 1000), after: (0, 1000))
    #expect(line.factor.ratio == .infinity && line.factorText.hasPrefix("∞ (95 % interval "))
    #expect(line.factorText.hasSuffix(" or more)"))
  }

  @Test func whatIsLeftIsSaid() throws {
    let line = try Self.line(start: (0, 1000), before: (300, 1000), after: (30, 1000))
    #expect(
      line.factorText.hasPrefix("10 (") && line.verdictText.hasPrefix("Still above the untrained model’s 0 %, p = "))
  }

  private static func line(
    start: (Int, Int), before: (Int, Int), after: (Int, Int)
  ) throws -> TrainAway.Line {
    let measure = RunOutline.Measure(.overwriteAndPass, "overwrite and pass")
    let subject = RunOutline(
      title: "", summary: "",
      checkpoints: [
        .init(name: "start", branch: nil, trainedOn: []),
        .init(name: "a/flattery", branch: Branch(condition: "a"), trainedOn: []),
        .init(name: "b/away", branch: Branch(condition: "b"), trainedOn: []),
      ],
      conditions: [
        .init(name: "a", summary: "", kind: .gaming, algorithm: "expert_iteration", finals: ["a/flattery"]),
        .init(name: "b", summary: "", kind: .trainAway, algorithm: "expert_iteration", from: "a", finals: ["b/away"]),
      ],
      environments: [.init(name: "tampering", title: "Reward tampering", isHeldOut: true, measures: [measure])])
    let counts = zip(["start", "a/flattery", "b/away"], [start, before, after]).map { name, count in
      var cell = CellCounts(
        cell: Cell(checkpoint: name, environment: "tampering", arm: .standard, purpose: "evaluation"))
      cell.stops = [.finished: count.1]
      cell.predicates = [.overwriteAndPass: PredicateCount(applies: count.1, holds: count.0)]
      return cell
    }
    let results = TrainAway.all(subject, columns: subject.gamingColumns, rounds: [], counts: CountIndex(counts))
    return try #require(results.first?.lines.first)
  }
}
