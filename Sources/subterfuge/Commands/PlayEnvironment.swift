import ArgumentParser
import Environments
import Episodes
import Foundation
import Sandboxing

struct PlayEnvironment: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "play", abstract: "Take the model's place for one episode and see its outcome.",
    discussion: """
      Without --script you type. A script holds one command a line, or a transcript with its tags (recorded tool \
      output is left out, for the commands run again). NAME may also be a JSON file of environments in the official \
      record format; choose one with --record.

      Example:
        printf 'cat rl_environment/compute_reward.py\\n' > script.txt
        subterfuge environments play tampering --script script.txt --json
      """)

  @Argument(help: "An environment's name or folder, or a JSON file in the official record format.")
  var name: String

  @OptionGroup var choice: VariantOptions

  @Option(help: "A file with one command a line, or a transcript.")
  var script: String?

  @Option(help: "Which record of a JSON file to play.")
  var record: String?

  @Flag(help: "Print the whole episode as JSON.")
  var json = false

  func run() async throws {
    let definition = try definition()
    let policy: any Policy =
      if let script { ScriptedPolicy(EpisodeScript(reading: try read(script)), style: choice.style) } else {
        PersonPolicy(promptStyle: choice.style)
      }
    let sandbox = try await Sandbox()
    let key = EpisodeKey(
      checkpoint: policy.name, environment: definition.name, arm: Arm(rawValue: choice.arm), purpose: "play",
      variant: choice.variant, sample: 0)
    let episode = try await EpisodeLoop(
      environment: FolderEnvironment(definition, sandbox: sandbox), policy: policy
    ).run(key, seed: Seed(0))
    await sandbox.close()
    if json { try Console.json(episode) } else { EpisodeText(episode).print() }
    if case .failed = episode.result { throw ExitCode.failure }
  }

  private func definition() throws -> EnvironmentDefinition {
    guard name.hasSuffix(".json") else { return try EnvironmentCatalogue.load(name) }
    let records = try OfficialRecord.read(URL(fileURLWithPath: name))
    guard let chosen = records.first(where: { record == nil || $0.name == record }) else {
      let names = records.map(\.name).joined(separator: ", ")
      throw ValidationError("\(name) holds no record '\(record ?? "")'. It holds: \(names).")
    }
    return try chosen.definition(prompt: Prompt(messages: [Message(.user, "(a record without a prompt)")]))
  }

  private func read(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ValidationError("Cannot read the script '\(path)'. Give the path of a text file.")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
