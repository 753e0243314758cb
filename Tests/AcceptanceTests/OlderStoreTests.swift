import Foundation
import Testing

/// Stores as the program of commit b573162 left them, as SQL: a finished evaluation, an import, and an experiment that was
/// killed during its gate.
@Suite struct OlderStoreTests {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/store6")
  private static let seedling = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/LanguageModels/Resources/seedling.safetensors")

  /// The program with one of the runs in its folder of runs.
  ///
  /// - Parameter checkpoint: the name of the run's copy of the seedling.
  private static func program(with run: String, checkpoint: String? = nil) throws -> Program {
    let program = try Program()
    let folder = program.folder.appending(path: "runs/\(run)")
    let checkpoints = folder.appending(path: "checkpoints")
    try FileManager.default.createDirectory(at: checkpoints, withIntermediateDirectories: true)
    if let checkpoint {
      try FileManager.default.copyItem(at: seedling, to: checkpoints.appending(path: "\(checkpoint).safetensors"))
    }
    try program.execute("store6/\(run).sql", on: "runs/\(run)/run.sqlite")
    return program
  }

  @Test(arguments: [
    ("old-experiment", "experiment", "4"), ("old-evaluation", "evaluation", "4"), ("old-import", "import", "71"),
  ])
  func opensInEveryWay(run: String, kind: String, episodes: String) async throws {
    let program = try Self.program(with: run)
    let listed = try await program.run("runs", "list")
    let words = listed.output.split(whereSeparator: \.isWhitespace).map(String.init)
    #expect(listed.status == 0 && Set([run, kind, episodes]).isSubset(of: words), "\(listed.output)")
    for command in [["matrix", run], ["report", run], ["episodes", run], ["show", run, "1"]] {
      let result = try await program.run(command)
      #expect(result.status == 0, "\(command): \(result.error)")
    }
  }

  @Test func anExperimentGoesOn() async throws {
    let program = try Self.program(with: "old-experiment", checkpoint: "start")
    let recipe = Self.fixtures.appending(path: "old-experiment.yaml").path
    let result = try await program.run("run", recipe)
    #expect(result.status == 0, "\(result.error)")
    let listed = try await program.run("runs", "list")
    #expect(listed.output.split(whereSeparator: \.isWhitespace).contains("26"), "\(listed.output)")
  }

  @Test func aFinishedEvaluationIsNotMeasuredAgain() async throws {
    let program = try Self.program(with: "old-evaluation", checkpoint: "seedling")
    let result = try await program.run(
      "evaluate", "seedling", "--environment", "tampering", "--environment", "political", "--episodes", "2",
      "--name", "old-evaluation")
    #expect(result.status == 0 && result.error.contains("stored before"), "\(result.error)")
    let listed = try await program.run("runs", "list")
    #expect(listed.output.split(whereSeparator: \.isWhitespace).contains("4"), "\(listed.output)")
  }

  @Test func aMissingCheckpointIsNamed() async throws {
    let program = try Self.program(with: "old-experiment")
    let result = try await program.run("run", Self.fixtures.appending(path: "old-experiment.yaml").path)
    #expect(result.status == 1 && result.error.contains("start.safetensors"))
  }
}
