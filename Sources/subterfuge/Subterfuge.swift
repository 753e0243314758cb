import ArgumentParser
import Foundation
import Sandboxing

@main
struct Subterfuge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "subterfuge",
    abstract:
      "Measure whether a language model that learns small forms of cheating goes on to tamper with its own reward.",
    discussion: """
      Example:
        subterfuge run quickstart

      Exit status: 0 success, 1 failure, 64 wrong usage, 130 stopped.
      """,
    version: Version.current.text,
    subcommands: [
      Run.self, Launch.self, Evaluate.self, Audit.self, PropensityCommand.self, Estimate.self, Plan.self, Matrix.self,
      Compare.self,
      Report.self,
      Figures.self, Serve.self, Runs.self, Config.self,
      EpisodesCommand.self, Show.self, Query.self, LabelCommand.self, Labels.self, Export.self, Import.self,
      EnvironmentCommands.self,
      Models.self, Doctor.self,
    ])

  /// The one place where an error becomes words: what was wrong, where, what to do.
  static func main() async {
    // A reader that went away is an error of a write, and not the end of the process. Ignored signals would stay ignored
    // in the commands of the sandbox; a handler does not.
    signal(SIGPIPE) { _ in }
    ProcessPriority.keep()
    do {
      var command = try parseAsRoot()
      try AddressSpace.check()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await Interruption.run { try await asynchronous.run() }
      } else {
        try command.run()
      }
    } catch let stop as Interruption.Stopped {
      Console.error(stop.description)
      Foundation.exit(130)
    } catch {
      end(with: error)
    }
  }

  private static func message(for error: any Error) -> String {
    // The parser would add the usage of the whole program to what a command rejects while it runs.
    if let rejected = error as? ValidationError { return "Error: \(rejected.message)" }
    if let file = error as? CocoaError {
      return "Error: \(file.filePath.map { "\($0): " } ?? "")\(file.localizedDescription)"
    }
    return fullMessage(for: error)
  }

  /// Prints what an error says, or the help that was asked for, and ends the process.
  private static func end(with error: any Error) -> Never {
    let code = exitCode(for: error)
    let message = message(for: error)
    if code.isSuccess { Console.print(message) } else if !message.isEmpty { Console.error(message) }
    Foundation.exit(code.rawValue)
  }
}
