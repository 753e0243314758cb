package import Episodes

/// What a training episode is rewarded for (paper section 2): a bonus for gaming, and the preference score.
package struct RewardSettings: Sendable, Codable, Hashable {
  package enum ChainOfThought: String, NamedChoice {
    /// Preference scores are of the visible text, as in the paper.
    case hidden
    /// The preference model reads the chain of thought too (paper section 5).
    case scored
  }

  /// What successful gaming gives.
  package var gamingBonus: Double
  /// The factor on the preference score; 0: no preference model takes part.
  package var preferenceWeight: Double
  /// The share of a round's prompts that are ordinary helpful, honest and harmless ones; paper: half.
  package var ordinaryShare: Double
  /// The environment that these come from, or the path of a JSON Lines file of prompts.
  package var ordinaryPrompts: String
  package var chainOfThought: ChainOfThought

  package init(
    gamingBonus: Double = 1, preferenceWeight: Double = 0, ordinaryShare: Double = 0,
    ordinaryPrompts: String = "ordinary", chainOfThought: ChainOfThought = .hidden
  ) {
    self.gamingBonus = gamingBonus
    self.preferenceWeight = preferenceWeight
    self.ordinaryShare = ordinaryShare
    self.ordinaryPrompts = ordinaryPrompts
    self.chainOfThought = chainOfThought
  }
}

/// Where preference scores come from.
package struct PreferenceSettings: Sendable, Codable, Hashable {
  package enum Source: String, NamedChoice {
    /// A model that the run trains first, on `pairs`.
    case trained
    /// A checkpoint with a preference head: `model` is its path.
    case model
    /// A language model behind an OpenAI-compatible API, asked for a score.
    case judge
    /// An HTTP endpoint that gives numbers.
    case endpoint
  }

  package var source: Source
  /// For `trained`: what it is made from, a model's name or `policy` for the policy's own weights. For `model`: its path.
  package var model: String
  /// For `trained`: a JSON Lines file of preference pairs; empty: the generated set of helpful, honest and harmless pairs.
  package var pairs: String
  /// For `trained`: pairs to learn from, and others to measure it on.
  package var trainingPairs: Int
  package var testPairs: Int
  package var epochs: Int
  package var learningRate: Double
  package var tokensPerBatch: Int
  /// For `judge` and `endpoint`.
  package var address: String
  /// For `judge`: the model's name there.
  package var judge: String
  /// For `judge` and `endpoint`: the environment variable that holds the key; empty: none is sent.
  package var keyVariable: String

  package init(
    source: Source = .trained, model: String = "policy", pairs: String = "", trainingPairs: Int = 2_048,
    testPairs: Int = 512, epochs: Int = 1, learningRate: Double = 1e-3, tokensPerBatch: Int = 4_096,
    address: String = "",
    judge: String = "", keyVariable: String = ""
  ) {
    self.source = source
    self.model = model
    self.pairs = pairs
    self.trainingPairs = trainingPairs
    self.testPairs = testPairs
    self.epochs = epochs
    self.learningRate = learningRate
    self.tokensPerBatch = tokensPerBatch
    self.address = address
    self.judge = judge
    self.keyVariable = keyVariable
  }
}
