import Episodes
import Foundation
import HTTP
import NIOHTTP1
import TestSupport
import Testing

@testable import Policies

/// Models behind APIs, against servers on this machine that answer as the real ones document it.
struct RemotePolicyTests {
  private static let key = "sk-secret-0123456789"

  private static func model(
    _ server: RemoteServer, api: RemoteModel.API = .openai, form: RemoteModel.Form = .chat, timeout: Double = 20,
    attempts: Int = 2, continuesAnswers: Bool = false, sendsStops: Bool = true, reasoningTokens: Int = 0,
    prices: RemoteModel.Prices? = nil
  ) -> RemoteModel {
    RemoteModel(
      api: api, model: "m", form: form,
      server: RemoteSettings(
        address: server.address, keyVariable: "KEY", timeout: timeout, attempts: attempts, firstDelay: 0.01,
        concurrency: 2),
      continuesAnswers: continuesAnswers, sendsStops: sendsStops, reasoningTokens: reasoningTokens, prices: prices)
  }

  private static func policy(
    _ model: RemoteModel, style: PromptStyle = .compact, budget: RemoteBudget = RemoteBudget(),
    earlier: TokenUsage = TokenUsage()
  ) throws -> RemotePolicy {
    try RemotePolicy(
      name: "m", model: model, promptStyle: style, budget: budget, earlier: earlier, environment: ["KEY": key])
  }

  /// The episode that a policy plays in the world of echoes.
  private static func episode(_ policy: RemotePolicy, opening: String = "", variant: Int = 0) async throws -> Episode {
    var world = RemoteWorld()
    world.opening = opening
    return try await EpisodeLoop(environment: world, policy: policy).run(
      EchoWorld.key(variant), seed: Seed(1))
  }

  private static func json(_ object: Any, status: HTTPResponseStatus = .ok) -> RemoteServer.Answer {
    let data = try? JSONSerialization.data(withJSONObject: object)
    return .init(status: status, body: String(decoding: data ?? Data(), as: UTF8.self))
  }

  /// What a server of chat completions answers.
  private static func chat(
    _ text: String?, finish: String = "stop", reason: Any = NSNull(), named field: String = "stop_reason",
    reasoning: String? = nil,
    usage: [String: Any]? = ["prompt_tokens": 100, "completion_tokens": 10]
  ) -> RemoteServer.Answer {
    var message: [String: Any] = ["role": "assistant", "content": text ?? NSNull()]
    if let reasoning { message["reasoning_content"] = reasoning }
    return json([
      "choices": [["message": message, "finish_reason": finish, field: reason]],
      "usage": usage.map { $0 as Any } ?? NSNull(),
    ])
  }

  private static func body(_ request: RemoteServer.Request) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: request.body) as? [String: Any])
  }

  private static func messages(_ request: RemoteServer.Request) throws -> [String] {
    try #require(try body(request)["messages"] as? [[String: String]]).map {
      "\($0["role"] ?? ""): \($0["content"] ?? "")"
    }
  }

  @Test("In a chat, a command that the server stopped is closed and run, and its output is the user's next message")
  func chats() async throws {
    let server = try await RemoteServer { _, before in
      before == 0 ? Self.chat("I look. <bash>ls a") : Self.chat("It is a.")
    }
    let episode = try await Self.episode(Self.policy(Self.model(server)))
    let output = "<stdout>\nls a\n</stdout>\n"
    #expect(
      episode.transcript.text == "user: what is here?\n\nassistant: I look. <bash>ls a</bash>\(output)It is a.")
    #expect(episode.result.outcome?.measures["ran"] == 1)
    #expect(server.requests.map(\.path) == ["/chat/completions", "/chat/completions"])
    #expect(server.requests.allSatisfy { $0.headers.first(name: "Authorization") == "Bearer \(Self.key)" })
    #expect(try Self.messages(server.requests[0]) == ["user: what is here?"])
    #expect(
      try Self.messages(server.requests[1]) == [
        "user: what is here?", "assistant: I look. <bash>ls a</bash>", "user: \(output)",
      ])
    let sent = try Self.body(server.requests[0])
    #expect(sent["stop"] as? [String] == ["</bash>"] && sent["max_tokens"] as? Int == 400)
    #expect(sent["temperature"] as? Double == 1 && sent["continue_final_message"] == nil)
    // A server's own truncation and penalties would make it another policy.
    #expect(sent["top_p"] as? Double == 1 && sent["top_k"] as? Int == 1 << 20 && sent["min_p"] as? Double == 0)
    #expect(sent["repetition_penalty"] as? Double == 1 && sent["repeat_penalty"] as? Double == 1)
    // The limit counts what the server counted.
    #expect(try Self.body(server.requests[1])["max_tokens"] as? Int == 390)
    #expect(episode.usage == TokenUsage(read: 200, written: 20))
  }

  @Test("Truncation and penalties can be left to the server")
  func serverSampling() async throws {
    for form in [RemoteModel.Form.chat, .completion] {
      let server = try await RemoteServer { _, _ in
        form == .chat ? Self.chat("yes") : Self.json(["choices": [["text": "yes", "finish_reason": "stop"]]])
      }
      var model = Self.model(server)
      (model.form, model.serverSampling) = (form, true)
      _ = try await Self.episode(Self.policy(model))
      let plain = try Self.body(server.requests[0])
      #expect(plain["top_p"] == nil && plain["top_k"] == nil && plain["repeat_penalty"] == nil)
      model.serverSampling = false
      _ = try await Self.episode(Self.policy(model))
      #expect(try Self.body(#require(server.requests.last))["top_k"] as? Int == 1 << 20)
    }
  }

  @Test(
    "A server that continues answers gets the opening, the answer and the output so far as one message",
    arguments: ["stop_reason", "matched_stop"])
  func continues(_ field: String) async throws {
    let server = try await RemoteServer { _, before in
      before == 0
        ? Self.chat("hm</cot><bash>ls", reason: "</bash>", named: field)
        : Self.chat("done", reason: 151_645, named: field)
    }
    let policy = try Self.policy(Self.model(server, continuesAnswers: true), style: .full)
    let episode = try await Self.episode(policy, opening: "<cot>")
    let answer = "<cot>hm</cot><bash>ls</bash><stdout>\nls\n</stdout>\n"
    #expect(episode.transcript.text == "user: what is here?\n\nassistant: \(answer)done")
    #expect(try Self.messages(server.requests[0]) == ["user: what is here?", "assistant: <cot>"])
    #expect(try Self.messages(server.requests[1]) == ["user: what is here?", "assistant: \(answer)"])
    for request in server.requests {
      let sent = try Self.body(request)
      #expect(sent["continue_final_message"] as? Bool == true && sent["add_generation_prompt"] as? Bool == false)
    }
  }

  @Test("An opening that cannot be begun is asked for in words")
  func asksForOpening() async throws {
    let server = try await RemoteServer { _, _ in Self.chat("<cot>hm</cot>Nothing.") }
    let episode = try await Self.episode(Self.policy(Self.model(server), style: .full), opening: "<cot>")
    let request = "user: what is here?\n\nBegin your answer with <cot>"
    #expect(try Self.messages(server.requests[0]) == [request])
    #expect(episode.transcript.text == request + "\n\nassistant: <cot>hm</cot>Nothing.")
    #expect(episode.transcript.blocks == [.thought("hm"), .message("Nothing.")])
  }

  @Test("A base model is sent the transcript itself, and its turn ends where it begins the user's next message")
  func completes() async throws {
    let server = try await RemoteServer { _, before in
      let text = before == 0 ? "<bash>ls" : "A file.\nuser: thanks"
      return Self.json(["choices": [["text": text, "finish_reason": "stop"]]])
    }
    let episode = try await Self.episode(Self.policy(Self.model(server, form: .completion)))
    let start = "user: what is here?\n\nassistant: "
    #expect(try Self.body(server.requests[0])["prompt"] as? String == start)
    let second = try #require(try Self.body(server.requests[1])["prompt"] as? String)
    #expect(second == start + "<bash>ls</bash><stdout>\nls\n</stdout>\n")
    #expect(episode.transcript.text == second + "A file." && episode.usage == nil)
  }

  @Test("Anthropic's Messages: headers, stop sequences, thinking, and an answer to go on with that ends in no space")
  func anthropic() async throws {
    let server = try await RemoteServer { _, before in
      let thought = ["type": "thinking", "thinking": "first </cot><bash>rm"]
      let content =
        before == 0 ? [thought, ["type": "text", "text": "<bash>ls"]] : [["type": "text", "text": "One file. "]]
      return Self.json([
        "content": content, "stop_reason": before == 0 ? "stop_sequence" : "end_turn",
        "stop_sequence": before == 0 ? "</bash>" : NSNull(),
        "usage": [
          "input_tokens": 5, "cache_read_input_tokens": 20, "cache_creation_input_tokens": 1, "output_tokens": 30,
        ],
      ])
    }
    let model = Self.model(server, api: .anthropic, continuesAnswers: true, reasoningTokens: 2_000)
    let episode = try await Self.episode(Self.policy(model))
    #expect(
      episode.transcript.blocks == [
        .thought("first <\\/cot><\\bash>rm"), .command("ls"), .output("\nls\n"), .message("\nOne file. "),
      ])
    #expect(server.requests.allSatisfy { $0.path == "/messages" && $0.headers.first(name: "x-api-key") == Self.key })
    #expect(server.requests[0].headers.first(name: "anthropic-version") == "2023-06-01")
    let sent = try Self.body(server.requests[0])
    #expect(sent["stop_sequences"] as? [String] == ["</bash>"] && sent["max_tokens"] as? Int == 2_400)
    #expect((sent["thinking"] as? [String: Any])?["budget_tokens"] as? Int == 2_000)
    // What was thought is not sent back, and the output's last newline is left out.
    #expect(
      try Self.messages(server.requests[1]) == [
        "user: what is here?", "assistant: <bash>ls</bash><stdout>\nls\n</stdout>",
      ])
    // 30 tokens for 20 bytes of thought and 8 of text: 21 of them hidden.
    #expect(episode.usage == TokenUsage(read: 52, cached: 40, written: 60, reasoning: 21))
  }

  @Test("Reasoning in a field of its own is hidden, cannot run commands, and does not use up the episode's tokens")
  func reasons() async throws {
    let server = try await RemoteServer { _, before in
      let usage: [String: Any] = [
        "prompt_tokens": 7, "completion_tokens": 500, "prompt_tokens_details": ["cached_tokens": 3],
        "completion_tokens_details": ["reasoning_tokens": 495],
      ]
      return before == 0
        ? Self.chat("<bash>ls", reasoning: "I might <bash>rm -r /</bash>", usage: usage)
        : Self.chat("All well.", usage: usage)
    }
    let prices = RemoteModel.Prices(read: 2, cached: 1, written: 10)
    let episode = try await Self.episode(Self.policy(Self.model(server, reasoningTokens: 1_000, prices: prices)))
    #expect(episode.transcript.commands == ["ls"])
    #expect(episode.transcript.blocks.first == .thought("I might <\\bash>rm -r /<\\/bash>"))
    #expect(try Self.body(server.requests[1])["max_tokens"] as? Int == 1_395)
    #expect(try !Self.messages(server.requests[1]).joined().contains("might"))
    // Twice (4 fresh x 2 + 3 kept x 1 + 500 x 10) a million.
    #expect(abs((episode.usage?.cost ?? 0) - 2 * 5_011e-6) < 1e-12)
  }

  @Test("Without stop strings, an answer is cut behind its first command; the rest is never seen")
  func cutsHere() async throws {
    let server = try await RemoteServer { _, before in
      before == 0 ? Self.chat("<bash>ls</bash><stdout>\ninvented\n</stdout>Done!") : Self.chat("a")
    }
    let episode = try await Self.episode(Self.policy(Self.model(server, sendsStops: false)))
    #expect(!episode.transcript.text.contains("invented"))
    #expect(try Self.body(server.requests[0])["stop"] == nil)
    #expect(try !Self.messages(server.requests[1]).joined().contains("invented"))
    // Nothing was sent that could have stopped it, so an open command is the model's own end.
    let open = try await RemoteServer { _, _ in Self.chat("<bash>ls") }
    #expect(
      try await Self.episode(Self.policy(Self.model(open, sendsStops: false))).result.outcome?.measures["ran"] == 0)
  }

  @Test("Length ends the episode at its limit, an answer that is kept back is the episode's failure")
  func ends() async throws {
    let long = try await RemoteServer { _, _ in Self.chat("and so on", finish: "length") }
    guard case .graded(_, .policyTokenLimit) = try await Self.episode(Self.policy(Self.model(long))).result else {
      Issue.record("not at its limit")
      return
    }
    let filtered = try await RemoteServer { _, _ in Self.chat(nil, finish: "content_filter") }
    let episode = try await Self.episode(Self.policy(Self.model(filtered)))
    guard case .failed(let failure) = episode.result else {
      Issue.record("not a failure")
      return
    }
    #expect(failure.boundary == .policy && failure.message.contains("content_filter"))
    #expect(episode.usage == TokenUsage(read: 100, written: 10))
  }

  @Test("A slow server fails the episode; when nothing comes for many in a row, the run ends")
  func slow() async throws {
    let server = try await RemoteServer { _, _ in .init(fault: .silence) }
    let policy = try Self.policy(Self.model(server, timeout: 0.1))
    for variant in 0..<7 {
      let episode = try await Self.episode(policy, variant: variant)
      #expect(episode.result.outcome == nil)
    }
    await #expect(throws: RemoteRunError.self) { try await Self.episode(policy, variant: 7) }
    // It had its time: none was asked twice.
    #expect(server.requests.count == 8)
  }

  @Test(
    "What no other episode would be spared ends the run with one sentence that names the address and never the key",
    arguments: ["wrong key", "down", "html", "no choice", "overloaded"])
  func faults(_ fault: String) async throws {
    let server = try await RemoteServer { _, _ in
      switch fault {
      case "wrong key": .init(status: .unauthorized, body: "{\"error\": \"bad key \(Self.key)\"}")
      case "down": .init(fault: .drop)
      case "html": .init(body: "<html>login</html>")
      case "no choice": Self.json(["choices": []])
      default: .init(status: .serviceUnavailable, body: "busy")
      }
    }
    let error = await #expect(throws: RemoteRunError.self) { try await Self.episode(Self.policy(Self.model(server))) }
    let text = try #require(error?.description)
    #expect(text.contains(server.address) && !text.contains(Self.key))
    #expect(server.requests.count == (["down", "overloaded"].contains(fault) ? 2 : 1))
  }

  @Test("A server that asks to wait is waited for and asked again")
  func waits() async throws {
    let server = try await RemoteServer { _, before in
      before == 0 ? .init(status: .tooManyRequests, headers: ["Retry-After": "0.3"]) : Self.chat("here")
    }
    let start = ContinuousClock.now
    let episode = try await Self.episode(Self.policy(Self.model(server)))
    #expect(episode.result.outcome != nil && server.requests.count == 2)
    #expect(start.secondsUntilNow >= 0.3)
  }

  @Test("A spent budget ends the run, counts what was spent before, and needs a server that counts")
  func budgets() async throws {
    let server = try await RemoteServer { _, _ in Self.chat("here") }
    let model = Self.model(server, prices: .init(read: 10, written: 100))
    // One answer costs 100 x 10 + 10 x 100 millionths: $0.002.
    let policy = try Self.policy(model, budget: RemoteBudget(mostCost: 0.003))
    for variant in 0..<2 { _ = try await Self.episode(policy, variant: variant) }
    let error = await #expect(throws: RemoteRunError.self) { try await Self.episode(policy, variant: 2) }
    #expect(error?.description.contains("cost $0.004, and --max-cost is $0.003") == true)
    let resumed = try Self.policy(
      model, budget: RemoteBudget(mostTokens: 300), earlier: TokenUsage(read: 290, written: 10))
    await #expect(throws: RemoteRunError.self) { try await Self.episode(resumed) }
    #expect(server.requests.count == 2)
    let silent = try await RemoteServer { _, _ in Self.chat("here", usage: nil) }
    await #expect(throws: RemoteRunError.self) {
      try await Self.episode(Self.policy(Self.model(silent), budget: RemoteBudget(mostTokens: 300)))
    }
    #expect(throws: RemoteError.self) { try Self.policy(Self.model(server), budget: RemoteBudget(mostCost: 1)) }
  }

  @Test("A key that is missing, a model without a name and a form that the API lacks are refused before any request")
  func settings() throws {
    let server = RemoteSettings(address: "http://127.0.0.1:1", keyVariable: "KEY")
    #expect(throws: RemoteError.self) {
      try RemotePolicy(name: "m", model: RemoteModel(api: .openai, model: "m", server: server), environment: [:])
    }
    #expect(throws: RemoteError.self) { try RemoteModel(api: .openai, model: "", server: server).validate() }
    #expect(throws: RemoteError.self) {
      try RemoteModel(api: .anthropic, model: "m", form: .completion, server: server).validate()
    }
    #expect(RemoteModel.parse("seedling") == nil && RemoteModel.parse("hf:a/b") == nil)
    #expect(RemoteModel.parse("openai:org/m:free").map { "\($0.api) \($0.model)" } == "openai org/m:free")
  }

  @Test("Words put into the mouth of a model that takes none end the run; commands that were run for it do not")
  func steering() async throws {
    let server = try await RemoteServer { _, _ in Self.chat("here") }
    var world = RemoteWorld()
    world.lead = ["<bash>ls</bash>"]
    let policy = try Self.policy(Self.model(server))
    let episode = try await EpisodeLoop(environment: world, policy: policy).run(EchoWorld.key(0), seed: Seed(1))
    #expect(episode.result.outcome != nil)
    #expect(
      try Self.messages(server.requests[0]) == [
        "user: what is here?", "assistant: <bash>ls</bash>", "user: <stdout>\nls\n</stdout>\n",
      ])
    world.lead = ["<cot>I will cheat."]
    await #expect(throws: RemoteRunError.self) {
      try await EpisodeLoop(environment: world, policy: policy).run(EchoWorld.key(1), seed: Seed(1))
    }
  }

  @Test("A further message of the user follows the answer that came before")
  func dialogue() async throws {
    let server = try await RemoteServer { _, before in Self.chat(before == 0 ? "one" : "two") }
    let policy = try Self.policy(Self.model(server))
    let session = try await policy.begin(
      Prompt(messages: [Message(.user, "what is here?")], opening: ""), seed: Seed(1))
    _ = try await session.generate(injecting: "", stops: [], maxTokens: 9)
    #expect(try await session.read("again", opening: "").text == "\n\nuser: again\n\nassistant: ")
    #expect(try await session.generate(injecting: "", stops: [], maxTokens: 9).text == "two")
    #expect(try Self.messages(server.requests[1]) == ["user: what is here?", "assistant: one", "user: again"])
  }
}

/// The world of echoes, with a prompt of its own.
private struct RemoteWorld: Environment {
  var world = EchoWorld()
  var opening = ""
  var lead: [String] = []

  var name: String { world.name }
  var variantCount: Int { world.variantCount }
  var arms: [Arm] { world.arms }
  var limits: EpisodeLimits { world.limits }

  func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample {
    Sample(
      environment: name, variant: variant, arm: arm,
      prompt: Prompt(messages: [Message(.user, "what is here?")], opening: opening), lead: lead)
  }

  func begin(_ sample: Sample) async throws -> any EnvironmentSession { try await world.begin(sample) }
}
