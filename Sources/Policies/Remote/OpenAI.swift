internal import Episodes
internal import HTTP

/// OpenAI's chat completions, as most servers speak them.
struct OpenAIChat: RemoteAPI {
  let client: RemoteClient
  let model: RemoteModel

  func answer(
    to conversation: Conversation, stops: [String], maxTokens: Int, temperature: Double, seed: Int
  ) async throws -> RemoteAnswer {
    let isContinued = conversation.isOpen
    // OpenAI's own service refuses `max_tokens` for its later models; others know no other name.
    let isOwnService = client.address == RemoteModel.service(.openai).address
    let body = Request(
      model: model.model, messages: conversation.messages.map { .init(role: $0.role.rawValue, content: $0.text) },
      maxTokens: isOwnService ? nil : maxTokens, maxCompletionTokens: isOwnService ? maxTokens : nil,
      temperature: temperature, seed: seed, stop: model.sendsStops && !stops.isEmpty ? stops : nil,
      continueFinalMessage: isContinued ? true : nil, addGenerationPrompt: isContinued ? false : nil)
    let answer = try await client.post(
      FullSoftmaxRequest(body, of: model), to: "/chat/completions", as: Answer.self)
    guard let choice = answer.choices.first else {
      throw RemoteError(.malformed, "\(client.address) answered without a choice; it must give one.")
    }
    return RemoteAnswer(
      text: choice.message.content ?? "", reasoning: choice.message.reasoning ?? choice.message.reasoningContent ?? "",
      finish: choice.finish(stops), usage: answer.usage?.counted)
  }

  private struct Request: Encodable {
    struct Message: Encodable {
      let role: String
      let content: String
    }

    let model: String
    let messages: [Message]
    let maxTokens, maxCompletionTokens: Int?
    let temperature: Double
    let seed: Int
    let stop: [String]?
    let continueFinalMessage, addGenerationPrompt: Bool?

    enum CodingKeys: String, CodingKey {
      case model, messages, temperature, seed, stop
      case maxTokens = "max_tokens"
      case maxCompletionTokens = "max_completion_tokens"
      case continueFinalMessage = "continue_final_message"
      case addGenerationPrompt = "add_generation_prompt"
    }
  }

  private struct Answer: Decodable {
    struct Choice: Decodable, OpenAIChoice {
      struct Message: Decodable {
        let content: String?
        let reasoning: String?
        let reasoningContent: String?

        enum CodingKeys: String, CodingKey {
          case content, reasoning
          case reasoningContent = "reasoning_content"
        }
      }

      let message: Message
      let finishReason: String?
      let stopReason, matchedStop: OpenAIStopReason?

      enum CodingKeys: String, CodingKey {
        case message
        case finishReason = "finish_reason"
        case stopReason = "stop_reason"
        case matchedStop = "matched_stop"
      }
    }

    let choices: [Choice]
    let usage: OpenAIUsage?
  }
}

/// OpenAI's completions of one text, for base models.
struct OpenAICompletion: RemoteAPI {
  let client: RemoteClient
  let model: RemoteModel

  /// What begins a message of the user in the text: the model has ended its turn when it writes this.
  static let nextUser = "\nuser:"

  func answer(
    to conversation: Conversation, stops: [String], maxTokens: Int, temperature: Double, seed: Int
  ) async throws -> RemoteAnswer {
    let body = Request(
      model: model.model, prompt: Self.text(conversation), maxTokens: maxTokens, temperature: temperature, seed: seed,
      stop: model.sendsStops ? stops + [Self.nextUser] : nil)
    let answer = try await client.post(FullSoftmaxRequest(body, of: model), to: "/completions", as: Answer.self)
    guard let choice = answer.choices.first else {
      throw RemoteError(.malformed, "\(client.address) answered without a choice; it must give one.")
    }
    let text = choice.text.firstRange(of: Self.nextUser).map { String(choice.text[..<$0.lowerBound]) } ?? choice.text
    return RemoteAnswer(text: text, finish: choice.finish(stops), usage: answer.usage?.counted)
  }

  /// The dialogue as one text, up to the model's next word.
  static func text(_ conversation: Conversation) -> String {
    let turns =
      conversation.messages.map { "\($0.role.rawValue): \($0.text)" } + (conversation.isOpen ? [] : ["assistant: "])
    return turns.joined(separator: "\n\n")
  }

  private struct Request: Encodable {
    let model: String
    let prompt: String
    let maxTokens: Int
    let temperature: Double
    let seed: Int
    let stop: [String]?

    enum CodingKeys: String, CodingKey {
      case model, prompt, temperature, seed, stop
      case maxTokens = "max_tokens"
    }
  }

  private struct Answer: Decodable {
    struct Choice: Decodable, OpenAIChoice {
      let text: String
      let finishReason: String?
      let stopReason, matchedStop: OpenAIStopReason?

      enum CodingKeys: String, CodingKey {
        case text
        case finishReason = "finish_reason"
        case stopReason = "stop_reason"
        case matchedStop = "matched_stop"
      }
    }

    let choices: [Choice]
    let usage: OpenAIUsage?
  }
}

/// A request that asks for the full softmax, in the words of vLLM, SGLang and llama.cpp. Their own defaults truncate it and
/// punish repetition: llama.cpp's server keeps the 40 most probable tokens, and vLLM follows the model's
/// `generation_config.json`. OpenAI's service refuses these words and needs none.
private struct FullSoftmaxRequest<Body: Encodable>: Encodable {
  private let body: Body
  private let isAsked: Bool

  init(_ body: Body, of model: RemoteModel) {
    self.body = body
    isAsked = !model.serverSampling && model.server.address != RemoteModel.service(.openai).address
  }

  private enum CodingKeys: String, CodingKey {
    case topP = "top_p"
    case topK = "top_k"
    case minP = "min_p"
    case repetitionPenalty = "repetition_penalty"
    case repeatPenalty = "repeat_penalty"
  }

  func encode(to encoder: any Encoder) throws {
    try body.encode(to: encoder)
    guard isAsked else { return }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(1, forKey: .topP)
    // More than any vocabulary has. For "all", one server takes 0, another -1, and each refuses the other.
    try container.encode(1 << 20, forKey: .topK)
    try container.encode(0, forKey: .minP)
    try container.encode(1, forKey: .repetitionPenalty)
    try container.encode(1, forKey: .repeatPenalty)
  }
}

/// What both kinds of answer say about their end.
private protocol OpenAIChoice {
  var finishReason: String? { get }
  var stopReason: OpenAIStopReason? { get }
  var matchedStop: OpenAIStopReason? { get }
}

extension OpenAIChoice {
  /// - Parameter stops: those of the episode. Any other that is met ends the turn.
  func finish(_ stops: [String]) -> RemoteAnswer.Finish {
    if let met = stopReason?.text ?? matchedStop?.text { return stops.contains(met) ? .stopString(met) : .endOfTurn }
    switch finishReason {
    case "length": return .length
    case "content_filter": return .withheld("content_filter")
    case "abort": return .withheld("abort")
    default: return .stopped
    }
  }
}

/// The stop string that was met, which vLLM names in `stop_reason` and SGLang in `matched_stop`; a token's number where
/// a token ended the turn.
private struct OpenAIStopReason: Decodable {
  let text: String?

  init(from decoder: any Decoder) throws {
    text = try? decoder.singleValueContainer().decode(String.self)
  }
}

private struct OpenAIUsage: Decodable {
  struct Read: Decodable {
    let cached: Int?

    enum CodingKeys: String, CodingKey { case cached = "cached_tokens" }
  }

  struct Written: Decodable {
    let reasoning: Int?

    enum CodingKeys: String, CodingKey { case reasoning = "reasoning_tokens" }
  }

  let promptTokens: Int?
  let completionTokens: Int?
  let read: Read?
  let written: Written?

  enum CodingKeys: String, CodingKey {
    case promptTokens = "prompt_tokens"
    case completionTokens = "completion_tokens"
    case read = "prompt_tokens_details"
    case written = "completion_tokens_details"
  }

  var counted: TokenUsage {
    TokenUsage(
      read: promptTokens ?? 0, cached: read?.cached ?? 0, written: completionTokens ?? 0,
      reasoning: written?.reasoning ?? 0)
  }
}
