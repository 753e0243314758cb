package import LanguageModels
package import MLX
internal import Tokenization

// Shapes: B rows, T tokens of a row, V vocabulary; logits [B, T, V], losses and weights [B, T].

/// A model in training: takes gradient steps on batches of weighted examples. Not `Sendable`; one task owns it.
package struct SupervisedTrainer {
  package private(set) var model: Seedling
  package private(set) var optimizer: Optimizer
  private let padding: Int32

  /// - Parameters:
  ///   - configuration: its schedule ends after `steps`.
  ///   - state: what an earlier optimiser's `state()` gave; `nil` to start.
  package init(
    _ model: Seedling, padding: Int32, optimizer configuration: Optimizer.Configuration, steps: Int,
    restoring state: Safetensors? = nil
  ) throws {
    var configuration = configuration
    configuration.schedule.totalSteps = steps
    self.model = model
    self.padding = padding
    optimizer =
      if let state {
        try Optimizer(configuration, hiddenMatrices: model.hiddenMatrices, restoring: state)
      } else {
        Optimizer(configuration, hiddenMatrices: model.hiddenMatrices)
      }
  }

  /// One step.
  ///
  /// - Throws: an error, with weights and optimiser as before, when the loss or the gradient is not finite.
  package mutating func train(on examples: [TrainingExample]) throws -> TrainingLoss {
    let batch = try Batch(examples, padding: padding)
    let model = model
    let result = try valueAndGrad(model.parameters) { try Self.losses(model, $0, batch) }
    try eval(result.values + result.gradients.arrays)
    let loss = try TrainingLoss(result.values, tokens: batch.tokenCount)
    guard loss.weighted.isFinite else {
      throw ModelError("The training loss is not finite after \(optimizer.stepCount) steps; lower the learning rate.")
    }
    self.model.parameters = try optimizer.update(model.parameters, gradients: result.gradients).parameters
    return loss
  }

  /// The weighted mean loss, which is differentiated; then the sum of weights, and the sum of losses and the number of
  /// tokens of weight 1 or more: what the policy itself wrote.
  static func losses(_ model: Seedling, _ parameters: Parameters, _ batch: Batch) throws -> [MLXArray] {
    let losses = try CrossEntropy(logits: model.logits(batch.inputs, parameters), targets: batch.targets).loss
    let total = try batch.weights.sum()
    let own = try (batch.weights .>= MLXArray(1)).asType(.float32)
    let mean = try (losses * batch.weights).sum() / maximum(total, MLXArray(1e-6))
    return [mean, total, try (losses * own).sum(), try own.sum()]
  }
}

/// The loss of a model on examples, without learning: the mean over all tokens by their weights.
package func loss(
  of model: Seedling, on examples: [TrainingExample], padding: Int32, tokensPerBatch: Int = 4_096
) throws -> TrainingLoss {
  let rows = examples.map { $0.cut(to: model.configuration.context) }
  let batches = BatchPlan.cut(
    rows.indices.sorted { rows[$0].tokens.count < rows[$1].tokens.count }, lengths: rows.map(\.tokens.count),
    tokens: tokensPerBatch)
  return try batches.reduce(into: TrainingLoss()) { total, indices in
    let batch = try Batch(indices.map { rows[$0] }, padding: padding)
    total.add(try TrainingLoss(SupervisedTrainer.losses(model, model.parameters, batch), tokens: batch.tokenCount))
  }
}
