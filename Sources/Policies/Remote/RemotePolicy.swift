package import Episodes
internal import Foundation
import HTTP
internal import Synchronization

/// A model behind an API. It gives text and no tokens, so its episodes can be measured and not learnt from.
///
/// Most servers ignore the seed, so a repeated episode differs. The policy repeats a request only if no answer arrived
/// (`RemoteSettings.attempts`). A withheld answer and a timeout are failures of the episode. A fault that would affect every
/// episode ends the run: a rejected key, an unreachable server, a spent budget.
package struct RemotePolicy: Policy {
  package let name: String
  package let promptStyle: PromptStyle
  let model: RemoteModel
  let temperature: Double
  fileprivate let api: any RemoteAPI
  fileprivate let client: RemoteClient
  fileprivate let spending: Spending
  fileprivate let health: Health

  /// - Parameters:
  ///   - budget: what the run may use up.
  ///   - earlier: what the run used before it was resumed; it counts against the budgets.
  ///   - environment: where the key is looked up.
  /// - Throws: a `RemoteError` when a setting cannot be or the key is missing.
  package init(
    name: String, model: RemoteModel, temperature: Double = 1, promptStyle: PromptStyle = .compact,
    budget: RemoteBudget = RemoteBudget(), earlier: TokenUsage = TokenUsage(),
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    try model.validate()
    try budget.validate(with: model.prices)
    self.name = name
    self.model = model
    self.temperature = temperature
    self.promptStyle = promptStyle
    switch model.api {
    case .openai:
      client = try RemoteClient(model.server, environment: environment)
      api =
        model.form == .chat ? OpenAIChat(client: client, model: model) : OpenAICompletion(client: client, model: model)
    case .anthropic:
      client = try RemoteClient(
        model.server, environment: environment, keyHeader: "x-api-key",
        headers: [("anthropic-version", AnthropicMessages.version)])
      api = AnthropicMessages(client: client, model: model)
    }
    spending = Spending(budget, prices: model.prices, earlier: earlier)
    health = Health(mostInARow: max(8, model.server.concurrency))
  }

  package func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession {
    RemoteSession(policy: self, prompt: prompt, seed: seed)
  }
}

/// Requests in a row that came to nothing.
private final class Health: Sendable {
  private let mostInARow: Int
  private let inARow = Mutex(0)

  init(mostInARow: Int) { self.mostInARow = mostInARow }

  func succeeded() { inARow.withLock { $0 = 0 } }

  /// Counts a failure, and says whether there were too many in a row for chance.
  func failed() -> Bool {
    inARow.withLock { count in
      count += 1
      return count >= mostInARow
    }
  }
}

/// One dialogue with a model behind an API.
private actor RemoteSession: PolicySession {
  nonisolated let prompt: Segment
  private let policy: RemotePolicy
  private let seed: Seed
  private var conversation: Conversation
  private var requests = 0
  /// Whether what the model writes next stands inside an open chain of thought.
  private var isThinking: Bool

  init(policy: RemotePolicy, prompt: Prompt, seed: Seed) {
    self.policy = policy
    self.seed = seed
    conversation = Conversation(prompt, continuesAnswers: policy.model.canBeSteered)
    self.prompt = Segment(.prompt, OpenAICompletion.text(conversation))
    isThinking = policy.model.canBeSteered && prompt.opening == ProtocolTag.thought.opening
  }

  func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation {
    if !injected.isEmpty { conversation.append(injected: injected) }
    guard policy.model.canBeSteered || !conversation.isOpen else {
      throw RemoteRunError(
        "The model '\(policy.model.model)' cannot continue words that were put into its mouth. Measure an arm without steered "
          + "words, or pass --continue-answers if the server continues partial answers.")
    }
    try policy.spending.check()
    let before = conversation.answer
    let answer = try await ask(stops, maxTokens + policy.model.reasoningTokens)
    let usage = try policy.spending.add(answer, at: policy.client.address)
    if case .withheld(let why) = answer.finish {
      throw WithheldAnswer("\(policy.client.address) withheld the answer (\(why))", usage: usage)
    }
    let (text, stop) = answer.cut(after: before, stops: stops, stopsWereSent: policy.model.sendsStops)
    conversation.append(answer: text)
    let shown = answer.reasoning.isEmpty ? text : thought(answer.reasoning) + text
    isThinking = false
    return Generation(text: shown, stop: stop, usage: usage)
  }

  func read(_ message: String, opening: String) async throws -> Segment {
    conversation.append(user: message, opening: opening)
    let canBeSteered = policy.model.canBeSteered
    isThinking = canBeSteered && opening == ProtocolTag.thought.opening
    return Segment(.user, "\n\nuser: \(message)\n\nassistant: " + (canBeSteered ? opening : ""))
  }

  func end() async {}

  /// The reasoning that came in a field of its own, as hidden chain of thought; tags in it open and close nothing.
  private func thought(_ reasoning: String) -> String {
    let inert = reasoning.withoutProtocolTags
    return isThinking ? inert + "\n" : ProtocolTag.thought.opening + inert + ProtocolTag.thought.closing
  }

  private func ask(_ stops: [String], _ maxTokens: Int) async throws -> RemoteAnswer {
    requests += 1
    do {
      let answer = try await policy.api.answer(
        to: conversation, stops: stops, maxTokens: maxTokens, temperature: policy.temperature,
        seed: Int(seed[requests].value >> 33))
      policy.health.succeeded()
      return answer
    } catch let error as RemoteError where error.kind == .late {
      guard policy.health.failed() else { throw EpisodeFailure(boundary: .policy, message: error.description) }
      throw RemoteRunError(error.description)
    } catch let error as RemoteError {
      throw RemoteRunError(error.description)
    }
  }
}
