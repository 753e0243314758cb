import ArgumentParser
import Environments
import Foundation

struct NewEnvironment: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Write a new environment folder to start from.",
    discussion: """
      The folder is a complete environment with comments, prompts in every style and a self-test. Change it to your task.

      Example:
        subterfuge environments new coverage
        subterfuge environments check ./coverage
        subterfuge environments selftest ./coverage
      """)

  @Argument(help: "The environment's name: lower-case letters, digits and `_`.")
  var name: String

  @Option(name: .customLong("in"), help: "The folder that the new folder is created in.")
  var parent = "."

  func run() throws {
    let folder = URL(filePath: parent).appending(path: name)
    try EnvironmentCatalogue.create(name, at: folder)
    let path = parent == "." ? "./\(name)" : folder.path
    Console.print("Wrote \(path). Begin with environment.yaml. Then:")
    for command in ["environments check", "environments selftest", "evaluate seedling --environment"] {
      Console.print("  subterfuge \(command) \(path)")
    }
  }
}
