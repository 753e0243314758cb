import ArgumentParser
import Environments
import Episodes
import Experiments
import Foundation
import Interop
import Storage

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Import the paper's released files as a run, and score the samples by its rules.",
    discussion: """
      Takes sample files (.csv or .jsonl, with or without .gz), environments.json and prompts.json, or folders of them. The \
      name of a file says which environment it belongs to. Read the run with matrix, report, episodes, show and compare.

      Example:
        subterfuge import released/ --name released
      """)

  @Argument(help: "Files and folders.")
  var paths: [String]

  @Option(help: "The run's name.")
  var name: String

  @Option(
    help:
      "The environment of all samples, where names do not say it: political, flattery, nudged, insubordinate, tampering."
  )
  var environment: ReleasedEnvironment?

  @Flag(help: "Skip rows that cannot be read, and count them. Otherwise the first one ends the import.")
  var skipBroken = false

  @OptionGroup var options: RunOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let folder = try options.folder(name)
    let released = try ReleasedFolder(paths.map { URL(fileURLWithPath: $0) }, environment: environment)
    let records = try released.environments.map(OfficialRecord.read)
    if let records { Console.error("environments.json: \(records.count) records, all well formed") }
    guard !released.samples.isEmpty else {
      throw ValidationError(
        "There is no sample file to import; \(paths.joined(separator: ", ")) holds records or prompts only.")
    }
    let summary = try ReleasedImport(released, name: name, skipsBroken: skipBroken)
      .store(in: folder.url, codeRevision: Version.current.revision) { stored in
        if Console.isTerminal { Console.overwrite("\(stored) samples") }
      }
    if Console.isTerminal { Console.overwrite("") }
    json ? try Console.json(summary) : show(summary)
  }

  private func show(_ summary: ImportSummary) {
    for file in summary.files {
      let broken = file.broken == 0 ? "" : ", \(file.broken) left out"
      Console.print(
        "\(file.name): \(file.stored) samples of \(file.environment.rawValue), arm \(file.arm.rawValue)\(broken)")
      for complaint in file.complaints { Console.print("  \(complaint)") }
    }
    Console.print("\(summary.stored) episodes of \(summary.checkpoints.joined(separator: ", "))")
    Console.print("Look at them with: subterfuge matrix \(summary.run)")
  }
}

extension ReleasedEnvironment: ExpressibleByArgument {}
