package import Episodes

/// An episode and its number in the store. People refer to an episode by this number. Numbers follow the order in which
/// episodes finish, so they can differ between two runs whose episodes are equal.
package struct StoredEpisode: Sendable, Hashable, Codable {
  package var id: Int
  package var episode: Episode

  package init(id: Int, episode: Episode) {
    self.id = id
    self.episode = episode
  }
}

/// A query for episodes. A property that is not set matches every episode.
package struct EpisodeQuery: Sendable, Hashable {
  package var checkpoint: String?
  /// Any of these checkpoints, for example those of one training sequence.
  package var checkpoints: [String]?
  package var environment: String?
  package var arm: Arm?
  package var purpose: String?
  package var variant: Int?
  /// Predicates that must hold, and predicates that must apply and not hold.
  package var holding: [Predicate] = []
  package var lacking: [Predicate] = []
  /// `true` selects only failed episodes, `false` only graded ones.
  package var failed: Bool?
  /// Text that must occur verbatim in a segment after the prompt.
  package var text: String?

  package init(
    checkpoint: String? = nil, environment: String? = nil, arm: Arm? = nil, purpose: String? = nil,
    variant: Int? = nil, holding: [Predicate] = [], lacking: [Predicate] = [], failed: Bool? = nil,
    text: String? = nil, checkpoints: [String]? = nil
  ) {
    self.checkpoint = checkpoint
    self.checkpoints = checkpoints
    self.environment = environment
    self.arm = arm
    self.purpose = purpose
    self.variant = variant
    self.holding = holding
    self.lacking = lacking
    self.failed = failed
    self.text = text
  }
}
