import RealModule

/// The probability of a rare event from independent roots of a fixed-splitting run.
///
/// The rate is unbiased whatever the factors and the milestones. They only decide how certain it is.
package struct SplittingEstimate: Sendable, Codable, Hashable {
  /// One step of the chain of milestones: start to milestone 0, 0 to 1, ..., the last milestone to the event.
  package struct Step: Sendable, Codable, Hashable {
    /// The probability to take the step after all before it; `nil` when nobody came so far.
    package var probability: Double?
    /// The probability to get through this step and all before it.
    package var reach: Double
    /// How many particles attempted the step.
    package var attempts: Int
    /// How many particles took it.
    package var successes: Int
  }

  /// The mean weight of trajectories with the event over roots.
  package var rate: Double
  /// Two-sided. Without events it is [0, an upper bound].
  package var interval: Interval
  package var confidence: Double
  /// How many roots, and how many of them have an event.
  package var roots: Count
  /// How many independent clusters the roots form.
  package var clusters: Int
  /// One standard error of the rate, over the rate; `nil` without events and with a single cluster.
  package var relativeError: Double?
  /// [milestones + 1], the event last.
  package var steps: [Step]
  /// What the run cost against plain episodes; `nil` without a relative error, and where it is zero.
  package var cost: RareEventCost?
  package var tokens: Int

  /// - Parameters:
  ///   - roots: independent but for those of one cluster.
  ///   - factors: into how many a particle was split at each milestone, [milestones].
  ///   - confidence: for example 0.95; strictly between 0 and 1.
  /// - Throws: `RareEventError` when there are no roots, or one does not fit the factors or loses weight.
  package init(roots: [SplittingRoot], factors: [Int], confidence: Double = 0.95) throws(RareEventError) {
    if roots.isEmpty { throw RareEventError("there are no roots to estimate from: run at least one") }
    for (index, root) in roots.enumerated() { try root.check(number: index, factors: factors) }
    let chain = SplittingChain(roots, factors: factors)
    rate = chain.rate
    interval = chain.interval(confidence: confidence)
    self.confidence = confidence
    self.roots = Count(events: roots.count { $0.eventMass > 0 }, trials: roots.count)
    clusters = Set(roots.map(\.cluster)).count
    relativeError = chain.relativeVariance?.squareRoot()
    steps = Self.steps(roots, factors: factors)
    tokens = roots.reduce(0) { $0 + $1.totalTokens }
    cost = chain.relativeVariance.flatMap { [rate, tokens] relativeVariance in
      RareEventCost(
        rate: rate, relativeVariance: relativeVariance, tokens: tokens,
        plainTokens: roots.reduce(0) { $0 + $1.plainTokens } / Double(roots.count))
    }
  }

  private static func steps(_ roots: [SplittingRoot], factors: [Int]) -> [Step] {
    var before = (reach: 1.0, attempts: roots.count)
    return (0...factors.count).map { index in
      let isEvent = index == factors.count
      let mass = roots.reduce(0) { $0 + (isEvent ? $1.eventMass : $1.mass[index]) }
      let successes = roots.reduce(0) { $0 + (isEvent ? $1.events : $1.reached[index]) }
      let reach = mass / Double(roots.count)
      let step = Step(
        probability: before.reach > 0 ? reach / before.reach : nil, reach: reach, attempts: before.attempts,
        successes: successes)
      before = (reach, isEvent ? 0 : successes * factors[index])
      return step
    }
  }
}
