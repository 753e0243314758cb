import RealModule

/// The probability of a rare event from independent roots of a fixed-splitting run.
package struct SplittingEstimate: Sendable, Codable, Hashable {
  /// One step of the chain of milestones: start to milestone 0, 0 to 1, ..., the last needed milestone to the event.
  package struct Step: Sendable, Codable, Hashable {
    /// Estimate of the probability to take the step, given that all before it were taken; `nil` when nobody came so far.
    package var probability: Double?
    /// How many particles attempted the step.
    package var attempts: Int
    /// How many particles took it.
    package var successes: Int
    /// The weight of the step: so many independent attempts tell as much, given how alike those of a cluster are.
    package var effectiveAttempts: Double
  }

  /// The mean weight of trajectories with the event over roots: unbiased.
  package var rate: Double
  /// Two-sided; its lower end is 0 without events.
  package var interval: Interval
  package var confidence: Double
  /// How many roots, and how many of them have an event.
  package var roots: Count
  /// How many independent clusters the roots form.
  package var clusters: Int
  /// One standard error of the rate, over the rate; `nil` without events.
  package var relativeError: Double?
  package var steps: [Step]
  /// What the run cost against plain episodes; `nil` without events.
  package var cost: RareEventCost?
  package var tokens: Int

  /// - Parameters:
  ///   - roots: independent but for those of one cluster.
  ///   - factors: into how many a particle was split at each milestone, [milestones].
  ///   - confidence: for example 0.95; strictly between 0 and 1.
  package init(roots: [SplittingRoot], factors: [Int], confidence: Double = 0.95) throws(RareEventError) {
    guard !roots.isEmpty else { throw RareEventError("there are no roots to estimate from: run at least one") }
    fatalError("being written")
  }
}
