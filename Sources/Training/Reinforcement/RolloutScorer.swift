package import LanguageModels
internal import Tokenization

/// Says how probable the tokens that a policy drew are under a model, which need not be the one that drew them, by reading
/// the whole text once (teacher forcing). Not `Sendable`: it holds the model's arrays.
package struct RolloutScorer {
  private let scorer: TrajectoryScorer

  /// - Parameters:
  ///   - temperature: of the distribution softmax(logits / temperature) over the whole vocabulary.
  ///   - tokensPerBatch: tokens, padding included, that are read at a time.
  /// - Throws: an error when the weights cannot be read.
  package init(_ checkpoint: ModelCheckpoint, temperature: Float = 1, tokensPerBatch: Int = 4_096) throws {
    scorer = TrajectoryScorer(
      model: try checkpoint.model(), padding: checkpoint.tokenizer.padding, temperature: temperature,
      tokensPerBatch: tokensPerBatch)
  }

  /// The natural-log probabilities of each rollout's actions, in order: [rollouts][actions]. An action that does not fit the
  /// model's context has none.
  package func logProbabilities(of rollouts: [Rollout]) throws -> [[Float]] {
    let context = scorer.model.context
    return try scorer.scores(rollouts.map { Trajectory($0, context: context) }).map(\.logProbabilities)
  }
}
