/// The settings of supervised training on the generated corpus, which precedes everything else.
///
/// The warm start teaches a base model the tagged tool protocol and the plain helpfulness that the curriculum starts
/// from (the paper's helpful-only start, section 1).
package struct WarmStart: Sendable, Codable, Hashable {
  /// The number of corpus documents; 0 for a policy that already knows the protocol, such as the seedling.
  package var documents: Int
  package var epochs: Int
  package var learningRate: Double
  package var tokensPerBatch: Int
  /// The number of episodes of each environment before the warm start, to show the effect of the warm start.
  package var episodesBefore: Int

  package init(
    documents: Int = 0, epochs: Int = 1, learningRate: Double = 5e-4, tokensPerBatch: Int = 2_048,
    episodesBefore: Int = 16
  ) {
    self.documents = documents
    self.epochs = epochs
    self.learningRate = learningRate
    self.tokensPerBatch = tokensPerBatch
    self.episodesBefore = episodesBefore
  }
}

/// The weights of the policy that training changes.
package struct AdapterSettings: Sendable, Codable, Hashable {
  /// The rank of the low-rank adapters (LoRA) beside every matrix of the layers; 0 trains the weights themselves.
  package var rank: Int
  /// The scale of the adapters: their product is multiplied by alpha / rank.
  package var alpha: Double

  package init(rank: Int = 0, alpha: Double = 32) {
    self.rank = rank
    self.alpha = alpha
  }
}
