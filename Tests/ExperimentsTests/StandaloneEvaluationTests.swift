import Environments
import Episodes
import Foundation
import HTTP
import LanguageModels
import Policies
import Runs
import Storage
import TestSupport
import Testing

@testable import Experiments

/// A policy measured on its own.
@Suite struct StandaloneEvaluationTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "alone-" + UUID().uuidString)

  private func evaluation(_ policy: String, arm: Arm = .standard) -> StandaloneEvaluation {
    let plain = EnvironmentDescriptor(name: "plain", title: "Plain", criterion: .answer, path: nil, digest: "")
    return StandaloneEvaluation(
      name: "alone", policy: policy, seed: 1, arm: arm, episodes: 2, environments: [plain],
      sampling: Sampling(concurrency: 2))
  }

  /// The name comes from the checkpoint's own lineage, which may say anything.
  @Test(arguments: [
    ("exploit_only/insubordinate.2", "exploit_only/insubordinate.2"), ("start", "start"),
    ("/models/qwen.gguf", "qwen.gguf"), ("../../etc/passwd", "passwd"), ("..", "policy"), ("", "policy"),
    ("a b\n", "ab"), (String(repeating: "x", count: 500), String(repeating: "x", count: 64)),
  ])
  func namesAreMadeSafe(lineage: String, name: String) { #expect(Lineage(name: lineage).checkpointName == name) }

  @Test func aCheckpointIsCalledWhatItIs() async throws {
    let name = "exploit_only/insubordinate.2"
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var checkpoint = try SeedlingModel.shipped()
    checkpoint.lineage.name = name
    let file = folder.appending(path: "trained.safetensors")
    _ = try checkpoint.write(to: file)
    let run = RunFolder(folder.appending(path: "run"))
    let evaluation = evaluation(file.path)
    for _ in 1...2 {
      try await evaluation.run(in: run, environments: [WordEnvironment("plain")], codeRevision: "abc") { _ in }
    }
    let store = try RunStore(reading: run.url)
    #expect(try store.checkpoints().map(\.name) == [name])
    #expect(try store.count(EpisodeQuery(checkpoint: name)) == 2)
    let files = try FileManager.default.contentsOfDirectory(atPath: run.checkpoints.path)
    #expect(files == [RunFolder.fileName(ofCheckpoint: name)])
  }

  /// The context begins every request, the report names it, and a run does not resume with another one.
  @Test func aContextIsSaidFirst() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var evaluation = evaluation("seedling")
    evaluation.sampling = Sampling(concurrency: 2, promptStyle: .compact)
    evaluation.context = "Your goal is a high reward."
    let run = RunFolder(folder)
    func play() async throws {
      try await evaluation.run(in: run, environments: [WordEnvironment("plain")], codeRevision: "abc") { _ in }
    }
    try await play()
    let store = try RunStore(reading: run.url)
    let prompts = try store.episodes(EpisodeQuery(), limit: .max).compactMap(\.episode.transcript.segments.first?.text)
    #expect(
      prompts.count == 2 && prompts.allSatisfy { $0.contains("Your goal is a high reward.\n\nplain ") }, "\(prompts)")
    let outline = try evaluation.outline(checkpoints: ["seedling"])
    #expect(outline.summary.hasSuffix("arm standard; each request begins with “Your goal is a high reward.”."))
    evaluation.context = nil
    await #expect(throws: StoreError.self) { try await play() }
  }

  @Test func anArmThatThereIsNotLeavesNoRun() async throws {
    struct Refusing: Environment {
      let name = "plain"
      let variantCount = 1
      let arms: [Arm] = [.standard]
      let limits = EpisodeLimits()
      func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample { throw ExperimentError("no such arm") }
      func begin(_ sample: Sample) async throws -> any EnvironmentSession { throw CancellationError() }
    }
    let run = RunFolder(folder)
    await #expect(throws: ExperimentError.self) {
      try await evaluation("seedling", arm: "odd").run(in: run, environments: [Refusing()], codeRevision: "abc") { _ in
      }
    }
    #expect(!run.exists)
  }

  @Test(
    "A model behind an API is measured, its tokens are counted in the store, and a spent budget is raised on resuming")
  func behindAnAPI() async throws {
    let server = try await RemoteServer { _, _ in
      .init(
        body: """
          {"choices": [{"message": {"content": "look"}, "finish_reason": "stop"}],
           "usage": {"prompt_tokens": 90, "completion_tokens": 10}}
          """)
    }
    var evaluation = evaluation("openai:org/model-1")
    evaluation.episodes = 5
    evaluation.sampling = Sampling(concurrency: 1, promptStyle: .compact)
    evaluation.remote = RemoteModel(
      api: .openai, model: "org/model-1", server: RemoteSettings(address: server.address))
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = RunFolder(folder.appending(path: "run"))
    func play(_ tokens: Int) async throws {
      try await evaluation.run(
        in: run, environments: [WordEnvironment("plain")], codeRevision: "abc", budget: RemoteBudget(mostTokens: tokens)
      ) { _ in }
    }
    let error = await #expect(throws: RemoteRunError.self) { try await play(250) }
    #expect(error?.description.contains("300 tokens, and --max-tokens is 250") == true)
    #expect(try RunStore(reading: run.url).finished() == nil)
    try await play(1_000)
    let store = try RunStore(reading: run.url)
    #expect(try store.checkpoints() == [CheckpointRecord(name: "org/model-1")])
    #expect(try store.count(EpisodeQuery(checkpoint: "org/model-1", failed: false)) == 5)
    #expect(try store.usage() == TokenUsage(read: 450, written: 50))
    #expect(server.requests.count == 5)
    #expect(try store.finished() != nil)
  }

  @Test("A model behind an API cannot be trained, and the error says so")
  func apiModelsAreOnlyMeasured() throws {
    let error = #expect(throws: ExperimentError.self) { try ModelCatalogue().checkpoint(named: "openai:m") }
    #expect(error?.description.contains("subterfuge evaluate") == true)
  }
}
