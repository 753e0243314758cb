import Foundation
import Runs
import Storage
import Testing

/// A run whose sequences are trained in several places and merged.
@Suite(.serialized) struct PartsTests {
  private static let experiment = """
    name: tiny
    seed: 7
    replicates: 2
    curriculum: { environments: [political], arm: benign }
    conditions:
      honest:
      later: { from: honest, curriculum: { environments: [nudged], arm: benign } }
    training:
      roundsPerStage: 1
      promptsPerRound: 4
      samplesPerPrompt: 4
      minimumSelected: 1
      maximumSelected: 4
      epochs: 1
    probe: { episodes: 4 }
    evaluation: { episodes: 4, heldOutEpisodesAtEnds: 4, heldOutEpisodesBetween: 4 }
    gate: { episodes: 4 }
    sampling: { concurrency: 16 }
    """

  private static func program() throws -> Program {
    let program = try Program()
    try program.write(experiment, to: "tiny.yaml")
    return program
  }

  private static func digests(_ program: Program, _ run: String) throws -> [String] {
    let store = try RunStore(reading: program.folder.appending(path: run))
    let checkpoints = try store.checkpoints().sorted { $0.name < $1.name }.map { "\($0.name) \($0.digest ?? "")" }
    return [try store.episodesDigest(), try store.metricsDigest()] + checkpoints
  }

  /// One part goes on from a copy of what all share, the other makes it anew.
  @Test func partsMakeTheRunThatOneProcessMakes() async throws {
    let program = try Self.program()
    func run(_ arguments: String...) async throws -> Program.Result {
      let result = try await program.run(arguments)
      #expect(result.status == 0, "\(arguments): \(result.error)")
      return result
    }
    _ = try await run("run", "tiny.yaml", "--quiet")
    _ = try await run("run", "tiny.yaml", "--only", "start", "--runs", "one")
    let alone = try await program.run("run", "tiny.yaml", "--only", "later.1", "--runs", "one")
    #expect(alone.status == 1 && alone.error.contains("later.1 starts from honest/political"), "\(alone.error)")
    _ = try await run("run", "tiny.yaml", "--only", "honest.1", "--runs", "one")
    // The sequence that it continues is in the folder now.
    let log = try await run("run", "tiny.yaml", "--only", "later.1", "--runs", "one").error
    #expect(!log.contains("later.2") && log.contains("later/nudged"), "\(log)")
    #expect(try RunStore(reading: program.folder.appending(path: "one/tiny")).finished() == nil)
    _ = try await run("run", "tiny.yaml", "--only", "honest.2", "--only", "later.2", "--runs", "two")
    let merged = try await run("runs", "merge", "one/tiny", "two/tiny", "--runs", "merged")
    #expect(merged.output.contains("4 of 4 sequences are trained"), "\(merged.output)")
    #expect(try Self.digests(program, "merged/tiny") == Self.digests(program, "runs/tiny"))
    let store = { try RunStore(reading: program.folder.appending(path: "merged/tiny")) }
    #expect(try store().finished() == nil)
    let page = try await run("run", "tiny.yaml", "--runs", "merged")
    #expect(try store().finished() != nil && Self.digests(program, "merged/tiny") == Self.digests(program, "runs/tiny"))
    #expect(!page.error.contains("/s\n"), "Nothing is played again: \(page.error)")
    func curves(_ runs: String) throws -> String {
      let file = program.folder.appending(path: "\(runs)/tiny/telemetry/metrics.jsonl")
      return try String(contentsOf: file, encoding: .utf8)
    }
    #expect(try curves("merged").split(separator: "\n").count == curves("runs").split(separator: "\n").count)
    // The parts stay, a merged run is not overwritten, and the weights are the ones that were trained.
    let again = try await program.run("runs", "merge", "one/tiny", "two/tiny", "--runs", "merged")
    #expect(again.status == 1 && again.error.contains("merged/tiny exists already"))
    let damaged = program.folder.appending(path: "two/tiny/checkpoints/later.2_nudged.1.safetensors")
    var bytes = try Data(contentsOf: damaged)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: damaged)
    let broken = try await program.run("runs", "merge", "one/tiny", "two/tiny", "--runs", "third")
    #expect(broken.status == 1 && broken.error.contains("later.2_nudged.1.safetensors"), "\(broken.error)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: program.folder.appending(path: "third").path).isEmpty)
  }

  @Test(arguments: [
    (["run", "tiny.yaml", "--only", "honest.3"], "no sequence 'honest.3'. Its conditions are honest, later"),
    (["runs", "merge", "one/tiny"], "two or more parts"),
    (["runs", "merge", "one/tiny", "two/tiny"], "There is no run in"),
    (["launch", "tiny.yaml", "--only", "nothing", "--print"], "no sequence 'nothing'"),
  ]) func mistakesAreNamed(arguments: [String], words: String) async throws {
    let result = try await Self.program().run(arguments)
    #expect(result.status != 0 && result.error.contains(words), "\(result.error)")
  }

  @Test func aDryRunAndAJobNameTheSequencesOnly() async throws {
    let program = try Self.program()
    struct Forecast: Decodable {
      struct Forecast: Decodable { var rounds: Int }
      var forecast: Forecast
    }
    for (only, rounds) in [(["start"], 0), (["honest"], 2), (["later.2"], 1), ([], 4)] {
      let result = try await program.run(
        ["run", "tiny.yaml", "--dry-run", "--json"] + only.flatMap { ["--only", $0] })
      #expect(try JSONDecoder().decode(Forecast.self, from: Data(result.output.utf8)).forecast.rounds == rounds)
    }
    let job = try await program.run("launch", "tiny.yaml", "--only", "later.2", "--print")
    #expect(job.output.contains("--only later.2") || job.output.contains("'--only' 'later.2'"), "\(job.output)")
  }
}
