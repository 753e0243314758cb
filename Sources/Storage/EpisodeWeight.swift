package import Episodes

/// The weight of one stored trajectory in the estimate of a rare event.
package struct EpisodeWeight: Sendable, Hashable, Codable {
  /// The trajectory's root. Trajectories with the same root share a beginning and are not independent.
  package var root: Int
  /// The natural log of the weight; -infinity is stored as the lowest finite number.
  package var logWeight: Double

  package init(root: Int, logWeight: Double) {
    self.root = root
    self.logWeight = logWeight
  }
}

/// A weighted trajectory without its text.
package struct WeightedOutcome: Sendable, Hashable {
  /// The episode's number.
  package var id: Int
  package var variant: Int
  package var sample: Int
  package var weight: EpisodeWeight
  /// The known facts about the episode; `nil` for a failed episode.
  package var facts: [Predicate: Bool]?

  /// Whether a predicate holds; `false` for a failed episode and where the predicate does not apply.
  package subscript(_ predicate: Predicate) -> Bool { facts?[predicate] ?? false }
}
