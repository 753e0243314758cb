import ArgumentParser
import Environments
import Foundation

struct CheckEnvironment: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "List every problem of an environment folder or of a list of prompts.",
    discussion: """
      Prints one line for each problem: the file, the line, and what to do. Exits with 1 if there is any. Plays no \
      episode; `environments selftest` does.

      Example:
        subterfuge environments check ./coverage
      """)

  @Argument(help: "The path of an environment folder, or of a .jsonl file of prompts.")
  var path: String

  @Flag(help: "Print JSON.")
  var json = false

  private struct Row: Encodable {
    var file: String?
    var line: Int?
    var message: String
  }

  func run() throws {
    let problems = EnvironmentCatalogue.problems(in: path)
    if json {
      try Console.json(problems.map { Row(file: $0.file, line: $0.line, message: $0.message) })
    } else {
      problems.forEach { Console.print($0.description) }
      let count = problems.isEmpty ? "no" : "\(problems.count)"
      Console.error("\(path): \(count) \(problems.count == 1 ? "problem" : "problems").")
    }
    if !problems.isEmpty { throw ExitCode.failure }
  }
}
