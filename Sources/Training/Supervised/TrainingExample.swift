/// One row to learn from.
package struct TrainingExample: Sendable, Hashable, Codable {
  package var tokens: [Int32]
  /// `weights[i]` scales the loss of predicting `tokens[i]` from what stands before it; `weights[0]` is without effect.
  package var weights: [Float]
  /// The natural-log probability of each token under a reference model, as `referenced` computes it; empty without one.
  package var reference: [Float] = []

  /// An example; the two arrays must have the same length.
  package init(tokens: [Int32], weights: [Float]) {
    precondition(tokens.count == weights.count, "a weight for each token")
    self.tokens = tokens
    self.weights = weights
  }

  /// Adds tokens with one weight.
  package mutating func append(_ more: [Int32], weight: Float) {
    tokens += more
    weights += [Float](repeating: weight, count: more.count)
  }

  /// The part that fits a model's context.
  package func cut(to context: Int) -> TrainingExample {
    var part = TrainingExample(tokens: Array(tokens.prefix(context)), weights: Array(weights.prefix(context)))
    part.reference = Array(reference.prefix(context))
    return part
  }
}
