import RealModule
import Statistics
import Testing

@Suite struct ImportanceTests {
  /// Trajectories of independent tokens, each of which is bad or good: the event is that the first `needed` are bad.
  /// Proposals make bad tokens likelier, the further ones too, which do not matter.
  private struct Tokens {
    var needed: Int
    var target: Double
    var proposals: [Double]
    var further = 0
    var furtherTarget = 0.5
    var furtherProposal = 0.5
    var shares: [Double]

    /// By hand: the tokens are independent.
    var exact: Double { Double.pow(target, needed) }

    func draw(_ count: Int, using draws: inout Draws) -> [WeightedTrajectory] {
      (0..<count).map { trajectory($0, using: &draws) }
    }

    private func trajectory(_ cluster: Int, using draws: inout Draws) -> WeightedTrajectory {
      // The share of the target first, then each proposal with what is left.
      var (source, left) = (0, 1.0)
      while source < proposals.count, !draws.happens(shares[source] / left) {
        left -= shares[source]
        source += 1
      }
      let all = [target] + proposals
      let bad = (0..<needed).count { _ in draws.happens(all[source]) }
      let worse = (0..<further).count { _ in draws.happens(source == 0 ? furtherTarget : furtherProposal) }
      func log(_ p: Double, _ q: Double) -> Double {
        Self.log(bad, of: needed, p) + Self.log(worse, of: further, q)
      }
      return WeightedTrajectory(
        cluster: cluster, logTarget: log(target, furtherTarget),
        logProposals: proposals.map { log($0, furtherProposal) },
        isEvent: bad == needed, tokens: needed + further)
    }

    private static func log(_ bad: Int, of count: Int, _ p: Double) -> Double {
      Double(bad) * Double.log(p) + Double(count - bad) * Double.log(1 - p)
    }
  }

  private static func trajectory(
    _ cluster: Int, _ target: Double, _ proposals: [Double], isEvent: Bool = true
  ) -> WeightedTrajectory {
    WeightedTrajectory(
      cluster: cluster, logTarget: target, logProposals: proposals, isEvent: isEvent, tokens: 10)
  }

  private static func value(_ estimate: ImportanceEstimate) throws -> ImportanceEstimate.Value {
    guard case .usable(let value) = estimate.verdict else {
      throw TestFailure(description: "degenerate: \(estimate.verdict)")
    }
    return value
  }

  private struct TestFailure: Error, CustomStringConvertible { var description: String }

  /// Log-probabilities of -1,000 and below. Twelve events that the target gives 1/e of what the proposal gives them, with
  /// shares of a half: weight 1 / (1/2 + e/2) = 0.53788; 12 others of the target's own, 1 / (1/2 + 1/(2e)) = 1.46212.
  /// The rate is 12 * 0.53788 / 24 = 0.26894, the mean weight exactly 1.
  @Test func weightsWorkedByHand() throws {
    let events = (0..<12).map { Self.trajectory($0, -1001, [-1000]) }
    let others = (12..<24).map { Self.trajectory($0, -2000, [-2001], isEvent: false) }
    let estimate = try ImportanceEstimate(trajectories: events + others, shares: [0.5, 0.5])
    let value = try Self.value(estimate)
    #expect(agree(value.rate, 0.268941, within: 1e-5))
    #expect(agree(estimate.meanWeight, 1, within: 1e-12))
    #expect(agree(estimate.effectiveEvents, 12, within: 1e-9))
    // 24^2 / (12 * 0.53788^2 + 12 * 1.46212^2) = 19.775.
    #expect(agree(estimate.effectiveSampleSize, 19.775, within: 1e-4))
    #expect(agree(try #require(estimate.largestShare), 1.0 / 12, within: 1e-12))
    #expect(value.interval.contains(0.268941))
  }

  /// 1e-7 from 1,600 trajectories, with two proposals of which one is poor; a plain run would need 2e9.
  @Test func resolvesOneInTenMillion() throws {
    let tokens = Tokens(needed: 7, target: 0.1, proposals: [0.7, 0.3], shares: [0.2, 0.6, 0.2])
    var draws = Draws(seed: 5)
    let estimate = try ImportanceEstimate(trajectories: tokens.draw(1600, using: &draws), shares: tokens.shares)
    let value = try Self.value(estimate)
    #expect(value.interval.contains(tokens.exact), "\(value.interval)")
    #expect(value.relativeError < 0.15)
    #expect(try #require(value.cost).timesCheaper > 10_000)
    #expect(estimate.boundWithoutAssumption > 0.01)
  }

  /// 100 runs each. A usable proposal covers and is seldom refused; where 20 further tokens are tilted too the weights are
  /// skewed, and it still covers.
  @Test func usableIntervalsCover() throws {
    for (tokens, count) in [
      (Tokens(needed: 5, target: 0.1, proposals: [0.6], shares: [0.2, 0.8]), 400),
      (Tokens(needed: 5, target: 0.1, proposals: [0.6], further: 20, furtherProposal: 0.6, shares: [0.1, 0.9]), 600),
    ] {
      var draws = Draws(seed: 6)
      var (usable, missed) = (0, 0)
      for _ in 0..<100 {
        let estimate = try ImportanceEstimate(trajectories: tokens.draw(count, using: &draws), shares: tokens.shares)
        guard case .usable(let value) = estimate.verdict else { continue }
        usable += 1
        if !value.interval.contains(tokens.exact) { missed += 1 }
      }
      #expect(usable >= 90)
      #expect(missed <= 5)
    }
  }

  /// Where 200 further tokens are tilted, the plain estimate is below a tenth of the truth in most runs and its normal
  /// interval never holds it: nearly every run is refused, and the bound without assumption holds.
  @Test func degenerateWeightsAreRefused() throws {
    let tokens = Tokens(
      needed: 5, target: 0.1, proposals: [0.6], further: 200, furtherProposal: 0.7, shares: [0.1, 0.9])
    var draws = Draws(seed: 7)
    var (refused, farBelow) = (0, 0)
    for _ in 0..<10 {
      let drawn = tokens.draw(1000, using: &draws)
      let estimate = try ImportanceEstimate(trajectories: drawn, shares: tokens.shares)
      if case .degenerate(let reasons) = estimate.verdict, !reasons.isEmpty { refused += 1 }
      let naive = drawn.filter(\.isEvent).reduce(0) { sum, trajectory in
        sum + 1 / (0.1 + 0.9 * Double.exp(trajectory.logProposals[0] - trajectory.logTarget)) / 1000
      }
      if naive < tokens.exact / 10 { farBelow += 1 }
      #expect(estimate.boundWithoutAssumption > tokens.exact)
    }
    #expect(farBelow >= 5)
    #expect(refused >= 9)
  }

  /// With 60 such tokens the largest weights are seldom drawn, and the sizes of the weights that were do not show it: by
  /// themselves they would let a quarter of these runs pass. The spread of their logarithms does.
  @Test func weightsThatWereNotDrawnAreMissed() throws {
    let tokens = Tokens(
      needed: 5, target: 0.1, proposals: [0.6], further: 60, furtherProposal: 0.65, shares: [0.1, 0.9])
    var draws = Draws(seed: 9)
    var refused = 0
    for _ in 0..<12 {
      let estimate = try ImportanceEstimate(trajectories: tokens.draw(1600, using: &draws), shares: tokens.shares)
      if case .degenerate = estimate.verdict { refused += 1 }
    }
    #expect(refused >= 11)
  }

  /// Probabilities of the proposal that are off by a factor e make the weights 1 / (0.2 + 0.8 * e q/p): their mean is not 1.
  @Test func wrongProbabilitiesAreNoticed() throws {
    let tokens = Tokens(needed: 5, target: 0.1, proposals: [0.6], shares: [0.2, 0.8])
    var draws = Draws(seed: 8)
    let drawn = tokens.draw(1000, using: &draws).map { drawn in
      var wrong = drawn
      wrong.logTarget -= 1
      return wrong
    }
    let estimate = try ImportanceEstimate(trajectories: drawn, shares: tokens.shares)
    guard case .degenerate(let reasons) = estimate.verdict else {
      Issue.record("usable, with a mean weight of \(estimate.meanWeight)")
      return
    }
    #expect(reasons.contains { $0.contains("mean weight") })
  }

  /// Without events: 1 - (0.05 / e)^(1/100) = 0.03917, over a share of 1/2.
  @Test func withoutEventsOnlyTheBoundIsLeft() throws {
    let drawn = (0..<100).map { Self.trajectory($0, -5, [-5], isEvent: false) }
    let estimate = try ImportanceEstimate(trajectories: drawn, shares: [0.5, 0.5])
    #expect(agree(estimate.boundWithoutAssumption, 2 * 0.039169, within: 1e-4))
    #expect(estimate.largestShare == nil && estimate.effectiveEvents == 0)
    guard case .degenerate = estimate.verdict else {
      Issue.record("usable without events")
      return
    }
  }

  /// An event of a proposal that the target cannot produce weighs nothing; one cluster shows no spread; all from the target
  /// itself are plain episodes.
  @Test func extremes() throws {
    let impossible = (0..<50).map { Self.trajectory($0, -.infinity, [-3]) }
    let none = try ImportanceEstimate(trajectories: impossible, shares: [0.5, 0.5])
    #expect(none.meanWeight == 0 && none.effectiveEvents == 0)
    let single = try ImportanceEstimate(
      trajectories: (0..<50).map { _ in Self.trajectory(0, -3, [-3]) }, shares: [0.5, 0.5])
    #expect(single.meanWeightError == nil && single.clusters == 1)
    guard case .degenerate = single.verdict else {
      Issue.record("one cluster is usable")
      return
    }
    let plain = try ImportanceEstimate(
      trajectories: (0..<100).map { Self.trajectory($0, -3, [], isEvent: $0 < 40) }, shares: [1])
    let value = try Self.value(plain)
    #expect(agree(value.rate, 0.4, within: 1e-12))
    #expect(agree(try #require(value.cost).timesCheaper, 99.0 / 100, within: 1e-9))
  }

  @Test func brokenTrajectoriesAreRefused() {
    func fails(_ trajectories: [WeightedTrajectory], _ shares: [Double], _ words: String) {
      #expect { try ImportanceEstimate(trajectories: trajectories, shares: shares) } throws: {
        "\($0)".contains(words)
      }
    }
    fails([], [0.5, 0.5], "no trajectories")
    fails([Self.trajectory(0, -1, [-1])], [0, 1], "shares")
    fails([Self.trajectory(0, -1, [-1])], [0.5, 0.6], "shares")
    fails([Self.trajectory(0, -1, [-1])], [], "shares")
    fails([Self.trajectory(0, -1, [])], [0.5, 0.5], "scored under 0")
    fails([Self.trajectory(0, .nan, [-1])], [0.5, 0.5], "trajectory 0")
    fails([Self.trajectory(0, -1, [0.5])], [0.5, 0.5], "at most 0")
    fails([Self.trajectory(0, -.infinity, [-.infinity])], [0.5, 0.5], "impossible")
  }
}
