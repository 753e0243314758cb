/// One row to learn from.
package struct TrainingExample: Sendable, Hashable, Codable {
  package var tokens: [Int32]
  /// What is predicted at each place, where that is not `tokens`: a token that goes on behind a stop string is learnt whole
  /// and read in part (`TokenizedTranscript`).
  package var targets: [Int32]?
  /// `weights[i]` scales the loss of predicting `tokens[i]` from what stands before it; `weights[0]` is without effect.
  package var weights: [Float]
  /// The natural-log probability of each target under a reference model, as `referenced` computes it; empty without one.
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
    targets? += more
    weights += [Float](repeating: weight, count: more.count)
  }

  /// The part that fits a model's context, and one token more: the last one is predicted but never read.
  package func cut(to context: Int) -> TrainingExample {
    let count = context + 1
    var part = TrainingExample(tokens: Array(tokens.prefix(count)), weights: Array(weights.prefix(count)))
    part.targets = targets.map { Array($0.prefix(count)) }
    part.reference = Array(reference.prefix(count))
    return part
  }
}
