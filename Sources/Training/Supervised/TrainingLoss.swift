internal import MLX

// Shapes: all arrays here are scalars.

/// The loss of some tokens, in nats per token.
package struct TrainingLoss: Sendable, Hashable {
  /// Tokens read, padding left out.
  package private(set) var tokens = 0
  private var weightedSum = 0.0
  private var totalWeight = 0.0
  private var ownSum: Float = 0
  private var ownCount: Float = 0

  /// The mean over all tokens by their weights: what training makes small. 0 when nothing has a weight.
  package var weighted: Float { totalWeight > 0 ? Float(weightedSum / totalWeight) : 0 }

  /// The mean over the tokens that the policy wrote (weight 1 or more); `nil` when there are none.
  package var own: Float? { ownCount > 0 ? ownSum / ownCount : nil }

  init() {}

  /// From what `SupervisedTrainer.losses` gave for this total weight.
  init(_ values: [MLXArray], totalWeight whole: Float, tokens: Int) throws {
    weightedSum = Double(try values[0].item(Float.self)) * Double(whole)
    totalWeight = Double(try values[1].item(Float.self))
    ownSum = try values[2].item(Float.self)
    ownCount = try values[3].item(Float.self)
    self.tokens = tokens
  }

  /// Joins the loss of other tokens.
  mutating func add(_ other: TrainingLoss) {
    weightedSum += other.weightedSum
    totalWeight += other.totalWeight
    ownSum += other.ownSum
    ownCount += other.ownCount
    tokens += other.tokens
  }
}
