package import LanguageModels
package import MLX

/// A model in training: takes gradient steps on batches of weighted examples. Not `Sendable`; one task owns it.
package struct SupervisedTrainer {
  package private(set) var model: Seedling
  package private(set) var optimizer: Optimizer
  private let padding: Int32

  package init(_ model: Seedling, optimizer: Optimizer, padding: Int32) {
    self.model = model
    self.optimizer = optimizer
    self.padding = padding
  }

  /// One step.
  ///
  /// - Parameter factor: multiplies the learning rates.
  /// - Throws: a `ModelError` when the loss is not finite; the weights are then as before.
  package mutating func train(on examples: [TrainingExample], factor: Float) throws -> TrainingLoss {
    let batch = try Batch(examples, padding: padding)
    let model = model
    let result = try valueAndGrad(model.parameters) { try Self.losses(model, $0, batch) }
    var next = optimizer
    let (parameters, norm) = try next.update(model.parameters, result.gradients, factor: factor)
    try eval(result.values + parameters.arrays + next.state.arrays + [norm])
    let loss = try TrainingLoss(result.values, norm: norm, tokens: batch.tokenCount)
    guard loss.weighted.isFinite else {
      throw ModelError("The training loss is not finite after \(optimizer.step) steps; lower the learning rate.")
    }
    self.model.parameters = parameters
    optimizer = next
    return loss
  }

  /// The loss without learning: the mean over batches, weighted as in training.
  package func loss(on examples: [TrainingExample], tokensPerBatch: Int = 4_096) throws -> TrainingLoss {
    let order = examples.indices.sorted { examples[$0].tokens.count < examples[$1].tokens.count }
    var total = TrainingLoss()
    var batch: [TrainingExample] = []
    for (position, index) in order.enumerated() {
      batch.append(examples[index])
      let next = position + 1 < order.count ? examples[order[position + 1]].tokens.count : .max / 1_024
      if (batch.count + 1) * next > tokensPerBatch {
        let padded = try Batch(batch, padding: padding)
        total.add(try TrainingLoss(Self.losses(model, model.parameters, padded), norm: nil, tokens: padded.tokenCount))
        batch = []
      }
    }
    return total
  }

  /// The weighted mean loss, which is differentiated; then the sum of weights, and the sum of losses and the number of
  /// tokens of weight 1 or more: what the policy itself wrote.
  static func losses(_ model: Seedling, _ parameters: Parameters, _ batch: Batch) throws -> [MLXArray] {
    let losses = try CrossEntropy(logits: model.logits(batch.inputs, parameters), targets: batch.targets).loss
    let total = try batch.weights.sum()
    let own = try (batch.weights .>= MLXArray(1)).asType(.float32)
    return [try (losses * batch.weights).sum() / maximum(total, MLXArray(1e-6)), total, try (losses * own).sum(), try own.sum()]
  }
}

/// The loss of some tokens, in nats per token.
package struct TrainingLoss: Sendable, Hashable {
  /// The mean over all tokens by their weights: what training makes small.
  package private(set) var weighted: Float = 0
  /// The mean over the tokens that the policy wrote (weight 1 or more); NaN when there are none.
  package var own: Float { ownSum / ownCount }
  /// The norm of the gradient before clipping; 0 when none was computed.
  package private(set) var gradientNorm: Float = 0
  /// Tokens read, padding left out.
  package private(set) var tokens = 0

  private var totalWeight: Float = 0
  private var ownSum: Float = 0
  private var ownCount: Float = 0

  init() {}

  init(_ values: [MLXArray], norm: MLXArray?, tokens: Int) throws {
    weighted = try values[0].item(Float.self)
    totalWeight = try values[1].item(Float.self)
    ownSum = try values[2].item(Float.self)
    ownCount = try values[3].item(Float.self)
    gradientNorm = try norm?.item(Float.self) ?? 0
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
