package import Episodes
package import LanguageModels

/// Everything that decides what a seedling trained from nothing becomes. The same recipe over the same documents gives
/// the same weights on the same machine.
package struct SeedlingRecipe: Sendable, Codable, Hashable {
  /// The seed of the documents.
  package var corpusSeed: Seed
  /// The seed of the weights and of the order of batches.
  package var seed: Seed
  /// Documents that the vocabulary is learned from.
  package var vocabularyDocuments: Int
  package var maxVocabulary: Int
  /// The model's dimensions; its vocabulary is set from the tokenizer.
  package var configuration: SeedlingConfiguration
  /// Tokens to read in all, padding left out. The learning rate falls to its floor there.
  package var tokens: Int
  /// Tokens of a batch, padding included.
  package var tokensPerBatch: Int
  /// The loss weight of what the policy reads; what it writes weighs 1.
  package var otherWeight: Float
  package var optimizer: OptimizerOptions
  package var schedule: LearningRateSchedule

  package init(
    corpusSeed: Seed = Seed(1), seed: Seed = Seed(1), vocabularyDocuments: Int = 8_192, maxVocabulary: Int = 2_048,
    configuration: SeedlingConfiguration = SeedlingConfiguration(vocabulary: 1), tokens: Int = 12_000_000,
    tokensPerBatch: Int = 2_048, otherWeight: Float = 0.1, optimizer: OptimizerOptions = OptimizerOptions(),
    schedule: LearningRateSchedule = LearningRateSchedule()
  ) {
    self.corpusSeed = corpusSeed
    self.seed = seed
    self.vocabularyDocuments = vocabularyDocuments
    self.maxVocabulary = maxVocabulary
    self.configuration = configuration
    self.tokens = tokens
    self.tokensPerBatch = tokensPerBatch
    self.otherWeight = otherWeight
    self.optimizer = optimizer
    self.schedule = schedule
  }
}
