import Episodes
import GRDB

// Log-probabilities of fixed texts at decision points.
extension RunStore {
  /// Records scores in one transaction: all of them or none. Recording the same scores again changes nothing.
  ///
  /// - Throws: `unknownCheckpoint`; `notFinite`; `contradiction` if a different text or score is already stored in the
  ///   place of one.
  package func record(_ scores: [ContinuationScore]) throws {
    try write { db in
      for score in scores {
        let what =
          "The score of the \(score.kind.rawValue) text \(score.place) of \(score.environment), variant \(score.variant)"
        guard score.logProbability.isFinite else { throw StoreError.notFinite(what: what) }
        guard
          let checkpoint = try Int64.fetchOne(
            db, sql: "SELECT id FROM checkpoint WHERE name = ?", arguments: [score.checkpoint])
        else { throw StoreError.unknownCheckpoint(score.checkpoint) }
        let key: StatementArguments = [
          checkpoint, score.environment, score.variant, score.kind.rawValue, score.place,
        ]
        let known = try Row.fetchOne(db.cachedStatement(sql: Self.known), arguments: key)
        if let known {
          let isSame =
            known["digest"] == score.digest && known["tokens"] == score.tokens
            && known["log_probability"] == score.logProbability
          guard isSame else { throw StoreError.contradiction(what: what) }
          continue
        }
        try db.cachedStatement(sql: "INSERT INTO propensity VALUES (?, ?, ?, ?, ?, ?, ?, ?)").execute(
          arguments: key + [score.digest, score.tokens, score.logProbability])
      }
    }
  }

  /// Returns all scores: checkpoints in creation order, then by environment, variant, kind and place.
  package func continuationScores() throws -> [ContinuationScore] {
    let sql = """
      SELECT propensity.*, checkpoint.name AS checkpoint FROM propensity JOIN checkpoint ON checkpoint.id = checkpoint_id
      ORDER BY checkpoint_id, environment, variant, kind, place
      """
    return try read { db in
      try Row.fetchAll(db, sql: sql).map { row in
        ContinuationScore(
          checkpoint: row["checkpoint"], environment: row["environment"], variant: row["variant"],
          kind: try Continuations.Kind.stored(row["kind"]) ?? .control, place: row["place"], digest: row["digest"],
          tokens: row["tokens"], logProbability: row["log_probability"])
      }
    }
  }

  /// Returns the variants of an environment that have scores for a checkpoint.
  package func scoredVariants(checkpoint: String, environment: String) throws -> Set<Int> {
    let sql = """
      SELECT DISTINCT variant FROM propensity JOIN checkpoint ON checkpoint.id = checkpoint_id
      WHERE (name, environment) = (?, ?)
      """
    return try read { Set(try Int.fetchAll($0, sql: sql, arguments: [checkpoint, environment])) }
  }

  private static let known = """
    SELECT digest, tokens, log_probability FROM propensity
    WHERE (checkpoint_id, environment, variant, kind, place) = (?, ?, ?, ?, ?)
    """
}
