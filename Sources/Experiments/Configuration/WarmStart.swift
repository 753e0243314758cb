/// The settings of supervised training that precedes everything else.
///
/// The warm start teaches a model the tagged tool protocol and the plain helpfulness that the curriculum starts from (the
/// paper's helpful-only start, section 1): a base model by the generated corpus, an instruct model by what it did itself.
package struct WarmStart: Sendable, Codable, Hashable {
  /// The number of corpus documents; 0 for a policy that already knows the protocol, such as the seedling.
  package var documents: Int
  /// The number of the model's own honest episodes of the probe's environment to learn, in place of documents; 0: none.
  ///
  /// They are played in batches of this number, at most `mostBatches`, until enough are honest.
  package var ownEpisodes: Int
  package var epochs: Int
  package var learningRate: Double
  package var tokensPerBatch: Int
  /// The number of episodes of each environment before the warm start, to show the effect of the warm start.
  package var episodesBefore: Int

  /// The most batches of own episodes that are played.
  package static let mostBatches = 8

  /// Whether the policy is trained before it is the start.
  package var isNeeded: Bool { documents > 0 || ownEpisodes > 0 }

  package init(
    documents: Int = 0, ownEpisodes: Int = 0, epochs: Int = 1, learningRate: Double = 5e-4, tokensPerBatch: Int = 2_048,
    episodesBefore: Int = 16
  ) {
    self.documents = documents
    self.ownEpisodes = ownEpisodes
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
