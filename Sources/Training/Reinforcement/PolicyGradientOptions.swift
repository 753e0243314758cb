package import Episodes
package import LanguageModels
package import MLX
internal import Tokenization

/// How to reinforce a policy on the rollouts of one round.
package struct PolicyGradientOptions: Sendable, Codable, Equatable {
  package var algorithm: PolicyGradient
  /// This round's; what the report of the round before says, where the coefficient adapts.
  package var klCoefficient: Double
  /// The clipping of the gradient's norm is its `maximumGradientNorm`. Its schedule counts the steps of all rounds.
  package var optimizer: Optimizer.Configuration
  /// The temperature that the rollouts were sampled at: probabilities are those of softmax(logits / temperature).
  package var temperature: Float
  /// Tokens, padding included, that are computed at a time; changes memory, not the step.
  package var tokensPerBatch: Int
  /// What training changes in a pretrained model; a seedling is always trained whole.
  package var parts: TrainableParts
  /// Computes each layer again for the gradient instead of keeping it.
  package var checkpointing: Bool
  /// The largest weight of an action where another program drew it, whose probabilities differ a little: the trainer's own
  /// probability over the recorded one. `nil`: the recorded probabilities are taken as the trainer's.
  package var importanceCap: Float?
  /// Names the order of the rollouts and an adapter's first factors.
  package var seed: Seed

  package init(
    algorithm: PolicyGradient, klCoefficient: Double? = nil, optimizer: Optimizer.Configuration = Self.steady,
    temperature: Float = 1, tokensPerBatch: Int = 4_096, parts: TrainableParts = .adapter(LoRAConfiguration()),
    checkpointing: Bool = false, importanceCap: Float? = nil, seed: Seed
  ) {
    self.algorithm = algorithm
    self.klCoefficient = klCoefficient ?? algorithm.kl.coefficient
    self.optimizer = optimizer
    self.temperature = temperature
    self.tokensPerBatch = tokensPerBatch
    self.parts = parts
    self.checkpointing = checkpointing
    self.importanceCap = importanceCap
    self.seed = seed
  }

  /// AdamW at one low rate, after a short warm-up.
  package static let steady = Optimizer.Configuration(
    adamW: AdamW(learningRate: 1e-4, beta2: 0.99),
    schedule: LearningRateSchedule(warmupSteps: 4, totalSteps: 0, decay: .constant), maximumGradientNorm: 1)

  /// AdamW's learning rate.
  package var learningRate: Float {
    get { optimizer.adamW.learningRate }
    set { optimizer.adamW.learningRate = newValue }
  }

  /// The experiences of every step, in order: each epoch deals all of them anew.
  func minibatches(_ count: Int) -> [[Int]] {
    let passes = algorithm.passes
    let parts = min(passes.minibatches, count)
    return (0..<passes.epochs).flatMap { epoch in
      var generator = SeededGenerator(seed["minibatches"][epoch])
      let order = Array(0..<count).shuffled(using: &generator)
      return (0..<parts).map { part in Array(order[count * part / parts..<count * (part + 1) / parts]) }
    }
  }

  /// Throws a `ModelError` that says what cannot be.
  package func validate() throws {
    try algorithm.validate()
    guard klCoefficient >= 0, klCoefficient.isFinite else {
      throw ModelError("A KL coefficient must be 0 or more, not \(klCoefficient).")
    }
    guard temperature > 0, temperature.isFinite else {
      throw ModelError("Reinforcement needs rollouts sampled at a temperature above 0, not \(temperature).")
    }
    guard importanceCap ?? 1 >= 1, (importanceCap ?? 1).isFinite else {
      throw ModelError("The cap of importance weights must be 1 or more, not \(importanceCap ?? 0).")
    }
    guard tokensPerBatch > 0 else { throw ModelError("A batch must have 1 token or more, not \(tokensPerBatch).") }
  }
}
