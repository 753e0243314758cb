import Episodes
import Foundation
import HTTP
import LanguageModels
import NIOHTTP1
import Synchronization
import TestSupport
import Testing
import Tokenization

@testable import Policies

/// Servers that sample token by token.
struct ServerPolicyTests {
  /// A server that draws what scripts say, and stops as vLLM does: behind the token in which a stop string ends.
  private final class ScriptedServer: TokenServer {
    let address = "scripted"
    private let tokenizer: any Tokenizer
    /// What follows each text that a rollout has reached.
    private let scripts: Mutex<[[Int32]: [Int32]]>
    private let seen = Mutex<[TokenRequest]>([])
    private let fault: (@Sendable (Int) -> RemoteError?)?

    init(
      _ tokenizer: any Tokenizer, scripts: [[Int32]: [Int32]], fault: (@Sendable (Int) -> RemoteError?)? = nil
    ) {
      self.tokenizer = tokenizer
      self.scripts = Mutex(scripts)
      self.fault = fault
    }

    var requests: [TokenRequest] { seen.withLock { $0 } }

    func generate(_ request: TokenRequest) async throws -> TokenAnswer {
      let before = seen.withLock { seen in
        seen.append(request)
        return seen.count - 1
      }
      if let error = fault?(before) { throw error }
      var left = scripts.withLock { $0[request.tokens] } ?? []
      var drawn: [Int32] = []
      var text: [UInt8] = []
      while drawn.count < request.maxTokens {
        let token = left.isEmpty ? tokenizer.endOfTurn : left.removeFirst()
        drawn.append(token)
        if request.ends.contains(token) { break }
        text += tokenizer.decode(bytes: [token], after: drawn.dropLast().last ?? request.tokens.last)
        if request.stops.contains(where: { String(decoding: text, as: UTF8.self).contains($0) }) { break }
      }
      return TokenAnswer(
        tokens: drawn, logProbabilities: drawn.map { -Float($0 % 7) / 10 }, isCutOff: drawn.count == request.maxTokens)
    }

    func load(adapter folder: String, as name: String) {}
    func unload(adapter name: String) {}
  }

  private static func policy(
    _ tokenizer: any Tokenizer, _ servers: [any TokenServer], context: Int = 512, patience: Duration = .seconds(30)
  ) -> ServerPolicy {
    ServerPolicy(
      name: "s", promptStyle: .full, tokenizer: tokenizer, temperature: 1, context: context, adapter: nil,
      pool: ServerPool(servers, rest: .milliseconds(50), patience: patience))
  }

  @Test(
    "A server's draws give the texts, tokens and context that the engine in this process gives for the same draws",
    arguments: StopVocabulary.allCases)
  func asInProcess(_ vocabulary: StopVocabulary) async throws {
    let speller = try Speller(vocabulary)
    let output = "<stdout>\nrose\n</stdout>\n"
    for (index, stop) in speller.stops.enumerated() {
      let first = try speller.spell("</cot><bash>ls", stop)
      let second = try speller.spell("ok")
      let seed = UInt64(index + 1)
      let local = try StopStringTests.Scripted(speller, scripts: [seed: first + second])
      // The server is found by the text that the engine's row has read: any other context is answered by an end of turn.
      let prompt = try Segment(PolicyContract.prompt, tokenizer: speller.tokenizer).tokens
      let there = try await local.policy.begin(PolicyContract.prompt, seed: Seed(seed))
      var expected = [try await there.generate(injecting: "", stops: ["</bash>"], maxTokens: 99)]
      expected.append(try await there.generate(injecting: output, stops: ["</bash>"], maxTokens: 99))
      // What the row has read, the prompt's last token and the turn's end aside.
      let read = Array(local.log.read(seed).dropFirst())
      let context = prompt + read.dropLast(second.count)
      let server = ScriptedServer(speller.tokenizer, scripts: [prompt: first, context: second])
      let session = try await Self.policy(speller.tokenizer, [server]).begin(PolicyContract.prompt, seed: Seed(seed))
      for (piece, injected) in zip(expected, ["", output]) {
        let drawn = try await session.generate(injecting: injected, stops: ["</bash>"], maxTokens: 99)
        #expect(drawn.text == piece.text && drawn.tokens == piece.tokens && drawn.stop == piece.stop, "\(stop)")
        #expect(drawn.lastRead == piece.lastRead && drawn.injectedTokens == piece.injectedTokens)
        #expect(drawn.logProbabilities == piece.tokens.map { -Float($0 % 7) / 10 })
      }
    }
  }

  @Test("Each turn has a seed of its own; limits of tokens and of the context end a rollout as in this process")
  func limits() async throws {
    let speller = try Speller(.words)
    let prompt = try Segment(PolicyContract.prompt, tokenizer: speller.tokenizer).tokens
    let script = try speller.spell("look in the garden look in the garden")
    let server = ScriptedServer(
      speller.tokenizer, scripts: [prompt: script, prompt + script.prefix(3): Array(script.dropFirst(3))])
    let session = try await Self.policy(speller.tokenizer, [server], context: prompt.count + 5)
      .begin(PolicyContract.prompt, seed: Seed(1))
    let first = try await session.generate(injecting: "", stops: [], maxTokens: 3)
    #expect(first.tokens == Array(script.prefix(3)) && first.stop == .tokenLimit)
    let second = try await session.generate(injecting: "", stops: [], maxTokens: 9)
    #expect(second.tokens == Array(script[3..<5]) && second.stop == .contextFull)
    #expect(try await session.generate(injecting: "", stops: [], maxTokens: 9).stop == .contextFull)
    #expect(server.requests.map(\.maxTokens) == [3, 2])
    #expect(Set(server.requests.map(\.seed)).count == 2)
  }

  @Test("A turn that a server does not answer is asked of another; both share the work")
  func pool() async throws {
    let speller = try Speller(.words)
    let broken = ScriptedServer(speller.tokenizer, scripts: [:]) { _ in RemoteError(.unreachable, "gone") }
    let busy = ScriptedServer(speller.tokenizer, scripts: [:]) { before in
      before == 0 ? RemoteError(.refused(status: 503), "busy") : nil
    }
    let policy = Self.policy(speller.tokenizer, [broken, busy])
    for seed in 1...4 as ClosedRange<UInt64> {
      let session = try await policy.begin(PolicyContract.prompt, seed: Seed(seed))
      #expect(
        try await session.generate(injecting: "", stops: [], maxTokens: 9).tokens == [speller.tokenizer.endOfTurn])
    }
    #expect(busy.requests.count == 5)
    let gone = Self.policy(speller.tokenizer, [broken], patience: .milliseconds(200))
    let session = try await gone.begin(PolicyContract.prompt, seed: Seed(1))
    await #expect(throws: RemoteRunError.self) { try await session.generate(injecting: "", stops: [], maxTokens: 9) }
    let late = ScriptedServer(speller.tokenizer, scripts: [:]) { _ in RemoteError(.late, "late") }
    let slow = try await Self.policy(speller.tokenizer, [late]).begin(PolicyContract.prompt, seed: Seed(1))
    await #expect(throws: EpisodeFailure.self) { try await slow.generate(injecting: "", stops: [], maxTokens: 9) }
  }

  // MARK: vLLM's and SGLang's own words

  private static let request = TokenRequest(
    tokens: [1, 2, 3], adapter: "run-v2", stops: ["</bash>"], ends: [9], maxTokens: 4, temperature: 0.5, seed: 5 << 33)

  private static func client(_ server: RemoteServer) throws -> RemoteClient {
    try RemoteClient(RemoteSettings(address: server.address, attempts: 1), environment: [:])
  }

  private static func body(_ request: RemoteServer.Request) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: request.body) as? [String: Any])
  }

  @Test("vLLM is sent token ids and every parameter, and its token ids are taken as they are")
  func vLLM() async throws {
    let server = try await RemoteServer { request, _ in
      if request.path.contains("lora") { return .init(body: "Success: LoRA adapter added.") }
      return .init(
        body: """
          {"choices": [{"text": "x", "token_ids": [4, 9], "prompt_token_ids": [1, 2, 3], "finish_reason": "stop",
            "logprobs": {"token_logprobs": [-0.5, -1.25], "tokens": ["a", "b"]}}]}
          """)
    }
    let vLLM = VLLMServer(client: try Self.client(server), model: "qwen")
    let answer = try await vLLM.generate(Self.request)
    #expect(answer == TokenAnswer(tokens: [4, 9], logProbabilities: [-0.5, -1.25], isCutOff: false))
    let sent = try Self.body(server.requests[0])
    #expect(server.requests[0].path == "/v1/completions")
    #expect(sent["prompt"] as? [Int] == [1, 2, 3] && sent["model"] as? String == "run-v2")
    #expect(sent["cache_salt"] as? String == "run-v2" && sent["seed"] as? Int == 5 && sent["n"] as? Int == 1)
    #expect(sent["temperature"] as? Double == 0.5 && sent["top_p"] as? Double == 1 && sent["top_k"] as? Int == 0)
    #expect(sent["min_p"] as? Double == 0 && sent["repetition_penalty"] as? Double == 1)
    #expect(sent["stop"] as? [String] == ["</bash>"] && sent["stop_token_ids"] as? [Int] == [9])
    #expect(sent["return_token_ids"] as? Bool == true && sent["include_stop_str_in_output"] as? Bool == true)
    #expect(sent["skip_special_tokens"] as? Bool == false && sent["add_special_tokens"] as? Bool == false)
    try await vLLM.load(adapter: "/shared/run-v2", as: "run-v2")
    try await vLLM.unload(adapter: "run-v2")
    #expect(server.requests[1].path == "/v1/load_lora_adapter" && server.requests[2].path == "/v1/unload_lora_adapter")
    #expect(
      try Self.body(server.requests[1]) as? [String: String] == ["lora_name": "run-v2", "lora_path": "/shared/run-v2"])
  }

  @Test(
    "An answer without token ids, with more tokens than asked for, or to another prompt is an error that names the server",
    arguments: [
      "{\"choices\": [{\"text\": \"x\", \"logprobs\": {\"token_logprobs\": [-1]}}]}", "{\"choices\": []}", "<html>",
      "{\"choices\": [{\"token_ids\": [1], \"logprobs\": null}]}",
      "{\"choices\": [{\"token_ids\": [1], \"logprobs\": {\"token_logprobs\": [-1, -2]}}]}",
      "{\"choices\": [{\"token_ids\": [1], \"logprobs\": {\"token_logprobs\": [null]}}]}",
      "{\"choices\": [{\"token_ids\": [1], \"logprobs\": {\"token_logprobs\": [0.5]}}]}",
      "{\"choices\": [{\"token_ids\": [1, 1, 1, 1, 1], \"logprobs\": {\"token_logprobs\": [-1, -1, -1, -1, -1]}}]}",
      "{\"choices\": [{\"token_ids\": [1], \"prompt_token_ids\": [1, 2], \"logprobs\": {\"token_logprobs\": [-1]}}]}",
    ])
  func badAnswers(_ body: String) async throws {
    let server = try await RemoteServer { _, _ in .init(body: body) }
    let vLLM = VLLMServer(client: try Self.client(server), model: "qwen")
    let error = await #expect(throws: RemoteError.self) { try await vLLM.generate(Self.request) }
    #expect(error?.kind == .malformed && error?.description.contains(server.address) == true)
  }

  @Test("SGLang is sent token ids and every parameter, and its token ids are taken as they are")
  func sGLang() async throws {
    let server = try await RemoteServer { _, _ in
      .init(
        body: """
          {"text": "x", "output_ids": [4, 9], "meta_info": {"finish_reason": {"type": "length", "length": 2},
            "output_token_logprobs": [[-0.5, 4, null], [-1.25, 9, null]]}}
          """)
    }
    let answer = try await SGLangServer(client: try Self.client(server)).generate(Self.request)
    #expect(answer == TokenAnswer(tokens: [4, 9], logProbabilities: [-0.5, -1.25], isCutOff: true))
    let sent = try Self.body(server.requests[0])
    let parameters = try #require(sent["sampling_params"] as? [String: Any])
    #expect(server.requests[0].path == "/generate" && sent["input_ids"] as? [Int] == [1, 2, 3])
    #expect(sent["lora_path"] as? String == "run-v2" && sent["return_logprob"] as? Bool == true)
    #expect(parameters["no_stop_trim"] as? Bool == true && parameters["max_new_tokens"] as? Int == 4)
    #expect(parameters["top_k"] as? Int == -1 && parameters["sampling_seed"] as? Int == 5)
  }

  @Test("A request that SGLang dropped half-way is asked for again, and an answer to a shortened prompt is an error")
  func sGLangDrops() async throws {
    // As SGLang 0.5.23 answers after POST /abort_request, then as it answers a request that it carries out.
    let server = try await RemoteServer { _, before in
      before == 0
        ? .init(
          body: """
            {"text": "x", "output_ids": [4], "meta_info": {"prompt_tokens": 3,
              "output_token_logprobs": [[-0.5, 4, null]],
              "finish_reason": {"type": "abort", "message": "Aborted", "status_code": null, "err_type": null}}}
            """)
        : .init(
          body: """
            {"text": "x", "output_ids": [4, 9], "meta_info": {"prompt_tokens": 3,
              "output_token_logprobs": [[-0.5, 4, null], [-1.25, 9, null]],
              "finish_reason": {"type": "stop", "matched": 9}}}
            """)
    }
    let pool = ServerPool([SGLangServer(client: try Self.client(server))], rest: .milliseconds(50))
    #expect(
      try await pool.generate(Self.request)
        == TokenAnswer(tokens: [4, 9], logProbabilities: [-0.5, -1.25], isCutOff: false))
    #expect(server.requests.count == 2)
    var longer = Self.request
    longer.tokens.append(4)
    let error = await #expect(throws: RemoteRunError.self) { try await pool.generate(longer) }
    #expect(error?.description.contains("read other tokens") == true)
  }

  @Test("The end of the context that SGLang does not use is full for a rollout")
  func reserve() async throws {
    let speller = try Speller(.words)
    let prompt = try Segment(PolicyContract.prompt, tokenizer: speller.tokenizer).tokens
    let server = try await RemoteServer { _, _ in .init(status: .badRequest, body: "Input length exceeds the maximum") }
    let sGLang = SGLangServer(client: try Self.client(server))
    let full = try await Self.policy(speller.tokenizer, [sGLang], context: prompt.count + sGLang.reserve)
      .begin(PolicyContract.prompt, seed: Seed(1))
    #expect(try await full.generate(injecting: "", stops: [], maxTokens: 9).stop == .contextFull)
    #expect(server.requests.isEmpty)
  }

  // MARK: Adapters

  @Test("Each adapter has a name of its own, is loaded once, and is forgotten when two later ones are there")
  func adapters() async throws {
    let server = try await RemoteServer { _, _ in .init(body: "Success") }
    let folder = FileManager.default.temporaryDirectory.appending(path: "adapters-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let servers = try SamplingServers(
      SamplerSettings(urls: [server.address], model: "base", adapters: folder.path), run: "one", environment: [:])
    let plain = try PolicyTests.checkpoint(StopVocabulary.byteLevel.tokenizer())
    let base = try #require(plain.base)
    func policy(_ strength: Float?, _ place: String) async throws -> ServerPolicy {
      let name = "model.layers.0.self_attn.q_proj"
      let factors = strength.map {
        Adapter.Factors(
          a: Weight(shape: [1, 32], values: [Float](repeating: $0, count: 32)),
          b: Weight(shape: [32, 1], values: [Float](repeating: 0.1, count: 32)))
      }
      let adapter = factors.map { Adapter(rank: 1, alpha: 2, matrices: [name: $0]) }
      return try await servers.policy(
        ModelCheckpoint(base: base, lineage: Lineage(name: place), adapter: adapter), named: place, place: place,
        temperature: 1, promptStyle: .compact)
    }
    #expect(try await policy(nil, "start").adapter == nil)
    #expect(server.requests.isEmpty)
    let first = try #require(try await policy(0.1, "a").adapter)
    #expect(try await policy(0.1, "a").adapter == first)
    #expect(server.requests.count == 1)
    // The same name in the run with other weights is another adapter.
    let second = try #require(try await policy(0.2, "a").adapter)
    #expect(first != second && first.hasPrefix("one-a-") && second.hasPrefix("one-a-"))
    let third = try #require(try await policy(0.3, "b").adapter)
    let said = try server.requests.map { "\($0.path) \(try Self.body($0)["lora_name"] as? String ?? "")" }
    #expect(
      said == [
        "/v1/load_lora_adapter \(first)", "/v1/load_lora_adapter \(second)", "/v1/load_lora_adapter \(third)",
        "/v1/unload_lora_adapter \(first)",
      ])
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == [second, third])
    let written = try Adapter(peft: folder.appending(path: third))
    #expect(written.matrices.values.first?.a.values == [Float](repeating: 0.3, count: 32))
  }

  @Test("A server that cannot load an adapter ends the run and says what to look at; one that has it already is fine")
  func loading() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "adapters-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let checkpoint = try Self.adapted()
    func load(_ answer: String) async throws {
      let server = try await RemoteServer { _, _ in .init(status: .badRequest, body: answer) }
      let servers = try SamplingServers(
        SamplerSettings(urls: [server.address], model: "base", adapters: folder.path), run: "one", environment: [:])
      _ = try await servers.policy(checkpoint, named: "x", place: "x", temperature: 1, promptStyle: .compact)
    }
    try await load("The lora adapter 'x' has already been loaded.")
    let error = await #expect(throws: RemoteRunError.self) { try await load("No such file") }
    #expect(error?.description.contains("Does it see this folder") == true)
  }

  /// One attention matrix of a model with 32 dimensions.
  private static func adapted(_ strength: Float = 1) throws -> ModelCheckpoint {
    let base = try #require(try PolicyTests.checkpoint(StopVocabulary.byteLevel.tokenizer()).base)
    let factors = Adapter.Factors(
      a: Weight(shape: [1, 32], values: [Float](repeating: strength, count: 32)),
      b: Weight(shape: [32, 1], values: [Float](repeating: 1, count: 32)))
    return try ModelCheckpoint(
      base: base, lineage: Lineage(name: "x"),
      adapter: Adapter(rank: 1, alpha: 2, matrices: ["model.layers.0.self_attn.q_proj": factors]))
  }

  @Test("Two runs that begin with the same weights share a server: one forgets only its own adapters")
  func twoRuns() async throws {
    let server = try await RemoteServer { _, _ in .init(body: "Success") }
    let folder = FileManager.default.temporaryDirectory.appending(path: "adapters-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let settings = SamplerSettings(urls: [server.address], model: "base", adapters: folder.path)
    var kept: [String] = []
    for run in ["one", "two"] {
      let servers = try SamplingServers(settings, run: run, environment: [:])
      let strengths: [Float] = run == "one" ? [1] : [1, 2, 3]
      for strength in strengths {
        let policy = try await servers.policy(
          Self.adapted(strength), named: "start", place: "start", temperature: 1, promptStyle: .compact)
        kept.append(try #require(policy.adapter))
      }
    }
    let forgotten = try server.requests.filter { $0.path == "/v1/unload_lora_adapter" }
      .map { try Self.body($0)["lora_name"] as? String }
    #expect(forgotten == [kept[1]] && kept[1] != kept[0])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).contains(kept[0]))
  }

  /// Only root can mount the small file system that is full.
  @Test("A full disk in the folder of adapters is one error that names it", .enabled(if: geteuid() == 0))
  func fullDisk() async throws {
    let server = try await RemoteServer { _, _ in .init(body: "Success") }
    let folder = FileManager.default.temporaryDirectory.appending(path: "adapters-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    func call(_ arguments: String...) throws {
      let process = try Process.run(URL(filePath: "/usr/bin/env"), arguments: arguments)
      process.waitUntilExit()
      try #require(process.terminationStatus == 0)
    }
    try call("mount", "-t", "tmpfs", "-o", "size=8k", "none", folder.path)
    defer {
      try? call("umount", folder.path)
      try? FileManager.default.removeItem(at: folder)
    }
    try Data(count: 8_192).write(to: folder.appending(path: "others"))
    let servers = try SamplingServers(
      SamplerSettings(urls: [server.address], model: "base", adapters: folder.path), run: "one", environment: [:])
    let error = await #expect(throws: RemoteRunError.self) {
      _ = try await servers.policy(Self.adapted(), named: "x", place: "x", temperature: 1, promptStyle: .compact)
    }
    #expect(error?.description.contains("cannot be written into \(folder.path)") == true, "\(error as Any)")
    #expect(error?.description.contains("space") == true, "\(error as Any)")
    #expect(server.requests.isEmpty)
  }
}
