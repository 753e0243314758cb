package import Episodes
package import LanguageModels
package import MLX
internal import Tokenization

// Shapes: B rows, T tokens of a row, D width, V vocabulary, N targets that have a weight; states [B, T, D].

/// A model in training: takes gradient steps on batches of weighted examples. Not `Sendable`; one task owns it.
package struct SupervisedTrainer {
  package private(set) var model: any CausalLanguageModel
  package private(set) var optimizer: Optimizer
  private let padding: Int32
  private let microbatchTokens: Int
  private let dropoutSeed: Seed
  private let klCoefficient: Float

  /// - Parameters:
  ///   - configuration: its schedule ends after `steps`.
  ///   - microbatchTokens: tokens, padding included, whose gradient is computed at a time; a step adds up the gradients
  ///     of as many such parts as its batch needs. `nil`: the whole batch at once.
  ///   - dropoutSeed: names the random choices of dropout, by step and part.
  ///   - klCoefficient: `FineTuneOptions.klCoefficient`, for examples that have a reference.
  ///   - state: what an earlier optimiser's `state()` gave; `nil` to start.
  package init(
    _ model: any CausalLanguageModel, padding: Int32, optimizer configuration: Optimizer.Configuration, steps: Int,
    microbatchTokens: Int? = nil, dropoutSeed: Seed = Seed(0), klCoefficient: Float = 0,
    restoring state: Safetensors? = nil
  ) throws {
    var configuration = configuration
    configuration.schedule.totalSteps = steps
    self.model = model
    self.padding = padding
    self.microbatchTokens = microbatchTokens ?? .max
    self.dropoutSeed = dropoutSeed
    self.klCoefficient = klCoefficient
    optimizer =
      if let state {
        try Optimizer(configuration, hiddenMatrices: model.hiddenMatrices, restoring: state)
      } else {
        Optimizer(configuration, hiddenMatrices: model.hiddenMatrices)
      }
  }

  /// One step: the gradient of the weighted mean loss over all the examples, however they are cut into parts.
  ///
  /// - Throws: an error, with weights and optimiser as before, when the loss or the gradient is not finite.
  package mutating func train(on examples: [TrainingExample]) throws -> TrainingLoss {
    let batches = try parts(of: examples).map { part in
      try Batch(part.texts.map { examples[$0] }, padding: padding, packing: part.packing)
    }
    let total = try batches.reduce(0) { try $0 + $1.weights.sum().item(Float.self) }
    var loss = TrainingLoss()
    var sum = GradientSum()
    for (index, batch) in batches.enumerated() {
      let key = try MLXRandom.key(dropoutSeed[optimizer.stepCount][index].value)
      let values = try sum.add(
        model.gradient(batch.inputs, model.parameters, dropout: key) { states, parameters in
          try Self.losses(
            batch, states, model.head(parameters), totalWeight: total, klCoefficient: klCoefficient)
        })
      loss.add(try TrainingLoss(values, totalWeight: total, tokens: batch.tokenCount))
    }
    guard loss.weighted.isFinite else {
      throw ModelError("The training loss is not finite after \(optimizer.stepCount) steps; lower the learning rate.")
    }
    if let gradients = sum.gradients {
      model.parameters = try optimizer.update(model.parameters, gradients: gradients).parameters
    }
    return loss
  }

  /// The examples in parts of at most `microbatchTokens`. Those that begin alike share a row where the model can read it.
  private func parts(of examples: [TrainingExample]) -> [RowPacking.Part] {
    let lengths = examples.map { $0.tokens.count - 1 }
    let whole = lengths.count * (lengths.max() ?? 0)
    guard model.sharesBeginnings || whole > microbatchTokens else {
      return [RowPacking.Part(texts: Array(examples.indices), packing: RowPacking(lengths: lengths))]
    }
    return RowPacking.parts(
      examples.map(RowPacking.Text.init), tokens: min(whole, microbatchTokens), shares: model.sharesBeginnings)
  }

  /// The weighted sum of losses over `totalWeight`, which is differentiated; then the sum of weights, and the sum of losses
  /// and the number of tokens of weight 1 or more: what the policy itself wrote.
  ///
  /// - Parameters:
  ///   - states: of the batch's inputs, [B, T, D].
  ///   - isDifferentiated: whether gradients will be asked for.
  static func losses(
    _ batch: Batch, _ states: MLXArray, _ head: OutputHead, totalWeight: Float, isDifferentiated: Bool = true,
    klCoefficient: Float = 0
  ) throws -> [MLXArray] {
    let (losses, weights, references) = try tokenLosses(batch, states, head, isDifferentiated: isDifferentiated)
    let own = try (weights .>= MLXArray(1)).asType(.float32)
    var penalised = losses
    if klCoefficient > 0, let references {
      penalised = try losses + square(losses + references) * (0.5 * klCoefficient)
    }
    let mean = try (penalised * weights).sum() / max(totalWeight, 1e-6)
    return [mean, try batch.weights.sum(), try (losses * own).sum(), try own.sum()]
  }

  /// Losses with their weights and references, of one shape: [B, T] when a trained head of few classes is applied
  /// everywhere, in one product; otherwise [N], where a loss falls.
  static func tokenLosses(
    _ batch: Batch, _ states: MLXArray, _ head: OutputHead, isDifferentiated: Bool = true
  ) throws -> (losses: MLXArray, weights: MLXArray, references: MLXArray?) {
    let drawn = batch.drawn
    guard drawn.count > 0 else { return (try .zeros([1]), try .zeros([1]), nil) }
    if !head.isFrozen && batch.inputs.tokens.size * head.matrix.dim(0) <= 1 << 24 {
      let loss = try CrossEntropy(logits: head.logits(states), targets: batch.targets).loss
      return (loss, batch.weights, batch.references)
    }
    let losses = try linearCrossEntropy(
      states: embedding(states.reshaped(-1, head.matrix.dim(1)), drawn.places), head: head.matrix,
      targets: drawn.targets, logitCap: head.logitCap, frozen: head.isFrozen && isDifferentiated)
    return (losses, drawn.weights, drawn.references)
  }
}

extension SupervisedTrainer: StepTrainer {
  /// The model's trainable weights.
  var parameters: Parameters { model.parameters }
}

extension Parameters {
  /// The sums with the arrays of the same names.
  func adding(_ other: Parameters) throws -> Parameters {
    try mapped { name, array in try array + other.require(name) }
  }
}

/// The loss of a model on examples, without learning: the mean over all tokens by their weights.
package func loss(
  of model: any CausalLanguageModel, on examples: [TrainingExample], padding: Int32, tokensPerBatch: Int = 4_096
) throws -> TrainingLoss {
  let rows = examples.map { $0.cut(to: model.context) }
  let parts = RowPacking.parts(
    rows.map(RowPacking.Text.init), tokens: tokensPerBatch, shares: model.sharesBeginnings)
  return try parts.reduce(into: TrainingLoss()) { total, part in
    let batch = try Batch(part.texts.map { rows[$0] }, padding: padding, packing: part.packing)
    let weight = try batch.weights.sum().item(Float.self)
    let values = try SupervisedTrainer.losses(
      batch, model.read(batch.inputs, model.parameters), model.head(model.parameters), totalWeight: weight,
      isDifferentiated: false)
    total.add(try TrainingLoss(values, totalWeight: weight, tokens: batch.tokenCount))
  }
}
