package import LanguageModels
internal import MLX
internal import Tokenization

// Shapes: T tokens of the text, D width, C candidates; states [T, D], log-probabilities [C].

/// Says how probable each of some tokens is after a text, from one reading of it. Not `Sendable`: it holds the model's
/// arrays.
package struct CandidateScorer {
  private let model: any CausalLanguageModel

  /// - Throws: an error when the weights cannot be read.
  package init(_ checkpoint: ModelCheckpoint) throws { model = try checkpoint.model() }

  /// The natural-log probabilities of `candidates` as the token after `text`, in order.
  ///
  /// - Parameter text: 1 to `context` tokens.
  /// - Throws: a `ModelError` when the text is empty or longer.
  package func logProbabilities(of candidates: [Int32], after text: [Int32]) throws -> [Float] {
    guard (1...model.context).contains(text.count) else {
      throw ModelError("The text has \(text.count) tokens; the model reads 1 to \(model.context) at a time.")
    }
    let head = try model.head(model.parameters)
    let states = try model.read(TokenRows(MLXArray(text, [1, text.count])), model.parameters)
      .reshaped(-1, head.matrix.dim(1))
    let last = try embedding(states, MLXArray(candidates.map { _ in Int32(text.count - 1) }))
    let distribution = ActionDistribution(head: head, temperature: 1, isDifferentiated: false)
    return try distribution.logProbabilities(last, MLXArray(candidates)).asArray(Float.self)
  }
}
