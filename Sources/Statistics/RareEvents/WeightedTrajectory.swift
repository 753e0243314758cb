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

  /// The natural log of the probability under the target over that under the mixture (the balance heuristic of Veach and
  /// Guibas, SIGGRAPH 1995): at most -log of the target's share, and -infinity when the target cannot produce it. Whole
  /// trajectories have probabilities that no `Double` holds, so nothing leaves the log scale.
  ///
  /// - Parameters:
  ///   - shares: the target's first, then each proposal's, [proposals + 1].
  ///   - number: the trajectory's place, for the error.
  /// - Throws: `RareEventError` for log-probabilities that are NaN, above 0, too few, or all -infinity.
  package func logWeight(shares: [Double], number: Int) throws(RareEventError) -> Double {
    let logs = [logTarget] + logProposals
    guard logs.count == shares.count else {
      throw RareEventError(
        "trajectory \(number) is scored under \(logProposals.count) proposals of \(shares.count - 1): score it under each"
      )
    }
    // Rounding of a sum over thousands of tokens may pass 0 a little; NaN fails the comparison.
    guard logs.allSatisfy({ $0 <= 0.01 }) else {
      throw RareEventError("trajectory \(number) has log-probabilities \(logs): they must be numbers of at most 0")
    }
    guard let largest = logs.max(), largest > -.infinity else {
      throw RareEventError(
        "trajectory \(number) is impossible under the target and every proposal, so it was not drawn from them")
    }
    let mixture = zip(shares, logs).reduce(0) { $0 + $1.0 * Double.exp($1.1 - largest) }
    return logTarget - largest - Double.log(mixture)
  }
}
