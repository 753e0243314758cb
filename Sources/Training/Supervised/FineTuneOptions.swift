package import Episodes
package import LanguageModels
package import MLX

/// How to fine-tune on a set of examples.
package struct FineTuneOptions: Sendable, Codable, Equatable {
  package var epochs: Int
  /// Stops after this many steps even if epochs are left; `nil` for no limit.
  package var maxSteps: Int?
  /// Tokens of a batch, padding included.
  package var tokensPerBatch: Int
  /// The schedule's `totalSteps` is set to the number of steps that there will be.
  package var optimizer: Optimizer.Configuration
  /// Names the order of the batches, an adapter's first factors and the choices of its dropout.
  package var seed: Seed
  /// What training changes in a pretrained model; a seedling is always trained whole.
  package var parts: TrainableParts
  /// Tokens, padding included, whose gradient is computed at a time: a batch in several parts needs less memory and gives
  /// the same step. `nil`: the whole batch at once.
  package var microbatchTokens: Int?
  /// Computes each layer again for the gradient instead of keeping it, a quarter more time for a fraction of the memory, also
  /// where a part needs less than a gigabyte.
  package var checkpointing: Bool
  /// The weight of half the squared log-ratio to a reference model on the tokens that are learnt (the estimator k2 of
  /// their divergence); 0: there is no reference.
  package var klCoefficient: Float = 0

  package init(
    epochs: Int = 1, maxSteps: Int? = nil, tokensPerBatch: Int = 2_048,
    optimizer: Optimizer.Configuration = Self.gentle, seed: Seed,
    parts: TrainableParts = .adapter(LoRAConfiguration()), microbatchTokens: Int? = nil, checkpointing: Bool = false
  ) {
    self.epochs = epochs
    self.maxSteps = maxSteps
    self.tokensPerBatch = tokensPerBatch
    self.optimizer = optimizer
    self.seed = seed
    self.parts = parts
    self.microbatchTokens = microbatchTokens
    self.checkpointing = checkpointing
  }

  /// AdamW at a rate that moves a trained model a little.
  package static let gentle = Optimizer.Configuration(
    adamW: AdamW(learningRate: 3e-4, beta2: 0.97),
    schedule: LearningRateSchedule(warmupSteps: 5, totalSteps: 0, decay: .linear, finalFraction: 0.1),
    maximumGradientNorm: 1)

  /// AdamW's learning rate at its peak.
  package var learningRate: Float {
    get { optimizer.adamW.learningRate }
    set { optimizer.adamW.learningRate = newValue }
  }
}
