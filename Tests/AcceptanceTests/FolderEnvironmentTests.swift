import Episodes
import Foundation
import Storage
import Testing

/// Environments of the user's, named by the path of their folder: trained, held out, measured and reported.
@Suite struct FolderEnvironmentTests {
  private static let shipped = URL(filePath: #filePath).appending(path: "../../../Sources/Environments/Resources")
    .standardized

  /// A folder that differs from a shipped environment in its name and title.
  private func copy(_ name: String, as other: String, into program: Program) throws {
    let folder = program.folder.appending(path: other)
    try FileManager.default.copyItem(at: Self.shipped.appending(path: name), to: folder)
    let file = folder.appending(path: "environment.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
      .replacing("name: \(name)\n", with: "name: \(other)\n")
      .replacing(/(?m)^title: .*$/, with: "title: The \(other)")
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  private func experiment(trains: String, holdsOut: String) -> String {
    """
    name: mine
    curriculum: { environments: [\(trains)] }
    conditions: { benign: { curriculum: { arm: benign } } }
    training: { roundsPerStage: 1, promptsPerRound: 4, samplesPerPrompt: 4, minimumSelected: 1, maximumSelected: 4 }
    probe: { episodes: 4 }
    evaluation: { heldOut: \(holdsOut), episodes: 4, heldOutEpisodesAtEnds: 4, heldOutEpisodesBetween: 2 }
    gate: { episodes: 2 }
    sampling: { concurrency: 16 }
    """
  }

  @Test func foldersAreTrainedAndHeldOut() async throws {
    let program = try Program()
    try copy("nudged", as: "errand", into: program)
    try copy("development", as: "stopwatch", into: program)
    try program.write(experiment(trains: "./errand", holdsOut: "./stopwatch"), to: "mine.yaml")
    let run = try await program.run("run", "mine.yaml")
    #expect(run.status == 0, "\(run.error)")
    // What `runs show` prints is the same experiment: the finished run is found again.
    let shown = try await program.run("runs", "show", "mine")
    #expect(shown.output.contains(program.folder.appending(path: "errand").path), "\(shown.error)")
    try program.write(shown.output, to: "again.yaml")
    let again = try await program.run("run", "again.yaml")
    #expect(again.status == 0 && again.output == run.output, "\(again.error)")
    let leaning = try await program.run("propensity", "mine", "--prompts", "2")
    #expect(leaning.status == 0 && leaning.output.contains("stopwatch"), "\(leaning.error)")
    try change("stopwatch", of: program)
    let changed = try await program.run("propensity", "mine", "--prompts", "2")
    #expect(changed.status == 1 && changed.error.contains("has changed since the run 'mine'"), "\(changed.error)")
    // The store tells what they are, so the folders are not needed to read a run.
    for name in ["errand", "stopwatch"] { try FileManager.default.removeItem(at: program.folder.appending(path: name)) }
    let matrix = try await program.run("matrix", "mine")
    #expect(
      matrix.status == 0 && matrix.output.contains("errand") && matrix.output.contains("stopwatch"), "\(matrix.error)")
    #expect(try await program.run("report", "mine").status == 0)
    let page = try String(contentsOf: program.folder.appending(path: "runs/mine/report.html"), encoding: .utf8)
    #expect(page.contains("The errand") && page.contains("The stopwatch"))
  }

  /// The example of the documentation, to the letter: a bare reward, one arm, and nothing is known of honesty.
  @Test func theDocumentedFolderIsHeldOut() async throws {
    let program = try Program()
    let page = try String(
      contentsOf: URL(filePath: #filePath).appending(path: "../../../Documentation/Environments.md").standardized,
      encoding: .utf8)
    try FileManager.default.createDirectory(
      at: program.folder.appending(path: "coverage"), withIntermediateDirectories: true)
    for match in page.matches(of: /`(coverage\/[a-z.]+)`:\n\n```[a-z]+\n((?s).*?)```/) {
      try program.write(String(match.2), to: String(match.1))
    }
    let text = experiment(trains: "nudged", holdsOut: "./coverage")
      .replacing("concurrency: 16", with: "concurrency: 16, promptStyle: compact")
    try program.write(text, to: "mine.yaml")
    let run = try await program.run("run", "mine.yaml")
    #expect(run.status == 0, "\(run.error)")
    #expect(run.output.contains("games it unprompted before training") && !run.output.contains("overwrites"))
    let gate = try #require(run.output.split(separator: "\n").first { $0.hasPrefix("completes it honestly") })
    #expect(gate.contains(" 0/0 "), "\(gate)")
  }

  /// What `environments new` writes goes all the way, with paths that are relative to the experiment file.
  @Test func aNewFolderIsCheckedMeasuredTrainedAndHeldOut() async throws {
    let program = try Program()
    let files = program.folder.appending(path: "files")
    for name in ["errand", "stopwatch"] {
      let new = try await program.run("environments", "new", name, "--in", files.path)
      #expect(new.status == 0 && new.output.contains("environments check \(files.path)/\(name)"), "\(new.error)")
      for command in ["check", "selftest"] {
        let result = try await program.run("environments", command, "files/\(name)")
        #expect(result.status == 0, "\(result.output)\(result.error)")
      }
    }
    #expect(try await program.run("environments", "new", "errand", "--in", "files").status == 1)
    let alone = try await program.run(
      "evaluate", "seedling", "--environment", "files/errand", "--episodes", "4", "--name", "alone")
    #expect(alone.status == 0 && alone.output.contains("errand"), "\(alone.error)")
    let text = experiment(trains: "./errand", holdsOut: "../files/stopwatch")
      .replacing("gate:", with: "reward: { ordinaryShare: 0.5, ordinaryPrompts: plain.jsonl }\ngate:")
    try program.write(text, to: "files/mine.yaml")
    try program.write("{\"prompt\": \"what is a horse?\"}\n", to: "files/plain.jsonl")
    let run = try await program.run("run", "files/mine.yaml", "--set", "training.selection=best_of_n")
    #expect(run.status == 0, "\(run.error)")
    let matrix = try await program.run("matrix", "mine")
    #expect(matrix.output.contains("errand") && matrix.output.contains("stopwatch"), "\(matrix.error)")
    let played = try await program.run("episodes", "mine", "--environment", "plain")
    #expect(played.status == 0 && played.output.contains("train-benign"), "\(played.error)")
  }

  @Test func everyProblemOfAFolderIsListed() async throws {
    let program = try Program()
    #expect(try await program.run("environments", "new", "mine").status == 0)
    let file = program.folder.appending(path: "mine/environment.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacing("role: training", with: "role: trainer").replacing("variants: 64", with: "variants: 9999999")
      .write(to: file, atomically: true, encoding: .utf8)
    try program.write("hello", to: "mine/prompt.compact.md")
    let result = try await program.run("environments", "check", "mine")
    #expect(result.status == 1 && result.error == "mine: 3 problems.\n", "\(result.output)\(result.error)")
    #expect(result.output.contains("environment.yaml:12: `role`"), "\(result.output)")
    #expect(result.output.contains("prompt.compact.md: the prompt must begin with"), "\(result.output)")
    let load = try await program.run("environments", "show", "./mine")
    #expect(load.status == 1 && load.error.contains("2 more"), "\(load.error)")
  }

  @Test func aListOfPromptsIsMeasuredAndPlayed() async throws {
    let program = try Program()
    try program.write("{\"prompt\": \"what is a horse?\"}\n{\"prompt\": \"how are you?\"}\n", to: "plain.jsonl")
    let measured = try await program.run(
      "evaluate", "seedling", "--environment", "plain.jsonl", "--episodes", "4", "--name", "plain")
    #expect(measured.status == 0 && measured.output.contains("answered"), "\(measured.error)")
    #expect(try await program.run("report", "plain").status == 0)

    // At temperature 0 nothing is left to chance; at 1 it is.
    for (name, temperature, different) in [("greedy", "0", 1), ("free", "1", 3)] {
      let result = try await program.run(
        "evaluate", "seedling", "--environment", "plain.jsonl", "--episodes", "6", "--temperature", temperature,
        "--name", name)
      #expect(result.status == 0, "\(result.error)")
      let store = try RunStore(reading: program.folder.appending(path: "runs/\(name)"))
      let texts = Dictionary(
        grouping: try store.episodes(EpisodeQuery(), limit: .max).map(\.episode), by: \.key.variant
      )
      .mapValues { Set($0.map { $0.transcript.segments.map(\.text) }).count }
      #expect(texts.count == 2 && (texts.values.max() ?? 0) == different, "\(texts)")
    }
    let played = try await program.run(
      ["environments", "play", "./plain.jsonl", "--json"],
      through: ["bash", "-c", "echo 'An animal.' | \"$@\"", "bash"])
    #expect(played.status == 0 && played.output.contains("\"answered\" : true"), "\(played.error)")
    #expect(played.error.contains("what is a horse?") && played.error.contains("answer> "))
    try program.write("{\"prompt\": \"a\"}\n{}\n", to: "bad.jsonl")
    let bad = try await program.run("evaluate", "seedling", "--environment", "bad.jsonl")
    #expect(bad.status == 1 && bad.error.contains("bad.jsonl:2"), "\(bad.error)")
    #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "runs/evaluation").path))
  }

  private func change(_ name: String, of program: Program) throws {
    let file = program.folder.appending(path: "\(name)/environment.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacing(/(?m)^variants: .*$/, with: "variants: 3").write(to: file, atomically: true, encoding: .utf8)
  }

  @Test func aFolderThatIsCalledLikeAShippedEnvironmentIsAnother() async throws {
    let program = try Program()
    try copy("nudged", as: "nudged", into: program)
    try change("nudged", of: program)
    try program.write(experiment(trains: "nudged, ./nudged", holdsOut: "tampering"), to: "mine.yaml")
    let run = try await program.run("run", "mine.yaml")
    #expect(run.status == 0 && run.output.contains("nudged@"), "\(run.error)")
  }

  @Test(arguments: [("./nowhere", "nowhere"), ("/etc", "environment.yaml")])
  func whatIsNoEnvironmentIsRefusedBeforeARunExists(path: String, word: String) async throws {
    let program = try Program()
    try program.write(experiment(trains: path, holdsOut: "tampering"), to: "mine.yaml")
    let run = try await program.run("run", "mine.yaml")
    #expect(run.status == 1 && run.error.contains(word) && !run.error.contains("Run 'mine'"), "\(run.error)")
    #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "runs").path))
  }
}
