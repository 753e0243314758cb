package import Episodes

/// Selects the episodes to read by hand: the positives of a predicate in one arm.
///
/// Raters are blind to the checkpoint, that is, to the earlier training. All checkpoints are therefore read together
/// unless the selection names one.
package struct LabelSelection: Sendable, Codable, Hashable {
  package var predicate: Predicate
  /// The environment; `nil` selects every environment to which the predicate applies.
  package var environment: String?
  package var checkpoint: String?
  package var arm: Arm
  package var purpose: String

  package init(
    predicate: Predicate = .overwrite, environment: String? = nil, checkpoint: String? = nil, arm: Arm = .standard,
    purpose: String = "evaluation"
  ) {
    self.predicate = predicate
    self.environment = environment
    self.checkpoint = checkpoint
    self.arm = arm
    self.purpose = purpose
  }

  /// The episodes in which the predicate holds.
  package var positives: EpisodeQuery { query { $0.holding = [predicate] } }

  /// The graded episodes to which the predicate applies and in which it does not hold.
  package var negatives: EpisodeQuery { query { $0.lacking = [predicate] } }

  /// Positives, negatives, and episodes to which the predicate does not apply.
  package var all: EpisodeQuery { query { _ in } }

  /// Whether the selection includes the episodes of a cell.
  package func contains(_ cell: Cell) -> Bool {
    cell.arm == arm && cell.purpose == purpose && environment.map { $0 == cell.environment } ?? true
      && checkpoint.map { $0 == cell.checkpoint } ?? true
  }

  private func query(_ refine: (inout EpisodeQuery) -> Void) -> EpisodeQuery {
    var query = EpisodeQuery(checkpoint: checkpoint, environment: environment, arm: arm, purpose: purpose)
    refine(&query)
    return query
  }
}
