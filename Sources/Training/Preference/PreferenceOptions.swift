package import Episodes
internal import LanguageModels
internal import MLX

/// How to train a preference model.
package struct PreferenceOptions: Sendable, Codable, Equatable {
  /// Epochs, batches, rates and what is trained of a pretrained base. A batch's tokens count both answers of a pair, each
  /// with the prompt.
  package var training: FineTuneOptions
  /// The weight of (chosen + rejected)^2, which keeps the scores around 0.
  package var centring: Float

  package init(training: FineTuneOptions, centring: Float = 0.01) {
    self.training = training
    self.centring = centring
  }

  /// For a seedling: one pass over the pairs.
  package static func seedling(seed: Seed) -> PreferenceOptions {
    PreferenceOptions(
      training: FineTuneOptions(
        tokensPerBatch: 4_096,
        optimizer: Optimizer.Configuration(
          adamW: AdamW(learningRate: 1e-3, beta2: 0.97),
          schedule: LearningRateSchedule(warmupSteps: 10, totalSteps: 0, decay: .linear, finalFraction: 0.1),
          maximumGradientNorm: 1),
        seed: seed, parts: .all))
  }
}
