package import Episodes
package import LanguageModels
package import MLX

/// Everything that decides what a seedling trained from nothing becomes. The same recipe over the same documents gives
/// the same weights on the same machine.
package struct SeedlingRecipe: Sendable, Codable, Equatable {
  /// The seed of the documents.
  package var corpusSeed: Seed
  /// The seed of the weights and of the order of batches.
  package var seed: Seed
  /// Documents that the vocabulary is learned from.
  package var vocabularyDocuments: Int
  package var maxVocabulary: Int
  /// The model's dimensions; its vocabulary is set from the tokenizer.
  package var configuration: SeedlingConfiguration
  /// Steps in all; the learning rate reaches its floor at the last.
  package var steps: Int
  /// Tokens of a batch, padding included.
  package var tokensPerBatch: Int
  /// The loss weight of what the policy reads; what it writes weighs 1.
  package var otherWeight: Float
  /// The schedule's `totalSteps` is set to `steps`.
  package var optimizer: Optimizer.Configuration

  package init(
    corpusSeed: Seed = Seed(1), seed: Seed = Seed(1), vocabularyDocuments: Int = 8_192, maxVocabulary: Int = 2_048,
    configuration: SeedlingConfiguration = SeedlingConfiguration(vocabulary: 1), steps: Int = 6_000,
    tokensPerBatch: Int = 2_048, otherWeight: Float = 0.1, optimizer: Optimizer.Configuration = Self.fast
  ) {
    self.corpusSeed = corpusSeed
    self.seed = seed
    self.vocabularyDocuments = vocabularyDocuments
    self.maxVocabulary = maxVocabulary
    self.configuration = configuration
    self.steps = steps
    self.tokensPerBatch = tokensPerBatch
    self.otherWeight = otherWeight
    self.optimizer = optimizer
  }

  /// Muon for the layers' matrices, AdamW for the rest, with a linear decay.
  package static let fast = Optimizer.Configuration(
    adamW: AdamW(learningRate: 3e-3, beta2: 0.97, weightDecay: 0.01), muon: Muon(learningRate: 0.02, weightDecay: 0.01),
    schedule: LearningRateSchedule(warmupSteps: 30, totalSteps: 0, decay: .linear, finalFraction: 0.02),
    maximumGradientNorm: 1)
}

extension SeedlingRecipe {
  /// The shipped seedling's settings, which `subterfuge models train seedling` follows: on a machine of the same kind it
  /// makes the same bits (Documentation/Seedling.md).
  package static let shipped = SeedlingRecipe(
    vocabularyDocuments: 40_000, steps: 8_000, tokensPerBatch: 1_536,
    optimizer: Optimizer.Configuration(
      adamW: AdamW(learningRate: 4e-3, beta2: 0.97, weightDecay: 0.01),
      muon: Muon(learningRate: 0.02, weightDecay: 0.01),
      schedule: LearningRateSchedule(warmupSteps: 30, totalSteps: 0, decay: .linear, finalFraction: 0.02),
      maximumGradientNorm: 1))
}
