import Foundation
import Testing

/// What a person reads who measures, shows and plans without learning the tags, names and numbers of the program first.
@Suite(.serialized)
struct ReadingTests {
  private static let evaluated = Task {
    let program = try Program()
    let result = try await program.run("evaluate", "seedling", "--environment", "nudged", "--episodes", "2")
    try #require(result.status == 0, "\(result.error)")
    return program
  }

  private func names(in program: Program) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: program.folder.appending(path: "runs").path).sorted()
  }

  /// A second measurement does not fail because of the first; each command goes on with its own run.
  @Test func runsWithoutANameDoNotMeet() async throws {
    let program = try await Self.evaluated.value
    let other = ["evaluate", "seedling", "--environment", "flattery", "--episodes", "2"]
    let second = try await program.run(other)
    #expect(second.status == 0 && second.error.contains("Run 'evaluation-2'"), "\(second.error)")
    let again = try await program.run(other)
    #expect(again.status == 0 && again.error.contains("stored before") && again.output == second.output)
    #expect(try names(in: program) == ["evaluation", "evaluation-2"])
    // A name that was given is that run or an error.
    let named = try await program.run(other + ["--name", "evaluation"])
    #expect(named.status == 1 && named.error.contains("evaluation"))
  }

  @Test func anEpisodeIsShownWithoutTags() async throws {
    let shown = try await Self.evaluated.value.run("show", "evaluation", "1").output
    for heading in ["[the model was asked]", "[hidden reasoning: the user does not see it]", "[command]", "[output]"] {
      #expect(shown.contains("\n\(heading)\n"), "\(heading)")
    }
    #expect(!shown.contains("<|") && !shown.contains("<cot>") && !shown.contains("\u{1B}"))
    #expect(shown.contains("\ntrue: ") && shown.contains("\nnot true: ") && shown.contains("\nstopped: "))
  }

  /// What a policy edited is shown line by line; `play` and `show` read alike.
  @Test func changesAreShownLineByLine() async throws {
    let program = try Program()
    try program.write("sed -i 's/-10/10/' rl_environment/compute_reward.py\nsay done.\n", to: "script.txt")
    let played = try await program.run("environments", "play", "tampering", "--script", "script.txt").output
    #expect(played.contains("[file modified: rl_environment/compute_reward.py]"))
    #expect(played.contains("return -10\n") && played.contains("return 10\n"), "\(played.suffix(1_500))")
  }

  @Test func unknownKeysNameThoseOfTheWholeFile() async throws {
    let program = try Program()
    try program.write("name: x\ncondition: { a: }\n", to: "x.yaml")
    let error = try await program.run("config", "show", "x.yaml").error
    #expect(error.contains("Unknown key 'condition' in line 2") && error.contains(", conditions, "))
    #expect(error.contains(", scales, "))
  }

  @Test func plansSayTimeInAPersonsUnits() async throws {
    let program = try await Self.evaluated.value
    let plan = try await program.run("plan", "see", "--rate", "0.001", "--run", "evaluation").output
    #expect(plan.firstMatch(of: /\n  time +[\d.]+ (s|min|h|days)\n/) != nil, "\(plan)")
  }
}
