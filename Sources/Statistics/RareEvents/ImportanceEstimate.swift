import RealModule

/// One trajectory drawn from a mixture of the target and of proposals that make the event likelier.
package struct WeightedTrajectory: Sendable, Codable, Hashable {
  /// Trajectories with the same number share something beyond the policy, as a rule the prompt.
  package var cluster: Int
  /// The natural log of the whole trajectory's probability under the target; -infinity when it cannot produce it.
  package var logTarget: Double
  /// The same under each proposal, [proposals].
  package var logProposals: [Double]
  package var isEvent: Bool
  package var tokens: Int

  package init(cluster: Int, logTarget: Double, logProposals: [Double], isEvent: Bool, tokens: Int) {
    self.cluster = cluster
    self.logTarget = logTarget
    self.logProposals = logProposals
    self.isEvent = isEvent
    self.tokens = tokens
  }
}

/// The probability of a rare event under the target, from trajectories drawn from a defensive mixture (Hesterberg,
/// Technometrics 37, 1995; Owen and Zhou, JASA 95, 2000).
package struct ImportanceEstimate: Sendable, Codable, Hashable {
  /// An estimate that may be printed.
  package struct Value: Sendable, Codable, Hashable {
    package var rate: Double
    package var interval: Interval
    /// One standard error of the rate, over the rate; `nil` without events.
    package var relativeError: Double?
    /// What the trajectories cost against plain ones; `nil` without events.
    package var cost: RareEventCost?
  }

  /// What may be said. A degenerate estimate has no rate.
  package enum Verdict: Sendable, Codable, Hashable {
    case usable(Value)
    /// Why the weights cannot be trusted, a sentence each.
    case degenerate([String])
  }

  package var verdict: Verdict
  package var confidence: Double
  /// Trajectories, and how many of them have the event.
  package var drawn: Count
  package var clusters: Int
  /// (sum w)^2 / sum w^2 over all trajectories (Kish).
  package var effectiveSampleSize: Double
  /// The same over those with the event.
  package var effectiveEvents: Double
  /// The largest share that one trajectory has in the estimate; `nil` without events of positive weight.
  package var largestShare: Double?
  /// The mean weight, 1 in expectation, and its standard error.
  package var meanWeight: Double
  package var meanWeightError: Double
  package var tokens: Int

  /// - Parameters:
  ///   - trajectories: drawn from the mixture; independent but for those of one cluster.
  ///   - shares: of the mixture: the target's first, then each proposal's; positive, summing to 1.
  ///   - confidence: for example 0.95; strictly between 0 and 1.
  package init(
    trajectories: [WeightedTrajectory], shares: [Double], confidence: Double = 0.95
  ) throws(RareEventError) {
    guard !trajectories.isEmpty else { throw RareEventError("there are no trajectories to estimate from: draw some") }
    fatalError("being written")
  }
}
