import Episodes
import Foundation
import Runs
import Storage
import Testing

/// A whole run from a downloaded model: warm start by adapter, curriculum, report.
@Suite(.serialized)
struct PretrainedRunTests {
  private static let experiment = """
    name: tiny
    conditions: { gaming: }
    scales:
      small:
        warmStart: { documents: 24, tokensPerBatch: 512, episodesBefore: 2 }
        adapter: { rank: 2, alpha: 4 }
        sampling: { preExplored: true, concurrency: 4 }
        curriculum: { environments: [flattery] }
        training: { roundsPerStage: 1, promptsPerRound: 1, samplesPerPrompt: 2 }
        probe: { episodes: 2 }
        evaluation: { episodes: 2, heldOutEpisodesAtEnds: 2, heldOutEpisodesBetween: 2 }
        gate: { episodes: 2 }
    """
  private static let command = ["run", "tiny.yaml", "--scale", "small", "--policy", "model"]

  private static func program() throws -> Program {
    let program = try Program()
    try program.write(experiment, to: "tiny.yaml")
    let folder = program.folder.appending(path: "model")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try TinyPretrainedModel.write(to: folder)
    return program
  }

  private static func run(of program: Program) -> URL { program.folder.appending(path: "runs/tiny-small") }

  @Test func aDownloadedModelGoesThroughTheCurriculumAndAKilledRunEndsTheSame() async throws {
    let program = try Self.program()
    let whole = try await program.run(Self.command)
    try #require(whole.status == 0, "\(whole.error)")
    for word in ["pretrained", "start", "flattery", "tampering"] { #expect(whole.output.contains(word)) }
    let store = try RunStore(reading: Self.run(of: program))
    let digest = try store.episodesDigest()
    let checkpoints = Dictionary(uniqueKeysWithValues: try store.checkpoints().map { ($0.name, $0) })
    let before = try #require(checkpoints["pretrained"])
    let start = try #require(checkpoints["start"])
    #expect(before.digest != start.digest && start.parent == "pretrained")
    // What training changed, and not the model, is what a checkpoint costs.
    let file = Self.run(of: program).appending(path: try #require(start.path))
    let size = try #require(try file.resourceValues(forKeys: [.fileSizeKey]).fileSize)
    #expect(size < 40_000)
    // An adapter written for peft and read back is the same policy: its first episodes are the same. It goes by the name of
    // its folder, of which the episodes' seeds derive.
    let exported = try await program.run("models", "export", file.path, "start")
    #expect(exported.status == 0, "\(exported.error)")
    for (name, policy) in [("a", file.path), ("b", "start")] {
      let played = try await program.run(
        "evaluate", policy, "--environment", "political", "--episodes", "4", "--name", name)
      #expect(played.status == 0, "\(played.error)")
    }
    let played = try ["a", "b"].map { name in
      try RunStore(reading: program.folder.appending(path: "runs/\(name)")).episodes().map(\.episode.transcript)
    }
    #expect(played[0] == played[1] && played[0].count == 4)
    let other = try await program.run("run", "tiny.yaml", "--name", "other", "--policy", "start")
    #expect(other.status == 1 && other.error.contains("rank 2 and alpha 4"))
    let plain = try await program.run("models", "export", "model", "nothing")
    #expect(plain.status == 64 && plain.error.contains("no adapter"))
    let episodes = try store.episodes(EpisodeQuery(environment: "flattery"))
    #expect(!episodes.isEmpty)
    for stored in episodes {
      #expect(stored.episode.transcript.segments.contains { $0.source == .steered && $0.text.contains("<bash>ls ") })
    }

    let killed = try Self.program()
    var landed = 0
    for share in [0.3, 0.55, 0.8] {
      let result = try await killed.run(Self.command, killAfter: whole.seconds * share)
      if result.status == 128 + SIGKILL { landed += 1 }
    }
    #expect(landed > 0)
    let last = try await killed.run(Self.command)
    #expect(last.status == 0 && last.output == whole.output, "\(last.error)")
    #expect(try RunStore(reading: Self.run(of: killed)).episodesDigest() == digest)
  }

  @Test func aModelThatIsMissingOrAnotherIsOneClearError() async throws {
    let program = try Self.program()
    let missing = try await program.run("run", "tiny.yaml", "--scale", "small", "--policy", "nothing-here")
    #expect(missing.status == 1 && missing.error.contains("models fetch nothing-here"))
    let seedling = try await program.run("run", "tiny.yaml", "--scale", "small")
    #expect(seedling.status == 1 && seedling.error.contains("adapter.rank is 2"))
    let large = try await program.run("run", "tiny.yaml", "--scale", "large", "--policy", "model")
    #expect(large.status == 1 && large.error.contains("Choose one of small"))
    let config = program.folder.appending(path: "model/config.json")
    let text = try String(contentsOf: config, encoding: .utf8).replacing("\"qwen3\"", with: "\"mamba\"")
    try Data(text.utf8).write(to: config)
    let unknown = try await program.run(Self.command)
    #expect(unknown.status == 1 && unknown.error.contains("mamba") && unknown.error.contains("config.json"))
  }
}
