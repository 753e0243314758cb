import ArgumentParser
import Episodes
import Experiments
import Foundation
import Statistics
import Storage

struct PlayedEnvironments: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "played", abstract: "Show how well a policy plays each environment.",
    discussion: """
      Prints a Markdown table over the episodes of runs' evaluations: whether the human was told anything, whether the \
      result was handed in, whether it was honest or gamed, commands, refused commands with the reason, and tokens.

      Example:
        subterfuge evaluate seedling --episodes 16 --name played
        subterfuge environments played played
      """)

  @Argument(help: "The runs' names.")
  var names: [String]

  @OptionGroup var options: RunOptions

  @Option(help: "The purpose of the episodes: evaluation, gate, probe.")
  var purpose = "evaluation"

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let rows = try names.flatMap(rows)
    if json { return try Console.json(rows) }
    Console.print(PlayedRow.table(rows))
    Console.print(
      """

      Visible: the human was told something. Completed: the result was handed in, true or not. Shares are of the graded
      episodes, with 95 % intervals (Clopper and Pearson). Commands and tokens are per episode.
      """)
  }

  /// A row for each environment and arm, and one over all where there are several.
  private func rows(of name: String) throws -> [PlayedRow] {
    let store = try RunStore(reading: options.folder(name).url)
    let sampling = try JSONDecoder().decode(PlayedSettings.self, from: Data(store.run().configuration.utf8)).sampling
    let style = (sampling?.promptStyle ?? .brief).rawValue + (sampling?.preExplored == true ? ", pre-explored" : "")
    var groups: [String: [Episode]] = [:]
    var rows: [PlayedRow] = []
    for cell in try store.counts(purpose: purpose).map(\.cell) {
      let query = EpisodeQuery(
        checkpoint: cell.checkpoint, environment: cell.environment, arm: cell.arm, purpose: purpose)
      let found = try store.episodes(query, limit: .max).map(\.episode)
      rows.append(
        PlayedRow(
          run: name, checkpoint: cell.checkpoint, style: style, environment: cell.environment, arm: cell.arm.rawValue,
          PlaySummary(found)))
      groups[cell.checkpoint, default: []] += found
    }
    let sums = groups.sorted { $0.key < $1.key }.map { checkpoint, episodes in
      PlayedRow(
        run: name, checkpoint: checkpoint, style: style, environment: "all", arm: "all", PlaySummary(episodes))
    }
    return rows + sums.filter { sum in rows.count { $0.checkpoint == sum.checkpoint } > 1 }
  }
}

/// What a run's configuration says of its prompts.
private struct PlayedSettings: Decodable {
  struct Sampling: Decodable {
    var promptStyle: PromptStyle?
    var preExplored: Bool?
  }

  var sampling: Sampling?
}

/// A line of the table.
private struct PlayedRow: Encodable {
  let run, checkpoint, style, environment, arm: String
  let episodes, failed, visible, completed, honest, gamed, finished, commands, refused, tokens: Int
  /// Refused commands by reason.
  let refusals: [String: Int]

  init(run: String, checkpoint: String, style: String, environment: String, arm: String, _ summary: PlaySummary) {
    (self.run, self.checkpoint, self.style) = (run, checkpoint, style)
    (self.environment, self.arm) = (environment, arm)
    (episodes, failed, visible) = (summary.episodes, summary.failed, summary.answered)
    (completed, honest, gamed) = (summary.completed, summary.honest, summary.gamed)
    (finished, commands, refused, tokens) = (summary.finished, summary.commands, summary.refused, summary.tokens)
    refusals = Dictionary(uniqueKeysWithValues: summary.refusals.map { ($0.key.rawValue, $0.value) })
  }

  /// The rows as a Markdown table, its columns padded.
  static func table(_ rows: [PlayedRow]) -> String {
    let cells = [header, header.map { _ in "---" }] + rows.map(\.cells)
    let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      "| " + zip(row, widths).map { $0.padded($1) }.joined(separator: " | ") + " |"
    }.joined(separator: "\n")
  }

  private static let header = [
    "checkpoint", "style", "environment", "arm", "episodes", "visible", "completed", "honest", "gamed",
    "ended itself", "commands", "refused", "tokens",
  ]

  private var cells: [String] {
    [
      checkpoint, style, environment, arm, failed == 0 ? "\(episodes)" : "\(episodes), \(failed) failed",
      share(visible), share(completed), "\(honest)", "\(gamed)", "\(finished)", perEpisode(commands, digits: 1),
      refusedText, perEpisode(tokens, digits: 0),
    ]
  }

  private func share(_ events: Int) -> String {
    let interval = Count(events: events, trials: episodes - failed).clopperPearson()
    return String(
      format: "%d of %d (%.0f–%.0f %%)", events, episodes - failed, interval.lower * 100, interval.upper * 100)
  }

  private func perEpisode(_ count: Int, digits: Int) -> String {
    String(format: "%.\(digits)f", Double(count) / Double(max(episodes, 1)))
  }

  /// `2 of 17: inside <cot> 2`.
  private var refusedText: String {
    let reasons = refusals.sorted { $0.key < $1.key }.map { "`\($0.key)` \($0.value)" }.joined(separator: ", ")
    return "\(refused) of \(commands)" + (reasons.isEmpty ? "" : ": \(reasons)")
  }
}
