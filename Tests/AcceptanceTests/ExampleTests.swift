import Foundation
import Testing

/// Every example of the help texts, the README and the pages is a command that works, in a folder with a finished run `quickstart`.
@Suite(.serialized) struct ExampleTests {
  /// Examples that need a network, a server, a model that is not here or minutes, by how they begin: nobody runs them.
  private static let elsewhere = [
    "models fetch", "models verify", "models remove", "models export", "labels judge", "models train seedling",
    "evaluate qwen2.5-coder-1.5b", "evaluate openai:", "evaluate anthropic:", "run curriculum --policy", "doctor",
    "models train-preference --output", "serve",
    "estimate quickstart start --method importance --proposal temperature=1.3 --proposal adapted",
  ]

  /// What makes a long example short: options behind it count instead of the same ones in it. A key that ends in a space
  /// is how an example begins, any other is the whole example.
  private static let shortened = [
    "run ": " --dry-run", "evaluate ": " --episodes 4", "propensity ": " --prompts 2",
    "estimate ": " --roots 4 --episodes 24 --pilot 12 --stages 1 --tokens 4000 --predicate attempted",
    "models corpus ": " --count 20", "models train-preference ": " --count 24", "environments selftest": " ordinary",
  ]

  /// A folder with the run, at the smallest size, and the files that examples name.
  private static let world = Task {
    let program = try Program()
    let sizes = [
      "curriculum.environments=[flattery, nudged, insubordinate]",
      "conditions.exploit_only.training.selection=best_of_n", "training.promptsPerRound=4",
      "training.samplesPerPrompt=2",
      "training.minimumSelected=1", "training.maximumSelected=4", "training.epochs=1", "training.replayPerEpisode=0",
      "probe.episodes=2", "evaluation.episodes=6", "evaluation.heldOutEpisodesAtEnds=6",
      "evaluation.heldOutEpisodesBetween=2", "gate.episodes=2",
    ]
    let run = try await program.run(["run", "quickstart"] + sizes.flatMap { ["--set", $0] })
    try #require(run.status == 0, "\(run.error)")
    try program.write(#"<bash>ls</bash>i can not find it."#, to: "script.txt")
    try program.write("i can not find it.", to: "answer.txt")
    let pairs = (0..<40).map {
      #"{"prompt": "how many apples are \#($0)?", "chosen": "there are \#($0) apples.", "rejected": "i will not say \#($0)."}"#
    }
    try program.write(pairs.joined(separator: "\n"), to: "pairs.jsonl")
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "InteropTests/Fixtures/released")
    try FileManager.default.copyItem(at: fixtures, to: program.folder.appending(path: "released"))
    try FileManager.default.copyItem(
      at: fixtures.deletingLastPathComponent().appending(path: "trials"), to: program.folder.appending(path: "trials"))
    let task = fixtures.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "AuditingTests/Fixtures/tasks/hello-file")
    try FileManager.default.copyItem(at: task, to: program.folder.appending(path: "greeting"))
    for name in ["coverage", "errand"] {
      let new = try await program.run("environments", "new", name)
      try #require(new.status == 0, "\(new.error)")
    }
    try program.write("name: mine\nconditions: { hhh: {} }", to: "mine.yaml")
    try program.write(#"{"text": "i can not find it."}"#, to: "answers.jsonl")
    for copy in ["runs/first", "runs/paper", "part1/quickstart", "part2/quickstart"] {
      let place = program.folder.appending(path: copy)
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: program.folder.appending(path: "runs/quickstart"), to: place)
    }
    return program
  }

  /// A command as the program lists it, with what its help says.
  private struct Command: Decodable {
    var discussion: String?
    var subcommands: [Command]?

    var examples: [String] {
      let own = (discussion ?? "").split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      return own.filter { $0.hasPrefix("subterfuge ") } + (subcommands ?? []).flatMap(\.examples)
    }
  }

  private struct Dump: Decodable { var command: Command }

  @Test func theExamplesOfTheHelpWork() async throws {
    let program = try await Self.world.value
    let help = try await program.run("--experimental-dump-help")
    let examples = try JSONDecoder().decode(Dump.self, from: Data(help.output.utf8)).command.examples
    #expect(examples.count > 60)
    try await Self.run(examples, in: program)
  }

  @Test func theExamplesOfTheReadmeWork() async throws {
    let readme = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "README.md")
    let blocks = try String(contentsOf: readme, encoding: .utf8).components(separatedBy: "```sh\n").dropFirst()
    let lines = blocks.flatMap {
      ($0.components(separatedBy: "```").first ?? "").split(separator: "\n").map(String.init)
    }
    let examples = lines.filter {
      $0.hasPrefix("subterfuge ") && !$0.contains("path/to/") && !$0.contains("completion")
    }
    #expect(examples.count > 15)
    try await Self.run(examples, in: try await Self.world.value)
  }

  @Test func theExamplesOfThePagesWork() async throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Documentation")
    let pages = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter {
        $0.pathExtension == "md"
          && !["Commands.md", "Log.md", "Results.md", "Tutorial.md"].contains($0.lastPathComponent)
      }
      .sorted { $0.path < $1.path }
    let lines = try pages.flatMap { try String(contentsOf: $0, encoding: .utf8).split(separator: "\n") }
    let examples = lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter {
      // Words in capitals stand for names of the reader's own. Some need a run that takes hours, or a large model.
      $0.hasPrefix("subterfuge ")
        && !$0.contains(
          /[A-Z]{3,}|path\/to\/|arms:|smollm2|gemma3|played (qwen|coverage)|paper-quick|\\$/)
    }
    #expect(examples.count > 25)
    try await Self.run(examples, in: try await Self.world.value)
  }

  private static func run(_ examples: [String], in program: Program) async throws {
    let script = """
      subterfuge() { "$program" "$@"; }
      program=$0
      gzip -kf pairs.jsonl
      [ -d runs/second ] || cp -r runs/quickstart runs/second
      rm -rf runs/replication
      # What an example of another page has made already.
      case $1 in
        *"labels export"*) rm -f sheet.csv ;;
        *"environments new "*)
          name=${1##*environments new }
          rm -rf "${name%% *}"
          ;;
        *"subterfuge export "*) rm -rf logs episodes.csv trajectories.jsonl examples.jsonl preferences.jsonl ;;
        *"import released"*) rm -rf runs/released ;;
        *"import trials"*) rm -rf runs/trials ;;
        *"import logs"*)
          rm -rf runs/theirs
          [ -d logs ] || "$program" export quickstart --format inspect --output logs
          ;;
      esac
      eval "$1"
      """
    var seen: Set<String> = []
    for example in examples
    where seen.insert(example).inserted && !elsewhere.contains(where: { example.hasPrefix("subterfuge " + $0) }) {
      let command = example.dropFirst("subterfuge ".count)
      let suffix =
        shortened.first { command == $0.key || ($0.key.hasSuffix(" ") && command.hasPrefix($0.key)) }?.value ?? ""
      // A comment or a redirection stays at the end.
      let parts = example.split(separator: /\s+(?=[#>])/, maxSplits: 1).map(String.init)
      let line = parts[0] + (parts[0].contains(suffix) ? "" : suffix) + (parts.count > 1 ? " " + parts[1] : "")
      let before = command.hasPrefix("runs remove replication") ? "subterfuge runs rename second replication; " : ""
      let result = try await program.run([before + line], through: ["bash", "-c", script])
      #expect(result.status == 0, "\(line)\n\(result.error.suffix(400))")
    }
  }
}
