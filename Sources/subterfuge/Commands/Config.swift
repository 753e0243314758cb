import ArgumentParser
import Experiments

struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Print experiments before they run.",
    discussion: "Example:\n  subterfuge config show quickstart",
    subcommands: [ConfigShow.self])
}
