/// Supervised training on the generated corpus before everything else: how a base model learns the tagged tool protocol
/// and the plain helpfulness that the curriculum starts from (the paper's helpful-only start, section 1).
package struct WarmStart: Sendable, Codable, Hashable {
  /// Documents of the corpus; 0 for a policy that knows the protocol already, such as the seedling.
  package var documents: Int
  package var epochs: Int
  package var learningRate: Double
  package var tokensPerBatch: Int
  /// Episodes of each environment that the policy plays before the warm start, so that its effect can be seen.
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

/// Which of the policy's weights training changes.
package struct AdapterSettings: Sendable, Codable, Hashable {
  /// The rank of the low-rank adapters beside every matrix of the layers (LoRA); 0 trains the weights themselves.
  package var rank: Int
  /// The adapters' product is multiplied by alpha / rank.
  package var alpha: Double

  package init(rank: Int = 0, alpha: Double = 32) {
    self.rank = rank
    self.alpha = alpha
  }
}
