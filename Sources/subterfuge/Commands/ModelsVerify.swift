import ArgumentParser
import Foundation
import ModelHub

struct VerifyModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Recompute the checksums of a downloaded model.",
    discussion: "Example:\n  subterfuge models verify gemma3-270m")

  @Argument(help: "The name the model was fetched by.")
  var model: String

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws { _ = try ModelName(argument: model) }

  func run() throws {
    let name = try ModelName(argument: model)
    let differences = try ModelCache().verify(name)
    if json {
      try Console.json(differences)
    } else {
      for difference in differences { Console.print("\(difference.path) \(difference.problem)") }
    }
    guard differences.isEmpty else {
      Console.error(
        "\(name.text) is not as it was fetched. Remove it and fetch it again: subterfuge models remove \(name.text)")
      throw ExitCode.failure
    }
    if !json { Console.print("\(name.text) is as it was fetched.") }
  }
}
