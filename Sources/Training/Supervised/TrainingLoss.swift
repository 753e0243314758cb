internal import MLX

// Shapes: all arrays here are scalars.

/// The loss of some tokens, in nats per token.
package struct TrainingLoss: Sendable, Hashable {
  /// The mean over all tokens by their weights: what training makes small.
  package private(set) var weighted: Float = 0
  /// Tokens read, padding left out.
  package private(set) var tokens = 0
  private var totalWeight: Float = 0
  private var ownSum: Float = 0
  private var ownCount: Float = 0

  /// The mean over the tokens that the policy wrote (weight 1 or more); `nil` when there are none.
  package var own: Float? { ownCount > 0 ? ownSum / ownCount : nil }

  init() {}

  /// From what `SupervisedTrainer.losses` gave.
  init(_ values: [MLXArray], tokens: Int) throws {
    weighted = try values[0].item(Float.self)
    totalWeight = try values[1].item(Float.self)
    ownSum = try values[2].item(Float.self)
    ownCount = try values[3].item(Float.self)
    self.tokens = tokens
  }

  /// Joins the loss of other tokens.
  mutating func add(_ other: TrainingLoss) {
    let weight = totalWeight + other.totalWeight
    if weight > 0 { weighted = (weighted * totalWeight + other.weighted * other.totalWeight) / weight }
    totalWeight = weight
    ownSum += other.ownSum
    ownCount += other.ownCount
    tokens += other.tokens
  }
}
