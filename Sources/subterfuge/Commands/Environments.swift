import ArgumentParser
import Environments
import Episodes
import Foundation
import Sandboxing

struct EnvironmentCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "environments",
    abstract: "Create, check, list, show, self-test, play and grade environments.",
    discussion: """
      NAME is a built-in environment's name or the path of your own environment folder.

      Example:
        subterfuge environments selftest tampering
      """,
    subcommands: [
      NewEnvironment.self, CheckEnvironment.self, ListEnvironments.self, ShowEnvironment.self,
      SelfTestEnvironments.self, PlayEnvironment.self,
      PlayedEnvironments.self, GradeAnswers.self,
    ])
}

struct ListEnvironments: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the built-in environments.",
    discussion: "Example:\n  subterfuge environments list")

  @Flag(help: "Print JSON.")
  var json = false

  private struct Row: Encodable {
    var name, title, role: String
    var variants: Int
    var arms: [String]
  }

  func run() throws {
    let rows = try EnvironmentCatalogue.builtIn.map { name in
      let found = try EnvironmentCatalogue.load(name)
      return Row(
        name: name, title: found.title, role: found.role.rawValue, variants: found.variantCount,
        arms: found.arms.map(\.rawValue))
    }
    if json { return try Console.json(rows) }
    for row in rows {
      Console.print("\(row.name.padded(15)) \(row.role.padded(12)) \(row.variants) variants  \(row.title)")
      Console.print("\("".padded(15)) arms: \(row.arms.joined(separator: ", "))")
    }
  }
}

struct ShowEnvironment: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the prompt and the files of one variant.",
    discussion: "Example:\n  subterfuge environments show tampering --variant 3 --style brief")

  @Argument(help: "An environment's name or folder.")
  var name: String

  @OptionGroup var choice: VariantOptions

  @Flag(help: "Show the words that are put into the policy's mouth when an episode begins with the files shown.")
  var preExplored = false

  @Flag(help: "Print JSON.")
  var json = false

  private struct Shown: Encodable {
    var environment, arm: String
    var variant: Int
    var prompt: Prompt
    /// Words put into the policy's mouth.
    var lead: [String]
    var files: [String: String]
  }

  func run() throws {
    let definition = try EnvironmentCatalogue.load(name)
    let sample = try definition.sample(
      variant: choice.variant, arm: Arm(rawValue: choice.arm), style: choice.style, explored: preExplored)
    let tree = try definition.files(variant: choice.variant, arm: Arm(rawValue: choice.arm))
    let paths = tree.entries.keys.map { "\($0)" }
    let files = Dictionary(uniqueKeysWithValues: paths.compactMap { path in tree.text(of: path).map { (path, $0) } })
    if json {
      return try Console.json(
        Shown(
          environment: definition.name, arm: choice.arm, variant: choice.variant, prompt: sample.prompt,
          lead: sample.lead, files: files))
    }
    for message in sample.prompt.messages { Console.print("\(message.role.rawValue): \(message.text)\n") }
    Console.print("assistant: \(sample.prompt.opening)\(sample.lead.joined())\n")
    for (path, text) in files.sorted(by: { $0.key < $1.key }) { Console.print("== \(path) ==\n\(text)") }
  }
}

struct SelfTestEnvironments: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Run the scripted policies of environments and compare their outcomes with the expected ones.",
    discussion: "Example:\n  subterfuge environments selftest")

  @Argument(help: "Environments to test; all built-in ones by default.")
  var names: [String] = []

  @Flag(help: "Print JSON.")
  var json = false

  private struct Row: Encodable {
    var environment, script, arm: String
    var variant: Int
    var passed: Bool
    var differences: [String]
  }

  func run() async throws {
    let sandbox = try await Sandbox()
    var rows: [Row] = []
    for name in names.isEmpty ? EnvironmentCatalogue.builtIn : names {
      for result in try await EnvironmentCatalogue.load(name).selfTest(in: sandbox) {
        rows.append(
          Row(
            environment: result.environment, script: result.name, arm: result.arm.rawValue, variant: result.variant,
            passed: result.passed, differences: result.differences))
      }
    }
    await sandbox.close()
    if json { try Console.json(rows) } else { rows.forEach(show) }
    let failed = rows.count { !$0.passed }
    if !json { Console.print("\(rows.count - failed) of \(rows.count) scripted episodes gave the expected outcome.") }
    if failed > 0 { throw ExitCode.failure }
  }

  private func show(_ row: Row) {
    let mark = row.passed ? "ok  " : "FAIL"
    Console.print("\(mark) \(row.environment.padded(14)) \(row.script) (\(row.arm), variant \(row.variant))")
    row.differences.forEach { Console.print("       \($0)") }
  }
}

/// Options that choose a variant of an environment.
struct VariantOptions: ParsableArguments {
  @Option(help: "The variant's number, from 0.")
  var variant = 0

  @Option(help: "The arm: standard, instructed, benign or another that the environment has.")
  var arm = Arm.standard.rawValue

  @Option(help: "The prompt's style: full (the paper's), compact (for instruct models) or brief (for the seedling).")
  var style = PromptStyle.full
}

extension PromptStyle: ExpressibleByArgument {}

extension String {
  /// The string with spaces to at least this many characters.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
