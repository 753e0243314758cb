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
    (["plan", "see", "--rate", "0.1", "--seeds", "9223372036854775807"], "--seeds"),
    (["plan", "watch", "3/200", "--expecting", "0"], "--expecting"),
    (["plan", "watch", "3/200", "--threshold", "nan"], "--threshold"),
    (["models", "corpus", "--count", "9223372036854775807"], "--count"),
    (["episodes", "x", "--limit", "-1"], "--limit"),
    (["episodes", "x", "--offset", "-1"], "--offset"),
    (["evaluate", "seedling", "--quiet", "--verbose"], "--quiet"),
    (["evaluate", "seedling", "--temperature", "-1"], "--temperature"),
    (["evaluate", "seedling", "--temperature", "nan"], "--temperature"),
  ])
  func wrongUsageExitsWith64(_ arguments: [String], names word: String) async throws {
    let result = try await Program().run(arguments)
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    #expect(result.error.contains(word))
    #expect(result.error.contains("Usage: subterfuge"))
  }

  /// What a command rejects while it runs is not followed by the usage of the whole program.
  @Test func aRejectionHasNoUsage() async throws {
    let result = try await Program().run("plan", "bound", "--below", "1e-300")
    #expect(
      result.status == 64 && result.error.hasPrefix("Error: ") && !result.error.contains("Usage"), "\(result.error)")
  }

  /// By hand, with b = 499.5: the bound solves (1 - p)^1500 = 0.05 sqrt(b / (b + 1500)), so p is 0.246 %.
  @Test func aWatchedCountHasAnIntervalThatHoldsAtEveryLook() async throws {
    let program = try Program()
    let result = try await program.run(
      "plan", "watch", "0/1,500", "--expecting", "0.001", "--threshold", "0.005", "--width", "0.001")
    #expect(result.status == 0)
    #expect(result.output.contains("0 to 0.246 %") && result.output.contains("the rate is below: sampling may stop"))
    #expect(result.output.contains("too wide: continue sampling"))
    let both = try await program.run("plan", "watch", "3/200", "60/200", "--json")
    struct Answer: Decodable {
      struct Chance: Decodable { var value: Double }
      var p: Chance
    }
    #expect(try JSONDecoder().decode(Answer.self, from: Data(both.output.utf8)).p.value < 1e-6)
    let wrong = try await program.run("plan", "watch", "quickstart:start")
    #expect(wrong.status == 64 && wrong.error.contains("Write EVENTS/EPISODES"), "\(wrong.error)")
  }

  /// Under `nice`, no thread and no sandbox runs at a higher priority, though root might.
  @Test func aLoweredPriorityIsKept() async throws {
    let program = try Program()
    let run = try program.start(
      ["evaluate", "seedling", "--environment", "flattery", "--episodes", "4000", "--name", "low"],
      through: ["nice", "-n", "7"])
    /// What a file like /proc/1/stat says behind the name in parentheses: state, parent, ..., nice (proc(5)).
    func fields(_ path: String) -> [Substring] {
      let text = try? String(contentsOfFile: "\(path)/stat", encoding: .utf8)
      return text?.split(separator: ")").last?.split(separator: " ") ?? []
    }
    func names(_ path: String) -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
    let own = "\(run.identifier)"
    var (threads, sandboxes): ([Int], [Int]) = ([], [])
    while run.isRunning, threads.count < 6 || sandboxes.isEmpty {
      try await Task.sleep(for: .milliseconds(100))
      threads = names("/proc/\(own)/task").compactMap { fields("/proc/\(own)/task/\($0)").dropFirst(16).first }
        .compactMap { Int($0) }
      let children = names("/proc").map { fields("/proc/\($0)") }.filter { $0.dropFirst().first == Substring(own) }
      sandboxes = children.compactMap { $0.dropFirst(16).first }.compactMap { Int($0) }
    }
    #expect(threads.count > 5 && threads.allSatisfy { $0 >= 7 }, "\(threads): \(run.text)")
    #expect(!sandboxes.isEmpty && sandboxes.allSatisfy { $0 >= 7 }, "\(sandboxes)")
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

  /// A name with a path in it names no run, in any command.
  @Test(arguments: [
    ["show", "NAME", "1"], ["episodes", "NAME"], ["matrix", "NAME"], ["report", "NAME"], ["figures", "NAME"],
    ["label", "NAME", "--rater", "ann"], ["labels", "summary", "NAME"], ["labels", "list", "NAME"],
    ["labels", "export", "NAME", "--rater", "ann", "--output", "x.csv"], ["compare", "NAME:start", "NAME:start"],
    ["runs", "show", "NAME"],
    ["runs", "remove", "NAME"], ["runs", "rename", "NAME", "x"], ["environments", "played", "NAME"],
    ["estimate", "NAME", "start"], ["plan", "see", "--rate", "0.1", "--run", "NAME"],
  ])
  func aRunsNameStaysInTheFolderOfRuns(_ arguments: [String]) async throws {
    let program = try Program()
    let outside = program.folder.appending(path: "outside")
    try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
    try program.write("", to: "outside/run.sqlite")
    let result = try await program.run(arguments.map { $0.replacing("NAME", with: "../outside") })
    #expect(
      [1, 64].contains(result.status) && result.error.contains("'../outside' must be made of"), "\(result.error)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path) == ["run.sqlite"])
  }

  /// Results that cannot be written are a failure; quietly so where the reader went away.
  @Test(arguments: [
    ["environments", "list"], ["--help"], ["config", "show", "paper"], ["plan", "see", "--rate", "0.01"],
  ])
  func outputThatCannotBeWrittenIsAFailure(_ arguments: [String]) async throws {
    let full = try await Program().run(arguments, through: ["bash", "-c", "\"$@\" > /dev/full", "bash"])
    #expect(full.status == 1 && full.error.contains("standard output cannot be written"), "\(full.error)")
    let closed = try await Program().run(
      arguments, through: ["bash", "-c", "exec 3>&1; { sleep 0.5; \"$@\"; echo $? >&3; } | true", "bash"])
    #expect(closed.output == "1\n" && closed.error.isEmpty, "\(closed)")
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
    (["evaluate", "seedling", "--arm", "nosuch"], "instructed"),
    (["evaluate", "seedling", "--environment", "nosuch"], "political"),
    (["estimate", "seedling", "--arm", "nosuch"], "instructed"),
    (["estimate", "seedling", "--predicate", "nosuch"], "overwrite"),
    (["run", "quickstart", "--set", "trainning.epochs=3"], "trainning"),
    (["run", "quickstart", "--set", "training.algorithm=dpo"], "grpo"),
    (["run", "bomb.yaml"], "alias"),
    (["config", "show", "quickstart", "--set", "evaluation.episodes=0"], "evaluation.episodes must lie"),
    (
      ["run", "quickstart", "--dry-run", "--set", "replicates=1000", "--set", "evaluation.episodes=1000000"],
      "more than 1000000000 episodes"
    ),
  ])
  func wrongInputIsOneClearError(_ arguments: [String], names word: String) async throws {
    let program = try Program()
    try program.write("name: x\ntrainning: {}\n", to: "broken.yaml")
    try program.write("", to: "empty.yaml")
    try program.write("name: x\ncurriculum: { environments: [tampering] }\n", to: "held-out.yaml")
    try program.write("name: x\ntraining: { samplesPerPrompt: 9223372036854775807 }\n", to: "huge.yaml")
    try program.write("name: x\nconditions: { \(String(repeating: "a", count: 300)): {} }\n", to: "long.yaml")
    let bomb = "a0: &a0 [x, x]\n" + (1...30).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
    try program.write(bomb, to: "bomb.yaml")
    let result = try await program.run(arguments)
    for name in ["evil", "runs"] {
      #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: name).path))
    }
    #expect([1, 64].contains(result.status))
    #expect(result.error.contains(word))
    #expect(result.error.split(separator: "\n").count { $0.hasPrefix("Error: ") } == 1)
    #expect(!result.error.contains("Fatal error"))
  }
}
