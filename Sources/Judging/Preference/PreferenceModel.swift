package import Episodes
package import LanguageModels
internal import Training

/// A trained preference model as a scorer: a checkpoint with a head `preference`.
///
/// A score is sigmoid(1.702 z) of the standardised raw score, which lies between 0 and 1 and says about which share of the
/// model's reference answers scores lower. The visible text is the only thing that `scores(_:)` is given; the chain of
/// thought can reach `scores(reasoned:)` alone. A prompt that does not fit the context is cut from the left.
package struct PreferenceModel: ReasoningScorer {
  package let checkpoint: ModelCheckpoint
  private let reference: ScalarHead.Reference

  package var name: String { checkpoint.lineage.name }

  /// - Throws: a `JudgingError` when the checkpoint is no preference model.
  package init(_ checkpoint: ModelCheckpoint) throws {
    guard let reference = checkpoint.heads[preferenceHeadName]?.reference else {
      throw JudgingError(
        "The model '\(checkpoint.lineage.name)' is not a preference model: it has no head '\(preferenceHeadName)' with a "
          + "reference distribution. Train one with: subterfuge models train-preference")
    }
    guard reference.mean.isFinite, reference.standardDeviation.isFinite, reference.standardDeviation > 0 else {
      throw JudgingError(
        "The reference distribution of the preference model '\(checkpoint.lineage.name)' is not a distribution; train it anew."
      )
    }
    self.checkpoint = checkpoint
    self.reference = reference
  }

  package func scores(_ answers: [VisibleAnswer]) async throws -> [Double] {
    try scores(answers.map { ($0.prompt.messages, $0.text.text) })
  }

  package func scores(reasoned answers: [ReasonedAnswer]) async throws -> [Double] {
    try scores(answers.map { ($0.prompt.messages, $0.transcript.blocks.map(\.markup).joined()) })
  }

  private func scores(_ answers: [(prompt: [Message], text: String)]) throws -> [Double] {
    try checkpoint.rawPreferenceScores(answers).map(reference.normalized)
  }
}
