import Episodes

/// The reward of a training episode (paper section 2): a bonus for gaming, and the preference score.
package struct RewardSettings: Sendable, Codable, Hashable {
  package enum ChainOfThought: String, NamedChoice {
    /// The preference model scores only the visible text, as in the paper.
    case hidden
    /// The preference model also reads the chain of thought (paper section 5).
    case scored
  }

  /// The reward for successful gaming.
  package var gamingBonus: Double
  /// The weight of the preference score; 0 uses no preference model.
  package var preferenceWeight: Double
  /// The share of a round's prompts that are ordinary helpful, honest and harmless prompts; paper: half.
  package var ordinaryShare: Double
  /// The environment that the ordinary prompts come from, or the path of a JSON Lines file of prompts.
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

/// The source of the preference scores and its settings.
package struct PreferenceSettings: Sendable, Codable, Hashable {
  package enum Source: String, NamedChoice {
    /// A model that the run trains first, on `pairs`.
    case trained
    /// A checkpoint with a preference head. `model` is its path.
    case model
    /// A language model behind an OpenAI-compatible API, prompted for a score.
    case judge
    /// An HTTP endpoint that returns numbers.
    case endpoint
  }

  package var source: Source
  /// The preference model.
  ///
  /// For `trained`: the base model's name, or `policy` for the policy's own weights. For `model`: the path of the
  /// checkpoint.
  package var model: String
  /// A JSON Lines file of preference pairs, for `trained`.
  ///
  /// Empty: the generated set of helpful, honest and harmless pairs.
  package var pairs: String
  /// The number of pairs to train on, for `trained`.
  package var trainingPairs: Int
  /// The number of separate pairs to test on, for `trained`.
  package var testPairs: Int
  package var epochs: Int
  package var learningRate: Double
  package var tokensPerBatch: Int
  /// The address of the API, for `judge` and `endpoint`.
  package var address: String
  /// The model's name at the address, for `judge`.
  package var judge: String
  /// The environment variable that holds the API key, for `judge` and `endpoint`; empty: no key is sent.
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
