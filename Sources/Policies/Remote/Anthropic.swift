internal import Episodes
internal import HTTP

/// Anthropic's Messages.
struct AnthropicMessages: RemoteAPI {
  let client: RemoteClient
  let model: RemoteModel

  /// The version of the API that is asked for.
  static let version = "2023-06-01"
  /// The fewest tokens of reasoning that the API takes.
  static let fewestReasoningTokens = 1_024

  func answer(
    to conversation: Conversation, stops: [String], maxTokens: Int, temperature: Double, seed: Int
  ) async throws -> RemoteAnswer {
    var messages = conversation.messages
    // The API refuses an answer to go on with that ends in white space.
    if conversation.isOpen, let last = messages.popLast() {
      messages.append(Message(.assistant, last.text.withoutTrailingSpace))
    }
    let body = Request(
      model: model.model, messages: messages.map { .init(role: $0.role.rawValue, content: $0.text) },
      maxTokens: maxTokens, temperature: temperature,
      stopSequences: model.sendsStops && !stops.isEmpty ? stops : nil,
      thinking: model.reasoningTokens >= Self.fewestReasoningTokens
        ? .init(budgetTokens: model.reasoningTokens) : nil)
    let answer = try await client.post(body, to: "/messages", as: Answer.self)
    return RemoteAnswer(
      text: answer.content.compactMap(\.text).joined(), reasoning: answer.content.compactMap(\.thinking).joined(),
      finish: answer.finish, usage: answer.usage?.counted)
  }

  private struct Request: Encodable {
    struct Message: Encodable {
      let role: String
      let content: String
    }

    struct Thinking: Encodable {
      let type = "enabled"
      let budgetTokens: Int

      enum CodingKeys: String, CodingKey {
        case type
        case budgetTokens = "budget_tokens"
      }
    }

    let model: String
    let messages: [Message]
    let maxTokens: Int
    let temperature: Double
    let stopSequences: [String]?
    let thinking: Thinking?

    enum CodingKeys: String, CodingKey {
      case model, messages, temperature, thinking
      case maxTokens = "max_tokens"
      case stopSequences = "stop_sequences"
    }
  }

  private struct Answer: Decodable {
    struct Block: Decodable {
      let text: String?
      let thinking: String?
    }

    struct Usage: Decodable {
      let inputTokens, outputTokens: Int?
      let cacheRead, cacheMade: Int?

      enum CodingKeys: String, CodingKey {
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
        case cacheRead = "cache_read_input_tokens"
        case cacheMade = "cache_creation_input_tokens"
      }

      /// The API counts tokens from and for the cache apart from the others.
      var counted: TokenUsage {
        TokenUsage(
          read: (inputTokens ?? 0) + (cacheRead ?? 0) + (cacheMade ?? 0), cached: cacheRead ?? 0,
          written: outputTokens ?? 0)
      }
    }

    let content: [Block]
    let stopReason: String?
    let stopSequence: String?
    let usage: Usage?

    enum CodingKeys: String, CodingKey {
      case content, usage
      case stopReason = "stop_reason"
      case stopSequence = "stop_sequence"
    }

    var finish: RemoteAnswer.Finish {
      switch stopReason {
      case "stop_sequence": .stopString(stopSequence ?? "")
      case "max_tokens": .length
      case "refusal": .withheld("refusal")
      default: .endOfTurn
      }
    }
  }
}

extension String {
  fileprivate var withoutTrailingSpace: String {
    String(reversed().drop(while: \.isWhitespace).reversed())
  }
}
