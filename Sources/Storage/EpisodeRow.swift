package import Episodes
import GRDB
import Runs

/// What a list shows of an episode. Long transcripts are left out, so that a list stays quick whatever a model wrote.
package struct EpisodeRow: Sendable, Hashable {
  /// The longest transcript that a list reads, in characters of its stored form.
  static let longestTranscript = 60_000

  package var id: Int
  package var key: EpisodeKey
  /// The truth of every predicate that applies; `nil` for a failed episode.
  package var facts: [Predicate: Bool]?
  package var boundary: EpisodeFailure.Boundary?
  /// Texts without tokens and without the prompt; `nil` for a long transcript.
  package var transcript: Transcript?
}

extension RunStore {
  /// Returns the rows of the episodes with these numbers, in the order of the numbers, and omits numbers that do not exist.
  package func rows(numbered numbers: some Collection<Int>) throws -> [EpisodeRow] {
    let sql = """
      SELECT episode.id, variant, sample, applies, holds, failure_boundary,
        CASE WHEN length(segments) < \(EpisodeRow.longestTranscript) THEN segments END AS segments,
        cell.environment, cell.arm, cell.purpose, checkpoint.name AS checkpoint,
        substr(prompt.text, -\(ProtocolTag.thought.opening.count)) AS prompt_end
      FROM episode JOIN cell ON cell.id = cell_id JOIN checkpoint ON checkpoint.id = checkpoint_id
      LEFT JOIN prompt ON prompt.id = prompt_id WHERE episode.id = ?
      """
    return try read { db in
      let bits = try PredicateBits(db)
      let statement = try db.cachedStatement(sql: sql)
      return try numbers.compactMap { try Row.fetchOne(statement, arguments: [$0]).map { try Self.row($0, bits) } }
    }
  }

  private static func row(_ row: Row, _ bits: PredicateBits) throws -> EpisodeRow {
    EpisodeRow(
      id: row["id"],
      key: EpisodeKey(
        checkpoint: row["checkpoint"], environment: row["environment"], arm: Arm(rawValue: row["arm"]),
        purpose: row["purpose"], variant: row["variant"], sample: row["sample"]),
      facts: (row["applies"] as Int64?).flatMap { applies in
        (row["holds"] as Int64?).map { bits.facts(applies: applies, holds: $0) }
      },
      boundary: try EpisodeFailure.Boundary.stored(row["failure_boundary"]),
      transcript: try (row["segments"] as String?).map {
        try StoredTranscript.texts(of: $0, after: row["prompt_end"])
      })
  }
}
