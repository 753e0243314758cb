internal import HTTP

/// vLLM's OpenAI-like completions with token ids (0.10.2 and later).
struct VLLMServer: TokenServer {
  let client: RemoteClient
  var address: String { client.address }
  /// The name of the model without an adapter.
  let model: String

  func generate(_ request: TokenRequest) async throws -> TokenAnswer {
    // A model's generation_config.json changes what is left out, so everything is said. `cache_salt` keeps the keys and values
    // of one adapter from another's.
    let name = request.adapter ?? model
    let body = Request(
      model: name, prompt: request.tokens, maxTokens: request.maxTokens, temperature: request.temperature,
      seed: Int(request.seed >> 33), stop: request.stops, stopTokenIds: request.ends, cacheSalt: name)
    let answer = try await client.post(body, to: "/v1/completions", as: Answer.self)
    guard let choice = answer.choices.first, let tokens = choice.tokenIds, let drawn = choice.logprobs?.tokenLogprobs
    else {
      throw RemoteError(
        .malformed,
        "\(client.address) gave no token ids or no log-probabilities; vLLM 0.10.2 and later give them. Is it vLLM?")
    }
    guard choice.promptTokenIds ?? request.tokens == request.tokens else {
      throw RemoteError(.malformed, "\(client.address) read other tokens than it was sent.")
    }
    return try checked(
      TokenAnswer(
        tokens: tokens, logProbabilities: drawn.map { $0 ?? .nan }, isCutOff: choice.finishReason == "length"), request)
  }

  func load(adapter folder: String, as name: String) async throws {
    try await client.tell(["lora_name": name, "lora_path": folder], to: "/v1/load_lora_adapter")
  }

  func unload(adapter name: String) async throws {
    try await client.tell(["lora_name": name], to: "/v1/unload_lora_adapter")
  }

  private struct Request: Encodable {
    let model: String
    let prompt: [Int32]
    let maxTokens: Int
    let temperature: Float
    let seed: Int
    let stop: [String]
    let stopTokenIds: [Int32]
    let cacheSalt: String
    let n = 1, logprobs = 1, topK = 0
    let topP = 1.0, minP = 0.0, repetitionPenalty = 1.0, presencePenalty = 0.0, frequencyPenalty = 0.0
    let returnTokenIds = true, includeStop = true, skipSpecialTokens = false, addSpecialTokens = false

    enum CodingKeys: String, CodingKey {
      case model, prompt, temperature, seed, stop, n, logprobs
      case maxTokens = "max_tokens"
      case stopTokenIds = "stop_token_ids"
      case cacheSalt = "cache_salt"
      case topK = "top_k"
      case topP = "top_p"
      case minP = "min_p"
      case repetitionPenalty = "repetition_penalty"
      case presencePenalty = "presence_penalty"
      case frequencyPenalty = "frequency_penalty"
      case returnTokenIds = "return_token_ids"
      case includeStop = "include_stop_str_in_output"
      case skipSpecialTokens = "skip_special_tokens"
      case addSpecialTokens = "add_special_tokens"
    }
  }

  private struct Answer: Decodable {
    struct Choice: Decodable {
      struct Logprobs: Decodable {
        let tokenLogprobs: [Float?]

        enum CodingKeys: String, CodingKey { case tokenLogprobs = "token_logprobs" }
      }

      let tokenIds, promptTokenIds: [Int32]?
      let logprobs: Logprobs?
      let finishReason: String?

      enum CodingKeys: String, CodingKey {
        case logprobs
        case tokenIds = "token_ids"
        case promptTokenIds = "prompt_token_ids"
        case finishReason = "finish_reason"
      }
    }

    let choices: [Choice]
  }
}
