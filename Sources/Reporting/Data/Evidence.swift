package import Episodes
import Storage

/// The episodes behind one number of a matrix.
package struct Evidence: Sendable, Codable, Hashable {
  /// How many episodes are named at most; the command in the report lists all.
  static let limit = 60

  /// The row's name: a checkpoint, or a stage of several sequences.
  package var row: String
  package var environment: String
  package var predicate: Predicate
  package var total: Int
  /// The checkpoints that have such episodes.
  package var parts: [Part]

  package struct Part: Sendable, Codable, Hashable {
    package var checkpoint: String
    /// Numbers of the first episodes, in the order of their keys.
    package var episodes: [Int]
  }

  /// How many episodes are named.
  var named: Int { parts.reduce(0) { $0 + $1.episodes.count } }

  /// Every cell that counts at least one event.
  static func all(
    in store: RunStore, subject: ReportSubject, matrices: [Matrix], counts: CountIndex
  ) throws -> [Evidence] {
    try matrices.flatMap { matrix in
      try matrix.rows.flatMap { row in
        try zip(matrix.columns, row.cells).compactMap { column, cell in
          guard let cell, cell.estimate.tally.events > 0 else { return nil }
          return Evidence(
            row: row.name, environment: column.environment, predicate: column.measure.predicate,
            total: cell.estimate.tally.events,
            parts: try parts(row, column, in: store, counts: counts, subject: subject))
        }
      }
    }
  }

  private static func parts(
    _ row: Matrix.Row, _ column: Matrix.Column, in store: RunStore, counts: CountIndex, subject: ReportSubject
  ) throws -> [Part] {
    try row.checkpoints.compactMap { checkpoint in
      let tally = counts.tally(
        checkpoint.name, column.environment, column.measure.predicate, arm: subject.arm, purpose: subject.purpose)
      if tally?.events ?? 0 == 0 { return nil }
      let query = EpisodeQuery(
        checkpoint: checkpoint.name, environment: column.environment, arm: subject.arm, purpose: subject.purpose,
        holding: [column.measure.predicate])
      let episodes = try store.episodeNumbers(query, limit: limit / row.checkpoints.count)
      return Part(checkpoint: checkpoint.name, episodes: episodes)
    }
  }
}
