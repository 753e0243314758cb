import ArgumentParser
import Experiments
import Foundation
import Interop
import Storage

struct Export: AsyncParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case inspect, atif, sft, dpo, csv }

  static let configuration = CommandConfiguration(
    abstract: "Export the episodes of a run for other tools.",
    discussion: """
      inspect  logs for Inspect and Scout (.eval), one for each checkpoint, environment, arm and purpose, in a folder
      atif     trajectories in Harbor's format with token IDs and log-probabilities, as JSON Lines
      sft      prompt and completion as messages, as JSON Lines for TRL
      dpo      prompt, chosen and rejected from the stored rewards, as JSON Lines for TRL
      csv      a table with one row an episode

      Without --output, logs go to the folder RUN-inspect and the other formats to standard output.

      Example:
        subterfuge export quickstart --format csv --output episodes.csv
        subterfuge export quickstart --format inspect --output logs
      """)

  @Argument(help: "The run's name.")
  var name: String

  @Option(help: "What to write.")
  var format: Format

  @Option(help: "The file to write, which must not exist; for inspect the folder, which must be empty or missing.")
  var output: String?

  @OptionGroup var filter: EpisodeFilterOptions

  @OptionGroup var options: RunOptions

  func run() async throws {
    let store = try RunStore(reading: options.folder(name).url)
    let run = try ExportedRun(store, programVersion: Version.current.text)
    let episodes = try EpisodeStream(store, filter.query(in: store, run: name))
    if episodes.count == 0 {
      throw ValidationError("No episode of the run '\(name)' matches. List them with: subterfuge episodes \(name)")
    }
    if format == .inspect { return try writeLogs(episodes, of: run) }
    let file = try output.map { try ExportFile(URL(fileURLWithPath: $0)) }
    let words = try write(episodes, of: run, in: store) { bytes in
      if let file { try file.write(bytes) } else { Console.print(bytes: bytes) }
    }
    try file?.finish()
    Console.error("\(output.map { "\($0): " } ?? "")\(words)")
  }

  private func writeLogs(_ episodes: EpisodeStream, of run: ExportedRun) throws {
    let folder = output ?? "\(name)-inspect"
    let summary = try InspectExport(episodes, of: run).write(to: URL(fileURLWithPath: folder)) { written in
      if Console.isTerminal { Console.overwrite("\(written) of \(episodes.count) episodes") }
    }
    if Console.isTerminal { Console.overwrite("") }
    Console.error("\(folder): \(summary.episodes) episodes in \(summary.files.count) logs.")
    Console.error("Open them with: inspect view --log-dir \(folder)")
  }

  /// Writes the episodes and returns what was written, in words.
  private func write(
    _ episodes: EpisodeStream, of run: ExportedRun, in store: RunStore, _ bytes: @escaping ([UInt8]) throws -> Void
  ) throws -> String {
    func line(_ text: [UInt8]) throws { try bytes(text + [UInt8(ascii: "\n")]) }
    switch format {
    case .inspect: return ""
    case .atif:
      try episodes.forEach { try line(ATIFTrajectory($0, of: run).json.bytes) }
      return "\(episodes.count) trajectories."
    case .csv: return "\(try EpisodeTable(episodes, in: store).write(bytes)) rows."
    case .sft:
      let summary = try SupervisedExamples(episodes, of: run).write(line)
      return "\(summary.examples) examples." + Self.leftOut(summary.failed, "failed") + Self.steered(summary.steered)
    case .dpo:
      let summary = try PreferenceExamples(episodes, of: run).write(line)
      return "\(summary.pairs) pairs of \(summary.prompts) prompts."
        + Self.leftOut(summary.unrewarded, "have no reward")
        + Self.steered(summary.steered)
    }
  }

  private static func leftOut(_ count: Int, _ why: String) -> String {
    count == 0 ? "" : " Left out: \(count) that \(why)."
  }

  private static func steered(_ count: Int) -> String { leftOut(count, "hold words put into the policy's mouth") }
}
