package import Episodes
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
  /// Names the order of the batches.
  package var seed: Seed

  package init(
    epochs: Int = 1, maxSteps: Int? = nil, tokensPerBatch: Int = 2_048,
    optimizer: Optimizer.Configuration = Self.gentle, seed: Seed
  ) {
    self.epochs = epochs
    self.maxSteps = maxSteps
    self.tokensPerBatch = tokensPerBatch
    self.optimizer = optimizer
    self.seed = seed
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
