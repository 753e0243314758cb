import Statistics
import Testing

@Suite struct SplittingTests {
  private struct Row: Decodable {
    var name: String
    var probability: Double
  }

  /// Exact, by fractions (Fixtures/make_chain_fixtures.py).
  private static func exact(_ name: String) throws -> Double {
    let rows: [Row] = try Fixture.rows("chains")
    return try #require(rows.first { $0.name == name }).probability
  }

  private static func root(
    _ cluster: Int, reached: [Int], mass: [Double], events: Int = 0, eventMass: Double = 0,
    tokens: [Int] = [10, 20, 30]
  ) -> SplittingRoot {
    SplittingRoot(
      cluster: cluster, reached: reached, mass: mass, eventMass: eventMass, events: events, tokens: tokens,
      plainTokens: 15)
  }

  /// Four roots with factors 2 and 4. Weights of events: 3/8, 1/8, 0, 0; mean 1/8. Their deviations are 1/4, 0, -1/8, -1/8,
  /// squares 6/64; variance of the mean 6/64 / 4^2 * 4/3 = 1/128, over (1/8)^2: 1/2.
  @Test func anEstimateWorkedByHand() throws {
    let roots = [
      Self.root(0, reached: [1, 1], mass: [1, 0.5], events: 3, eventMass: 0.375),
      Self.root(1, reached: [1, 2], mass: [1, 1], events: 1, eventMass: 0.125),
      Self.root(2, reached: [1, 0], mass: [1, 0]),
      Self.root(3, reached: [0, 0], mass: [0, 0]),
    ]
    let estimate = try SplittingEstimate(roots: roots, factors: [2, 4])
    #expect(estimate.rate == 0.125)
    #expect(agree(try #require(estimate.relativeError), 0.5.squareRoot(), within: 1e-12))
    #expect(estimate.roots == Count(events: 2, trials: 4))
    #expect(estimate.steps.map(\.attempts) == [4, 6, 12])
    #expect(estimate.steps.map(\.successes) == [3, 3, 4])
    #expect(estimate.steps.map(\.reach) == [0.75, 0.375, 0.125])
    #expect(estimate.steps.map(\.probability) == [0.75, 0.5, 1.0 / 3])
    #expect(estimate.tokens == 240)
    // (1 - p) / p = 7; 7 / (1/2) = 14 plain episodes of 15 tokens each against 240 tokens.
    let cost = try #require(estimate.cost)
    #expect(agree(cost.plainEpisodes, 14, within: 1e-12))
    #expect(agree(cost.timesCheaper, 14.0 * 15 / 240, within: 1e-12))
    #expect(estimate.interval.contains(0.125) && estimate.interval.lower > 0)
  }

  /// A chain of 1e-7 with a tenth at each of seven stages; and a walk whose leaps overstep the milestones.
  @Test func resolvesOneInTenMillion() throws {
    var draws = Draws(seed: 1)
    let stages = Stages(probabilities: Array(repeating: 0.1, count: 7))
    let factors = Array(repeating: 10, count: 6)
    let estimate = try SplittingEstimate(roots: stages.roots(1500, factors: factors, using: &draws), factors: factors)
    #expect(estimate.interval.contains(try Self.exact("stages")), "\(estimate.interval)")
    #expect(try #require(estimate.relativeError) < 0.25)
    #expect(estimate.interval.upper / estimate.interval.lower < 5)
    #expect(try #require(estimate.cost).timesCheaper > 10_000)

    let walk = Walk()
    let plan = try SplittingPlan(
      pilot: walk.roots(300, factors: [5, 5, 5, 5, 5], using: &draws), factors: [5, 5, 5, 5, 5])
    let walked = try SplittingEstimate(
      roots: walk.roots(1500, factors: plan.factors, using: &draws), factors: plan.factors)
    #expect(walked.interval.contains(try Self.exact("walk")), "\(walked.interval)")
    #expect(try #require(walked.relativeError) < 0.4)
    #expect(try #require(walked.cost).timesCheaper > 100)
  }

  /// 100 runs of 60 roots where 3 % of the states hold most of the probability and are often not visited: the normal
  /// interval misses half of the time, ours hardly ever. The mean over runs shows that the rate is unbiased.
  @Test func intervalsCoverWhereTheStateMatters() throws {
    let (exact, runs) = (try Self.exact("states"), 100)
    var (missed, normalMissed, sum, squares) = (0, 0, 0.0, 0.0)
    var draws = Draws(seed: 2)
    for _ in 0..<runs {
      let roots = States().roots(60, factors: [20, 2, 50, 3], using: &draws)
      let estimate = try SplittingEstimate(roots: roots, factors: [20, 2, 50, 3])
      if !estimate.interval.contains(exact) { missed += 1 }
      let reach = 1.96 * (estimate.relativeError ?? 0) * estimate.rate
      if abs(estimate.rate - exact) > reach { normalMissed += 1 }
      sum += estimate.rate / exact
      squares += estimate.rate * estimate.rate / (exact * exact)
    }
    #expect(missed <= 5)
    #expect(normalMissed >= 20)
    let mean = sum / Double(runs)
    let error = ((squares / Double(runs) - mean * mean) / Double(runs)).squareRoot()
    #expect(abs(mean - 1) < 3 * error, "\(mean) with an error of \(error)")
  }

  /// 100 runs of few roots, most without an event: each interval that has none ends above the truth.
  @Test func intervalsCoverWithoutEvents() throws {
    let chain = Stages(probabilities: [0.3, 0.05, 0.5, 0.02, 0.3])
    let exact = try Self.exact("uneven")
    var draws = Draws(seed: 3)
    var (empty, missed, below) = (0, 0, 0)
    for _ in 0..<100 {
      let estimate = try SplittingEstimate(
        roots: chain.roots(40, factors: [10, 1, 25, 1], using: &draws), factors: [10, 1, 25, 1])
      if estimate.rate == 0 {
        empty += 1
        #expect(estimate.interval.lower == 0)
        // The bound of 40 plain episodes without an event is 0.088.
        if estimate.interval.upper < 0.04 { below += 1 }
      }
      if !estimate.interval.contains(exact) { missed += 1 }
    }
    #expect(empty >= 20)
    #expect(below >= empty / 2)
    #expect(missed <= 5)
  }

  /// 20 roots that all stop at once: 1 - 0.025^(1/20) = 0.1684, the bound of Clopper and Pearson.
  @Test func noRootGetsAnywhere() throws {
    let roots = (0..<20).map { Self.root($0, reached: [0, 0], mass: [0, 0]) }
    let estimate = try SplittingEstimate(roots: roots, factors: [10, 10])
    #expect(estimate.rate == 0 && estimate.relativeError == nil && estimate.cost == nil)
    #expect(estimate.interval.lower == 0)
    #expect(agree(estimate.interval.upper, 0.16843, within: 0.01))
    #expect(estimate.steps.map(\.probability) == [0, nil, nil])
  }

  /// Without splitting it is a binomial count. Events in every root, one root, one event in a single root.
  @Test func unsplitRunsAreCounts() throws {
    func estimate(_ events: Int, of trials: Int) throws -> SplittingEstimate {
      let roots = (0..<trials).map { index in
        let isEvent = index < events
        return Self.root(
          index, reached: [isEvent ? 1 : 0], mass: [isEvent ? 1 : 0], events: isEvent ? 1 : 0,
          eventMass: isEvent ? 1 : 0,
          tokens: [5, 5])
      }
      return try SplittingEstimate(roots: roots, factors: [1])
    }
    for (events, trials) in [(3, 500), (40, 100), (0, 30), (30, 30), (0, 1), (1, 1)] {
      let exact = Count(events: events, trials: trials).clopperPearson()
      let interval = try estimate(events, of: trials).interval
      #expect(agree(interval.lower, exact.lower, within: 0.01), "\(events) of \(trials): \(interval), \(exact)")
      #expect(agree(interval.upper, exact.upper, within: 0.01), "\(events) of \(trials): \(interval), \(exact)")
    }
    #expect(try estimate(1, of: 1).relativeError == nil)
    #expect(try estimate(30, of: 30).cost == nil)
  }

  /// Roots that repeat within a cluster say no more than one of them.
  @Test func copiesOfARootSayNothingNew() throws {
    var draws = Draws(seed: 4)
    let chain = Stages(probabilities: [0.5, 0.2, 0.3])
    let roots = chain.roots(60, factors: [5, 3], using: &draws)
    let once = try SplittingEstimate(roots: roots, factors: [5, 3])
    let copied = try SplittingEstimate(roots: roots + roots + roots, factors: [5, 3])
    #expect(copied.clusters == 60)
    #expect(agree(copied.rate, once.rate, within: 1e-12))
    #expect(agree(try #require(copied.relativeError), try #require(once.relativeError), within: 1e-9))
    #expect(agree(copied.interval.lower, once.interval.lower, within: 0.05))
    #expect(agree(copied.interval.upper, once.interval.upper, within: 0.05))
  }

  /// An event that goes without the last milestone is counted all the same.
  @Test func eventsMaySkipMilestones() throws {
    let roots =
      [Self.root(0, reached: [1, 0], mass: [1, 0], events: 1, eventMass: 0.5)]
      + (1..<50).map { Self.root($0, reached: [1, 1], mass: [1, 0.5]) }
    let estimate = try SplittingEstimate(roots: roots, factors: [2, 4])
    #expect(agree(estimate.rate, 0.01, within: 1e-12))
    #expect(estimate.interval.contains(0.01) && estimate.interval.upper < 0.2)
  }

  /// Three independent stages of a tenth with factors of 10: a root costs 10 tokens and 100 for each of two milestones it
  /// enters in the mean 0.1 and 0.1 times, 30 in all; a plain episode 10 + 1 + 0.1 = 11.1. The relative variance a root is
  /// 9 + 9 + 9 within rounding (each step has 0.9 / 0.1 over 1 expected attempt), a plain episode's 999: 999 * 11.1 / (27 *
  /// 30) = 13.7 times cheaper.
  @Test func timesCheaperWithItsInterval() throws {
    var draws = Draws(seed: 10)
    let chain = Stages(probabilities: [0.1, 0.1, 0.1])
    let roots = chain.roots(2000, factors: [10, 10], using: &draws)
    let interval = try #require(SplittingEstimate.timesCheaper(roots: roots, draws: 300, using: &draws))
    #expect(interval.contains(13.7) && interval.upper / interval.lower < 2, "\(interval)")
    let estimate = try SplittingEstimate(roots: roots, factors: [10, 10])
    #expect(interval.contains(try #require(estimate.cost).timesCheaper))
    let empty = (0..<20).map { Self.root($0, reached: [0, 0], mass: [0, 0]) }
    #expect(SplittingEstimate.timesCheaper(roots: empty, using: &draws) == nil)
  }

  @Test func brokenRootsAreRefused() {
    func fails(_ roots: [SplittingRoot], _ factors: [Int], _ words: String) {
      #expect { try SplittingEstimate(roots: roots, factors: factors) } throws: { "\($0)".contains(words) }
    }
    fails([], [2], "no roots")
    fails([Self.root(0, reached: [1, 0], mass: [1, 0])], [2], "1 milestones")
    fails([Self.root(0, reached: [1, 1], mass: [0.5, 1])], [2, 2], "conserve weight")
    fails([Self.root(0, reached: [1, 0], mass: [1, .nan])], [2, 2], "conserve weight")
    fails([Self.root(0, reached: [1, 0], mass: [1, 0], events: 1, eventMass: 2)], [2, 2], "conserve weight")
    fails([Self.root(0, reached: [1, 0], mass: [1, 0.5])], [2, 2], "without particles")
    fails([Self.root(0, reached: [1, 0], mass: [1, 0])], [2, 0], "not all 1")
  }
}
