package import Episodes

/// What one stored trajectory counts in the estimate of a rare event.
package struct EpisodeWeight: Sendable, Hashable, Codable {
  /// Trajectories of one root share a beginning, and are not independent.
  package var root: Int
  /// Natural log of the weight; -infinity is stored as the lowest finite number.
  package var logWeight: Double

  package init(root: Int, logWeight: Double) {
    self.root = root
    self.logWeight = logWeight
  }
}

/// A weighted trajectory without its text.
package struct WeightedOutcome: Sendable, Hashable {
  /// The number of the episode.
  package var id: Int
  package var variant: Int
  package var sample: Int
  package var weight: EpisodeWeight
  /// What is known of it; `nil` for a failed episode.
  package var facts: [Predicate: Bool]?

  /// Whether a predicate holds; `false` for a failed episode and where it does not apply.
  package subscript(_ predicate: Predicate) -> Bool { facts?[predicate] ?? false }
}
