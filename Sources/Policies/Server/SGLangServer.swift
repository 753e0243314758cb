internal import HTTP

/// SGLang's own interface, with token ids.
struct SGLangServer: TokenServer {
  let client: RemoteClient
  var address: String { client.address }
  /// A prompt must be shorter than the context less six tokens, and is refused otherwise.
  var reserve: Int { 6 }

  func generate(_ request: TokenRequest) async throws -> TokenAnswer {
    let body = Request(
      inputIds: request.tokens, loraPath: request.adapter,
      parameters: .init(
        maxNewTokens: request.maxTokens, temperature: request.temperature, stop: request.stops,
        stopTokenIds: request.ends, seed: Int(request.seed >> 33)))
    let answer = try await client.post(body, to: "/generate", as: Answer.self)
    // Somebody told the server to drop its requests. Half a turn is useless, so the request is sent again.
    guard answer.meta.finishReason?.type != "abort" else {
      throw RemoteError(.refused(status: 503), "\(client.address) dropped the request before its end.")
    }
    // Started with --allow-auto-truncate, it cuts prompts that are too long.
    guard answer.meta.promptTokens ?? request.tokens.count == request.tokens.count else {
      throw RemoteError(.malformed, "\(client.address) read other tokens than it was sent.")
    }
    guard let drawn = answer.meta.drawn else {
      throw RemoteError(.malformed, "\(client.address) gave no log-probabilities. Is it SGLang?")
    }
    return try checked(
      TokenAnswer(
        tokens: answer.outputIds ?? drawn.map(\.token), logProbabilities: drawn.map(\.logProbability),
        isCutOff: answer.meta.finishReason?.type == "length"), request)
  }

  func load(adapter folder: String, as name: String) async throws {
    try await client.tell(["lora_name": name, "lora_path": folder], to: "/load_lora_adapter")
  }

  func unload(adapter name: String) async throws {
    try await client.tell(["lora_name": name], to: "/unload_lora_adapter")
  }

  private struct Request: Encodable {
    struct Parameters: Encodable {
      let maxNewTokens: Int
      let temperature: Float
      let stop: [String]
      let stopTokenIds: [Int32]
      let seed: Int
      let topP = 1.0, minP = 0.0, topK = -1, repetitionPenalty = 1.0
      let noStopTrim = true, skipSpecialTokens = false

      enum CodingKeys: String, CodingKey {
        case temperature, stop
        case maxNewTokens = "max_new_tokens"
        case stopTokenIds = "stop_token_ids"
        case seed = "sampling_seed"
        case topP = "top_p"
        case minP = "min_p"
        case topK = "top_k"
        case repetitionPenalty = "repetition_penalty"
        case noStopTrim = "no_stop_trim"
        case skipSpecialTokens = "skip_special_tokens"
      }
    }

    let inputIds: [Int32]
    let loraPath: String?
    let parameters: Parameters
    let returnLogprob = true

    enum CodingKeys: String, CodingKey {
      case inputIds = "input_ids"
      case loraPath = "lora_path"
      case parameters = "sampling_params"
      case returnLogprob = "return_logprob"
    }
  }

  private struct Answer: Decodable {
    /// `[log-probability, token, text]`
    struct Drawn: Decodable {
      let logProbability: Float
      let token: Int32

      init(from decoder: any Decoder) throws {
        var entry = try decoder.unkeyedContainer()
        logProbability = try entry.decode(Float.self)
        token = try entry.decode(Int32.self)
      }
    }

    struct Meta: Decodable {
      struct Finish: Decodable {
        let type: String?
      }

      let drawn: [Drawn]?
      let finishReason: Finish?
      let promptTokens: Int?

      enum CodingKeys: String, CodingKey {
        case drawn = "output_token_logprobs"
        case promptTokens = "prompt_tokens"
        case finishReason = "finish_reason"
      }
    }

    let outputIds: [Int32]?
    let meta: Meta

    enum CodingKeys: String, CodingKey {
      case outputIds = "output_ids"
      case meta = "meta_info"
    }
  }
}
