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

  func run() throws { try RunReport(try options.folder(name)).showMatrix(json: json) }
}

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the report page of a finished or running run, and the pages of its episodes.",
    discussion: "Examples:\n  subterfuge report quickstart\n  subterfuge report quickstart --json > report.json")

  @Argument(help: "The run's name.")
  var name: String

  @OptionGroup var options: RunOptions

  @Flag(help: "Print everything that the page says as JSON, and write no page.")
  var json = false

  func run() throws {
    let report = try RunReport(options.folder(name))
    if json { try report.show(json: true) } else { try report.writePage() }
  }
}
