import Episodes
package import HTTP

/// A model behind an API, and the form of the requests to it.
package struct RemoteModel: Sendable, Codable, Hashable {
  /// What the server speaks.
  package enum API: String, NamedChoice {
    /// OpenAI's, as vLLM, SGLang, llama.cpp, OpenRouter and most others speak it.
    case openai
    /// Anthropic's Messages.
    case anthropic
  }

  /// How a dialogue is put to the model.
  package enum Form: String, NamedChoice {
    /// As messages, in the server's own chat template.
    case chat
    /// As one text that the model continues, for base models. Only OpenAI's API offers it.
    case completion
  }

  /// US dollars for a million tokens.
  package struct Prices: Sendable, Codable, Hashable {
    package var read: Double
    /// For tokens that the server had kept; as `read` when it is not given.
    package var cached: Double?
    package var written: Double

    package init(read: Double, cached: Double? = nil, written: Double) {
      self.read = read
      self.cached = cached
      self.written = written
    }

    func cost(of usage: TokenUsage) -> Double {
      let fresh = Double(usage.read - usage.cached) * read
      return (fresh + Double(usage.cached) * (cached ?? read) + Double(usage.written) * written) / 1_000_000
    }
  }

  package var api: API
  /// The model's name on the server.
  package var model: String
  package var form: Form
  /// Where the server is. The key's variable is stored, the key never.
  package var server: RemoteSettings
  /// Whether the server continues partial answers. Otherwise no words can be put into the model's mouth: the request asks
  /// for an opening in words, and tool output is a message of the user.
  package var continuesAnswers: Bool
  /// Whether requests contain stop strings. Some reasoning models reject them; their answers are cut after they arrive.
  package var sendsStops: Bool
  /// The number of tokens for hidden reasoning that an answer may use beyond the episode's limit.
  package var reasoningTokens: Int
  package var prices: Prices?
  /// Whether the server's own truncation and penalties apply. Otherwise a server that is not OpenAI's is asked for the full
  /// softmax, as policies in this process are sampled.
  package var serverSampling: Bool

  package init(
    api: API, model: String, form: Form = .chat, server: RemoteSettings, continuesAnswers: Bool = false,
    sendsStops: Bool = true, reasoningTokens: Int = 0, prices: Prices? = nil, serverSampling: Bool = false
  ) {
    self.api = api
    self.model = model
    self.form = form
    self.server = server
    self.continuesAnswers = continuesAnswers
    self.sendsStops = sendsStops
    self.reasoningTokens = reasoningTokens
    self.prices = prices
    self.serverSampling = serverSampling
  }

  /// The API and the model that a name like `openai:MODEL` stands for; `nil` for all other names.
  package static func parse(_ name: String) -> (api: API, model: String)? {
    guard let colon = name.firstIndex(of: ":"), let api = API(rawValue: String(name[..<colon])) else { return nil }
    return (api, String(name[name.index(after: colon)...]))
  }

  /// The address and the key's variable of the API's own service.
  package static func service(_ api: API) -> (address: String, keyVariable: String) {
    switch api {
    case .openai: ("https://api.openai.com/v1", "OPENAI_API_KEY")
    case .anthropic: ("https://api.anthropic.com/v1", "ANTHROPIC_API_KEY")
    }
  }

  /// Whether an answer can start with words that the experimenter chose.
  package var canBeSteered: Bool { continuesAnswers || form == .completion }

  /// Throws a `RemoteError` that says which setting cannot be.
  package func validate() throws {
    try server.validate()
    guard !model.isEmpty else {
      throw RemoteError(.settings, "'\(api.rawValue):' names no model; write \(api.rawValue):MODEL.")
    }
    guard form == .chat || api == .openai else {
      throw RemoteError(.settings, "Anthropic's API has no raw completion; leave --form out.")
    }
    guard (0...1_000_000).contains(reasoningTokens) else {
      throw RemoteError(.settings, "The tokens for hidden reasoning must lie between 0 and 1,000,000.")
    }
    if let prices {
      guard [prices.read, prices.cached ?? 0, prices.written].allSatisfy({ $0.isFinite && $0 >= 0 }) else {
        throw RemoteError(.settings, "The prices of a million tokens must be 0 or more.")
      }
    }
  }
}

/// What a run may use up of a model behind an API. It may be raised when the run is resumed.
package struct RemoteBudget: Sendable, Hashable {
  /// US dollars after which no further request is made.
  package var mostCost: Double?
  /// Tokens read and written after which no further request is made.
  package var mostTokens: Int?

  package init(mostCost: Double? = nil, mostTokens: Int? = nil) {
    self.mostCost = mostCost
    self.mostTokens = mostTokens
  }

  /// Throws a `RemoteError` that says which budget cannot be.
  package func validate(with prices: RemoteModel.Prices?) throws {
    guard mostTokens ?? 1 > 0, (mostCost ?? 1).isFinite, mostCost ?? 1 > 0 else {
      throw RemoteError(.settings, "--max-cost and --max-tokens must be above 0.")
    }
    guard mostCost == nil || prices != nil else {
      throw RemoteError(
        .settings, "--max-cost needs the prices of a million tokens: give --price-read and --price-written.")
    }
  }
}
