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
        subterfuge runs merge PART1/replication PART2/replication
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
    // Before the first run there is no folder.
    let folders =
      FileManager.default.fileExists(atPath: root.path)
      ? try FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil) : []
    let rows = folders.sorted { $0.lastPathComponent < $1.lastPathComponent }.compactMap(RunRow.init)
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

/// What the list says of a run.
private struct RunRow: Encodable {
  var name: String
  var kind: String
  var started: String
  /// `nil` while there is work left.
  var finished: String?
  var episodes: Int?
  /// Of all files in its folder.
  var bytes: Int
  var code: String

  /// `nil` for a folder that holds no run.
  init?(_ folder: URL) {
    guard FileManager.default.fileExists(atPath: folder.appending(path: "run.sqlite").path) else { return nil }
    name = folder.lastPathComponent
    bytes = Self.size(of: folder)
    do {
      let store = try RunStore(reading: folder)
      let run = try store.run()
      kind = run.kind.rawValue
      started = Self.plain(try store.started())
      finished = try store.finished().map(Self.plain)
      episodes = try store.count(EpisodeQuery())
      code = run.codeRevision
    } catch {
      (kind, started, episodes, code) = ("unreadable: \(error.localizedDescription)", "", nil, "")
    }
  }

  private static func plain(_ time: String) -> String {
    time.replacing("T", with: " ").replacing("Z", with: "")
  }

  private static func size(of folder: URL) -> Int {
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])
    return
      (files?.compactMap { ($0 as? URL).flatMap { try? $0.resourceValues(forKeys: [.fileSizeKey]).fileSize } } ?? [])
      .reduce(0, +)
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
