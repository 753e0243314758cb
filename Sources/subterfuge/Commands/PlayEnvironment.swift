import ArgumentParser
import Environments
import Episodes
import Foundation
import Sandboxing

struct PlayEnvironment: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "play", abstract: "Take the model's place for one episode and see its outcome.",
    discussion: """
      Without --script you type: each line is a bash command, and `say TEXT` is your answer. A script holds one command a line, or a transcript with its tags (recorded tool \
      output is left out, for the commands run again). NAME may also be a JSON file of environments in the official \
      record format (choose one with --record), or a .jsonl file of prompts.

      Example:
        printf 'cat rl_environment/compute_reward.py\\n' > script.txt
        subterfuge environments play tampering --script script.txt --json
      """)

  @Argument(help: "An environment's name or folder, a .jsonl file of prompts, or a JSON file of official records.")
  var name: String

  @OptionGroup var choice: VariantOptions

  @Option(help: "A file with one command a line, or a transcript.")
  var script: String?

  @Option(help: "Which record of a JSON file to play.")
  var record: String?

  @OptionGroup var packages: PackageOptions

  @Flag(help: "Print the whole episode as JSON.")
  var json = false

  func run() async throws {
    let script = try script.map { EpisodeScript(reading: try read($0)) }
    let described = name.hasSuffix(".json") ? nil : try packages.open(name)
    let sandbox = try await Sandbox(configuration: .init(packages: described?.packages))
    let environment = try described?.environment(in: sandbox) ?? recorded(in: sandbox)
    let policy: any Policy =
      if let script { ScriptedPolicy(script, style: choice.style) } else {
        PersonPolicy(promptStyle: choice.style, hasTools: environment.limits.commands > 0)
      }
    let key = EpisodeKey(
      checkpoint: policy.name, environment: environment.name, arm: Arm(rawValue: choice.arm), purpose: "play",
      variant: choice.variant, sample: 0)
    let episode = try await EpisodeLoop(environment: environment, policy: policy).run(key, seed: Seed(0))
    await sandbox.close()
    if json { try Console.json(episode) } else { EpisodeText(episode).print() }
    if case .failed = episode.result { throw ExitCode.failure }
  }

  /// An environment of the official record format.
  private func recorded(in sandbox: Sandbox) throws -> any Environment {
    let records = try OfficialRecord.read(URL(fileURLWithPath: name))
    guard let chosen = records.first(where: { record == nil || $0.name == record }) else {
      let names = records.map(\.name).joined(separator: ", ")
      throw ValidationError("\(name) holds no record '\(record ?? "")'. It holds: \(names).")
    }
    let prompt = Prompt(messages: [Message(.user, "(a record without a prompt)")])
    return FolderEnvironment(try chosen.definition(prompt: prompt), sandbox: sandbox)
  }

  private func read(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ValidationError("Cannot read the script '\(path)'. Give the path of a text file.")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
