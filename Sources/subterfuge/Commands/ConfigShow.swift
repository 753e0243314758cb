import ArgumentParser
import Experiments

struct ConfigShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the resolved experiment of a recipe or a file as YAML.",
    discussion: """
      Prints every setting, as `run` would use it. The output is itself an experiment file. `runs show` prints the \
      experiment of a run.

      Examples:
        subterfuge config show paper --scale quick > mine.yaml
        subterfuge config show quickstart --set training.epochs=3
      """)

  @OptionGroup var options: ExperimentOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let experiment = try options.resolve().experiment.namingFolders
    if json { return try Console.json(experiment) }
    Console.print(try ExperimentFile.encode(experiment))
  }
}
