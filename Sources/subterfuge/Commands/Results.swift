import ArgumentParser

struct Matrix: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the checkpoint x environment matrix of a run, with exact intervals.",
    discussion: "Example:\n  subterfuge matrix quickstart")

  @Argument(help: "The run's name.")
  var name: String

  @OptionGroup var options: RunOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws { try RunReport(options.folder(name)).showMatrix(json: json) }
}

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the report page of a run again, as far as the run has got.",
    discussion: "Example:\n  subterfuge report quickstart")

  @Argument(help: "The run's name.")
  var name: String

  @OptionGroup var options: RunOptions

  func run() throws { try RunReport(options.folder(name)).writePage() }
}
