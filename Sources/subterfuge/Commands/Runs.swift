import ArgumentParser
import Experiments
import Foundation
import Reporting
import Runs
import Storage

struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List, show, merge, rename and remove runs.",
    discussion: """
      Example:
        subterfuge runs list
        subterfuge runs show quickstart
        subterfuge runs merge part1/quickstart part2/quickstart --runs merged
        subterfuge runs rename second replication
        subterfuge runs remove replication
      """,
    subcommands: [RunsList.self, RunsShow.self, RunsMerge.self, RunsRename.self, RunsRemove.self])
}

struct RunsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the runs in the runs folder.",
    discussion: "Example:\n  subterfuge runs list")

  @OptionGroup var options: RunOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let root = URL(fileURLWithPath: options.runs)
    let rows = try RunListing.all(in: root)
    if json { return try Console.json(rows) }
    guard !rows.isEmpty else { return Console.error("There are no runs in \(root.path).") }
    var table = TextTable(header: ["run", "kind", "started", "finished", "episodes", "MB", "code"], numeric: [4, 5])
    table.rows = rows.map {
      [
        $0.name, $0.kind, $0.started, $0.finished ?? "", "\($0.episodes.map(String.init) ?? "")", "\($0.bytes >> 20)",
        $0.code,
      ]
    }
    Console.print(table.render())
  }
}

struct RunsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the resolved configuration of a run.",
    discussion: """
      An experiment is printed as YAML with every setting written out; the file can be run again under another name. Other \
      runs are printed as JSON.

      Example:
        subterfuge runs show quickstart > again.yaml
      """)

  @Argument(help: "The run's name.")
  var name: String

  @OptionGroup var options: RunOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let store = try RunStore(reading: options.folder(name).url)
    if !json, case .experiment(let experiment) = try StoredConfiguration(of: store) {
      return Console.print(try ExperimentFile.encode(experiment.namingFolders))
    }
    Console.print(try store.run().configuration)
  }
}

struct RunsRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Delete a run with its episodes, checkpoints and report.",
    discussion: """
      Refuses a run that a process is working on, and a folder that holds no run.

      Example:
        subterfuge runs remove second
      """)

  @Argument(help: "The run's name.")
  var name: String

  @OptionGroup var options: RunOptions

  func run() throws {
    let folder = try options.folder(name)
    try RunStore.remove(folder.url)
    Console.error("Deleted \(folder.url.path).")
  }
}
