import Foundation
import Testing

/// Wrong usage exits with 64, wrong input with 1; both say in one message what is wrong and what to do.
struct UsageTests {
  @Test(arguments: [
    (["frobnicate"], "frobnicate"),
    (["run"], "recipe"),
    (["run", "quickstart", "--seed", "minus"], "--seed"),
    (["show"], "Missing expected argument"),
    (["environments", "play", "tampering", "--variant", "x"], "--variant"),
    (["environments", "play", "tampering", "--style", "loud"], "brief"),
    (["evaluate", "seedling", "--episodes", "1000000000"], "--episodes"),
    (["estimate", "seedling", "--roots", "9223372036854775807"], "--roots"),
  ])
  func wrongUsageExitsWith64(_ arguments: [String], names word: String) async throws {
    let result = try await Program().run(arguments)
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    #expect(result.error.contains(word))
    #expect(result.error.contains("Usage: subterfuge"))
  }

  /// Libraries that are refused memory crash or spin; the limit is refused first.
  @Test(arguments: [1_000_000, 1_500_000])
  func aSmallAddressSpaceIsOneClearError(kilobytes: Int) async throws {
    let limit = ["bash", "-c", "ulimit -v \(kilobytes); exec \"$@\"", "bash"]
    let result = try await Program().run(["environments", "list"], timeout: 60, through: limit)
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.error.contains("ulimit -v unlimited") && result.error.contains("\(kilobytes / 1024) MiB"))
    #expect(try await Program().run(["--version"], timeout: 60, through: limit).status == 0)
  }

  @Test(arguments: [
    (["run", "no-such-recipe"], "quickstart"),
    (["run", "broken.yaml"], "trainning"),
    (["run", "empty.yaml"], "empty.yaml"),
    (["run", "held-out.yaml"], "held out"),
    (["run", "quickstart", "--policy", "no-such.safetensors"], "no-such.safetensors"),
    (["matrix", "no-such-run"], "no-such-run"),
    (["environments", "show", "no-such"], "political"),
    (["run", "quickstart", "--name", "../evil"], "'../evil'"),
    (["evaluate", "seedling", "--name", "../evil"], "'../evil'"),
    (["estimate", "seedling", "--name", "a/../../evil"], "'a/../../evil'"),
    (["import", "nothing.csv", "--name", "../evil"], "'../evil'"),
    (["evaluate", "seedling", "--name", String(repeating: "a", count: 300)], "300 letters"),
    (["run", "huge.yaml"], "training.samplesPerPrompt must lie"),
    (["run", "long.yaml"], "300 letters"),
    (["environments", "show", "tampering", "--variant", "512"], "512"),
    (["environments", "show", "tampering", "--arm", "odd"], "odd"),
    (["environments", "play", "tampering", "--script", "no-such.txt"], "no-such.txt"),
  ])
  func wrongInputIsOneClearError(_ arguments: [String], names word: String) async throws {
    let program = try Program()
    try program.write("name: x\ntrainning: {}\n", to: "broken.yaml")
    try program.write("", to: "empty.yaml")
    try program.write("name: x\ncurriculum: { environments: [tampering] }\n", to: "held-out.yaml")
    try program.write("name: x\ntraining: { samplesPerPrompt: 9223372036854775807 }\n", to: "huge.yaml")
    try program.write("name: x\nconditions: { \(String(repeating: "a", count: 300)): {} }\n", to: "long.yaml")
    let result = try await program.run(arguments)
    #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "evil").path))
    #expect([1, 64].contains(result.status))
    #expect(result.error.contains(word))
    #expect(result.error.split(separator: "\n").count { $0.hasPrefix("Error: ") } == 1)
    #expect(!result.error.contains("Fatal error"))
  }
}
