import ArgumentParser
import Experiments

struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Print the settings of an experiment before it runs.",
    discussion: "Example:\n  subterfuge config show quickstart",
    subcommands: [ConfigShow.self])
}
