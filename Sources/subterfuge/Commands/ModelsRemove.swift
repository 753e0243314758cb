import ArgumentParser
import Foundation
import ModelHub

struct RemoveModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Delete a downloaded model or an incomplete download.",
    discussion: "Example:\n  subterfuge models remove gemma3-270m")

  @Argument(help: "The name the model was fetched by.")
  var model: String

  func validate() throws { _ = try ModelName(argument: model) }

  func run() throws {
    let name = try ModelName(argument: model)
    let freed = try ModelCache().remove(name)
    Console.print("Removed \(name.text): \(freed.megabytes) freed.")
  }
}
