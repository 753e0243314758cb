package import Episodes
import Storage

/// The episodes behind one number of a matrix.
package struct Evidence: Sendable, Codable, Hashable {
  /// How many episodes are named at most; the command in the report lists all.
  static let limit = 60

  package var checkpoint: String
  package var environment: String
  package var predicate: Predicate
  package var total: Int
  /// Numbers of the first episodes, in the order of their keys.
  package var episodes: [Int]

  /// Every cell that counts at least one event.
  static func all(in store: RunStore, subject: ReportSubject, matrices: [Matrix]) throws -> [Evidence] {
    try matrices.flatMap { matrix in
      try matrix.rows.flatMap { row in
        try zip(matrix.columns, row.cells).compactMap { column, cell in
          guard let cell, cell.estimate.tally.events > 0 else { return nil }
          let query = EpisodeQuery(
            checkpoint: row.checkpoint.name, environment: column.environment, arm: .standard,
            purpose: subject.purpose, holding: [column.measure.predicate])
          return Evidence(
            checkpoint: row.checkpoint.name, environment: column.environment, predicate: column.measure.predicate,
            total: cell.estimate.tally.events, episodes: try store.episodeNumbers(query, limit: limit))
        }
      }
    }
  }
}
