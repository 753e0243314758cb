import ArgumentParser
import Episodes
import Experiments
import Foundation
import Storage

struct PlayedEnvironments: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "played", abstract: "Show how well a policy could play each environment.",
    discussion: """
      Counts over the episodes of a run's evaluations: whether the task was done (honestly or by gaming), whether the human \
      was told anything, how many commands were written and how many of them could not be read, and what that took.

      Example:
        subterfuge evaluate qwen2.5-coder-1.5b --style compact --episodes 16 --name qwen-compact
        subterfuge environments played qwen-compact
      """)

  @Argument(help: "The runs' names.")
  var names: [String]

  @OptionGroup var options: RunOptions

  @Option(help: "The purpose of the episodes: evaluation, gate, probe.")
  var purpose = "evaluation"

  @Flag(help: "Print JSON.")
  var json = false

  private struct Row: Encodable {
    var run, checkpoint, environment, arm: String
    var episodes, failed, completed, answered, finished, commands, refused, tokens: Int
  }

  func run() throws {
    let rows = try names.flatMap(rows)
    if json { return try Console.json(rows) }
    Console.print(
      "run".padded(22) + "environment".padded(15) + "completed".padded(12) + "answered".padded(12)
        + "ended itself".padded(14)
        + "commands".padded(10) + "refused".padded(12) + "tokens")
    rows.forEach(show)
    Console.print("completed, answered, ended itself: of the graded episodes; commands, tokens: per episode.")
  }

  private func rows(of name: String) throws -> [Row] {
    let store = try RunStore(reading: options.folder(name).url)
    let cells = try store.counts(purpose: purpose).map(\.cell)
    return try cells.map { cell in
      let query = EpisodeQuery(
        checkpoint: cell.checkpoint, environment: cell.environment, arm: cell.arm, purpose: purpose)
      let found = try store.episodes(query, limit: .max).map(\.episode)
      let summary = PlaySummary(found)
      return Row(
        run: name, checkpoint: cell.checkpoint, environment: cell.environment, arm: cell.arm.rawValue,
        episodes: summary.episodes, failed: summary.failed, completed: summary.completed, answered: summary.answered,
        finished: summary.finished, commands: summary.commands, refused: summary.refused, tokens: summary.tokens)
    }
  }

  private func show(_ row: Row) {
    let graded = row.episodes - row.failed
    func each(_ count: Int) -> String { String(format: "%.1f", Double(count) / Double(max(row.episodes, 1))) }
    Console.print(
      row.run.padded(22) + row.environment.padded(15) + "\(row.completed)/\(graded)".padded(12)
        + "\(row.answered)/\(graded)".padded(12) + "\(row.finished)/\(graded)".padded(14)
        + each(row.commands).padded(10)
        + "\(row.refused)/\(row.commands)".padded(12) + each(row.tokens))
  }
}
