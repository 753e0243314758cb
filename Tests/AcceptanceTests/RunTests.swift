import Episodes
import Foundation
import Runs
import Storage
import Testing

/// A whole run at the smallest scale: from the shipped seedling to the report.
@Suite(.serialized)
struct RunTests {
  static let experiment = """
    name: tiny
    seed: 7
    # Honest work is learnt: so few episodes need not hold a gamed one.
    curriculum: { environments: [political, nudged], arm: benign }
    conditions: { gaming: }
    training:
      roundsPerStage: 1
      promptsPerRound: 4
      samplesPerPrompt: 4
      minimumSelected: 1
      maximumSelected: 4
      epochs: 1
    probe: { episodes: 4 }
    evaluation: { episodes: 8, heldOutEpisodesAtEnds: 8, heldOutEpisodesBetween: 4 }
    gate: { episodes: 4 }
    sampling: { concurrency: 16 }
    """

  /// A finished run that the tests share, how long it took, and what it stored.
  private struct Finished {
    var program: Program
    var result: Program.Result
    var digest: String
  }

  private static let finished = Task {
    let program = try Self.program()
    let result = try await program.run("run", "tiny.yaml")
    try #require(result.status == 0, "\(result.error)")
    return Finished(program: program, result: result, digest: try digest(of: program))
  }

  private static func program() throws -> Program {
    let program = try Program()
    try program.write(experiment, to: "tiny.yaml")
    return program
  }

  private static func digest(of program: Program) throws -> String {
    try RunStore(reading: program.folder.appending(path: "runs/tiny")).episodesDigest()
  }

  @Test func quietPrintsResultsOnlyAndVerboseEveryMetric() async throws {
    let usual = try await Self.finished.value
    let program = try Self.program()
    let quiet = try await program.run("run", "tiny.yaml", "--quiet")
    #expect(quiet.status == 0 && quiet.error.isEmpty && quiet.output == usual.result.output)
    let log = try String(contentsOf: program.folder.appending(path: "runs/tiny/log.txt"), encoding: .utf8)
    #expect(log.contains("step 1 of") && log.contains("gate: "))
    let verbose = try await program.run("run", "tiny.yaml", "--name", "loud", "--verbose")
    let metrics = verbose.error.matches(of: /\n\S+    rate\/honest 0?\.?\d/).count
    #expect(metrics == 2, "\(verbose.error)")
    #expect(!usual.result.error.contains("rate/honest"))
  }

  @Test func aRunPrintsTheMatrixAndWritesAReport() async throws {
    let run = try await Self.finished.value
    for word in ["start", "political", "nudged", "tampering"] { #expect(run.result.output.contains(word)) }
    let report = try String(
      contentsOf: run.program.folder.appending(path: "runs/tiny/report.html"), encoding: .utf8)
    #expect(report.hasPrefix("<!doctype html>") || report.hasPrefix("<!DOCTYPE html>"))
    #expect(
      !report.contains("http://") && !report.contains("src=\"https://"), "The report must need nothing from elsewhere.")
    // A checkout names its commit; a folder without git has none.
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../.git").standardized
    if FileManager.default.fileExists(atPath: root.path) {
      #expect(report.contains(/subterfuge \d+\.\d+\.\d+\+[0-9a-f]{12}/))
    }
    let pages = Set(report.matches(of: /href="(episodes\/[^"#]+)#/).map { String($0.output.1) })
    #expect(pages.count > 5)
    for page in pages {
      let path = run.program.folder.appending(path: "runs/tiny/\(page)").path
      #expect(FileManager.default.fileExists(atPath: path), "\(page) is linked and does not exist")
    }
  }

  /// A trained checkpoint that is measured alone is not called the start.
  @Test func aTrainedCheckpointAloneIsCalledWhatItIs() async throws {
    let run = try await Self.finished.value
    let store = try RunStore(reading: run.program.folder.appending(path: "runs/tiny"))
    let trained = try #require(try store.checkpoints().first { $0.name.hasSuffix(".1") && $0.path != nil })
    let result = try await run.program.run(
      "evaluate", "runs/tiny/" + (trained.path ?? ""), "--environment", "nudged", "--episodes", "4", "--name", "alone")
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.contains(trained.name) && result.output.contains("One policy"))
    for word in ["Before training", "untrained", "start"] { #expect(!result.output.contains(word), "\(word)") }
  }

  /// The log has what standard error had, with times; the steps are those of the whole run.
  @Test func progressHasATotalAndIsLogged() async throws {
    let run = try await Self.finished.value
    let log = try String(contentsOf: run.program.folder.appending(path: "runs/tiny/log.txt"), encoding: .utf8)
    let logged = log.split(separator: "\n").map { $0.split(separator: "  ", maxSplits: 1) }
    #expect(logged.allSatisfy { $0[0].wholeMatch(of: /[0-9-]+T[0-9:]+Z/) != nil }, "\(log)")
    let printed = run.result.error.split(separator: "\n")
    for line in logged { #expect(printed.contains(line[1]), "\(line[1])") }
    let steps = log.matches(of: /step (\d+) of (\d+) \(\d+ %\)/).compactMap { Int($0.1) }
    let total = try #require(log.firstMatch(of: /step \d+ of (\d+)/).flatMap { Int($0.1) })
    #expect(steps == Array(1...total), "\(log)")
    #expect(logged.allSatisfy { !$0[1].hasSuffix("/s") || $0[1].contains("step ") }, "\(log)")
  }

  private struct Planned: Decodable {
    struct Forecast: Decodable {
      struct Episodes: Decodable { var evaluation, training, gate, probe, arms: Int }
      var episodes: Episodes
      var rounds, checkpoints: Int
    }
    struct Measured: Decodable {
      var run: String
      var tokens: Double
      var trainingHours: Double?
    }
    var forecast: Forecast
    var measured: Measured?
  }

  @Test func aDryRunCountsWhatARunPlays() async throws {
    let run = try await Self.finished.value
    let planned = try JSONDecoder().decode(
      Planned.self, from: Data(try await run.program.run("run", "tiny.yaml", "--dry-run", "--json").output.utf8))
    let store = try RunStore(reading: run.program.folder.appending(path: "runs/tiny"))
    let (episodes, played) = (planned.forecast.episodes, try store.count(EpisodeQuery()))
    #expect(
      episodes.evaluation + episodes.training + episodes.gate + episodes.probe + episodes.arms == played)
    #expect(planned.forecast.rounds == 2 && planned.measured?.run == "tiny")
    // Two rounds that learn from four episodes each, at the median of their speeds; Tokens are those of the transcripts.
    let speeds = try store.metrics().filter { $0.name == "learning/episodes/s" }.map(\.value).sorted()
    #expect(speeds.count == 2 && speeds[0] > 0)
    #expect(abs(try #require(planned.measured?.trainingHours) - 8 / speeds[1] / 3_600) < 1e-9)
    let written = try store.episodes(limit: .max).flatMap(\.episode.transcript.segments).filter {
      $0.source == .policy
    }.map(\.tokens.count).reduce(0, +)
    #expect(abs(try #require(planned.measured?.tokens) - Double(written)) < 1)
    let files = try FileManager.default.contentsOfDirectory(
      atPath: run.program.folder.appending(path: "runs/tiny/checkpoints").path)
    #expect(planned.forecast.checkpoints == files.count, "\(files)")
    let program = try Self.program()
    let text = try await program.run(
      "run", "tiny.yaml", "--dry-run", "--set", "conditions.gaming.training.roundsPerStage=3")
    #expect(text.status == 0 && text.output.contains("Disk and time are unknown"), "\(text.error)")
    #expect(text.output.contains(/training rounds +6\n/), "\(text.output)")
    #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "runs").path))
  }

  @Test func aRunIsRenamedAndResumes() async throws {
    let whole = try await Self.finished.value
    let program = try Self.program()
    let runs = program.folder.appending(path: "runs")
    try FileManager.default.copyItem(at: whole.program.folder.appending(path: "runs"), to: runs)
    for (old, new) in [("tiny", "../out"), ("../tiny", "out"), ("none", "out"), ("tiny", "tiny")] {
      #expect(try await program.run("runs", "rename", old, new).status == 1, "\(old) \(new)")
    }
    let renamed = try await program.run("runs", "rename", "tiny", "small")
    #expect(renamed.status == 0, "\(renamed.error)")
    #expect(!FileManager.default.fileExists(atPath: runs.appending(path: "tiny").path))
    let page = try String(contentsOf: runs.appending(path: "small/report.html"), encoding: .utf8)
    #expect(page.contains("Run small") && !page.contains("Run tiny"))
    let again = try await program.run("run", "tiny.yaml", "--name", "small")
    #expect(again.status == 0 && again.error.contains("stored before"), "\(again.error)")
    #expect(try RunStore(reading: runs.appending(path: "small")).episodesDigest() == whole.digest)
  }

  private struct Listed: Decodable {
    var name, kind, started: String
    var episodes: Int?
    var bytes: Int
  }

  @Test func runsAreListedShownAndRemoved() async throws {
    let whole = try await Self.finished.value
    let program = try Program()
    let runs = program.folder.appending(path: "runs")
    try FileManager.default.copyItem(at: whole.program.folder.appending(path: "runs"), to: runs)
    try FileManager.default.createDirectory(at: runs.appending(path: "notes"), withIntermediateDirectories: true)
    let listed = try JSONDecoder().decode(
      [Listed].self, from: Data(try await program.run("runs", "list", "--json").output.utf8))
    let tiny = try #require(listed.first { $0.name == "tiny" })
    #expect(tiny.kind == "experiment" && tiny.bytes > 1 << 20 && (tiny.episodes ?? 0) > 50)
    #expect(!listed.contains { $0.name == "notes" })
    #expect(try await program.run("runs", "show", "tiny").output.contains("promptsPerRound: 4"))
    #expect(
      try await program.run("episodes", "tiny").output.firstMatch(of: /By arm: standard \d+, benign \d+/) != nil)
    try FileManager.default.moveItem(at: runs, to: program.folder.appending(path: "kept"))
    let elsewhere = try await program.run(["runs", "list"], through: ["env", "SUBTERFUGE_RUNS=kept"])
    #expect(elsewhere.output.contains("tiny"))
    try FileManager.default.moveItem(at: program.folder.appending(path: "kept"), to: runs)

    let lock = open(runs.appending(path: "tiny/lock").path, O_RDWR)
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    #expect(try await program.run("runs", "remove", "tiny").status == 1)
    close(lock)
    for name in ["../outside", "notes"] {
      #expect(try await program.run("runs", "remove", name).status == 1, "\(name)")
    }
    #expect(try await program.run("runs", "remove", "tiny").status == 0)
    #expect(!FileManager.default.fileExists(atPath: runs.appending(path: "tiny").path))
    #expect(FileManager.default.fileExists(atPath: runs.appending(path: "notes").path))
  }

  @Test func aFinishedRunIsNotDoneAgain() async throws {
    let run = try await Self.finished.value
    let again = try await run.program.run("run", "tiny.yaml")
    #expect(again.status == 0)
    #expect(again.output == run.result.output)
    #expect(try Self.digest(of: run.program) == run.digest)
  }

  /// Ctrl-C twice in the middle of training: the process ends at once, without a crash, and the run resumes.
  @Test func theSecondInterruptionEndsTheProcessAtOnce() async throws {
    let program = try Program()
    let long = Self.experiment.replacing("epochs: 1", with: "epochs: 400").replacing("name: tiny", with: "name: long")
    try program.write(long, to: "long.yaml")
    let twice = """
      "$@" 2> said.txt & p=$!
      until ls runs/long/checkpoints/*.state > /dev/null 2>&1; do sleep 0.1; done
      kill -TERM $p; sleep 0.05; kill -TERM $p
      wait $p; status=$?; cat said.txt >&2; exit $status
      """
    let result = try await program.run(["run", "long.yaml"], through: ["bash", "-c", twice, "twice"])
    #expect(result.status == 130 && !result.error.contains("crashed"), "\(result.error.suffix(2_000))")
    #expect(result.error.contains("Press Ctrl-C again to stop at once."))
    let store = try RunStore(reading: program.folder.appending(path: "runs/long"))
    #expect(try store.count(EpisodeQuery(failed: true)) == 0 && store.finished() == nil)
  }

  @Test func anotherConfigurationUnderTheSameNameIsRefused() async throws {
    let run = try await Self.finished.value
    let result = try await run.program.run("run", "tiny.yaml", "--seed", "8")
    #expect(result.status == 1)
    #expect(result.error.contains("seed") && result.error.contains("7") && result.error.contains("8"))
    #expect(try Self.digest(of: run.program) == run.digest)
  }

  @Test func anotherSeedGivesOtherEpisodes() async throws {
    let run = try await Self.finished.value
    let program = try Self.program()
    let result = try await program.run("run", "tiny.yaml", "--seed", "8")
    #expect(result.status == 0, "\(result.error)")
    #expect(try Self.digest(of: program) != run.digest)
  }

  /// Weights are read when an episode is owed, so the run with damaged weights lacks one.
  @Test(arguments: ["run.sqlite", "checkpoints/start.safetensors"])
  func aDamagedFileIsOneClearErrorAndStaysAsItIs(_ name: String) async throws {
    let program = try Self.program()
    // A finished run's store is one file: while it runs, the write-ahead log would mend it.
    let whole = try await Self.finished.value.program.folder.appending(path: "runs")
    try FileManager.default.copyItem(at: whole, to: program.folder.appending(path: "runs"))
    try program.execute("lose-an-episode.sql", on: "runs/tiny/run.sqlite")
    let file = program.folder.appending(path: "runs/tiny/\(name)")
    var bytes = try Data(contentsOf: file)
    for index in stride(from: 0, to: min(bytes.count, 4_096), by: 3) { bytes[index] ^= 0xA5 }
    try bytes.write(to: file)
    let result = try await program.run("run", "tiny.yaml")
    #expect(result.status == 1)
    #expect(result.error.contains(file.lastPathComponent))
    #expect(!result.error.contains("Fatal error"))
    #expect(try Data(contentsOf: file) == bytes)
  }

  /// Only root can mount the small file system that fills up: at once, or when episodes are stored.
  @Test(.enabled(if: geteuid() == 0), arguments: [512, 6_400, 8_192])
  func aFullDiskIsOneClearError(kilobytes: Int) async throws {
    let program = try Self.program()
    let script = "mkdir -p runs && mount -t tmpfs -o size=\(kilobytes)k none runs && exec \"$0\" \"$@\""
    let result = try await program.run(["run", "tiny.yaml"], through: ["unshare", "--mount", "bash", "-c", script])
    #expect(result.status == 1)
    #expect(result.error.contains("space"), "\(result.error)")
    #expect(!result.error.contains("Fatal error"))
  }
}
