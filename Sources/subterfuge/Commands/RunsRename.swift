import ArgumentParser
import Experiments
import Foundation
import Storage

struct RunsRename: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename", abstract: "Rename a run and its folder.",
    discussion: """
      The run resumes under the new name, given with --name. Rejects a run that a process is working on, and a name that \
      is taken.

      Example:
        subterfuge runs rename second replication
      """)

  @Argument(help: "The run's name.")
  var name: String

  @Argument(help: "The new name.")
  var newName: String

  @OptionGroup var options: RunOptions

  func run() throws {
    let folder = try options.folder(name)
    let target = try options.folder(newName)
    let renamed = RunFolder(try RunStore.rename(folder.url, to: newName))
    // The page names the run.
    if FileManager.default.fileExists(atPath: target.report.path) { try RunReport(renamed).writePage(quiet: true) }
    Console.error("Renamed '\(name)' to '\(newName)': \(renamed.url.path).")
  }
}
