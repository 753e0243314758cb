import Episodes
import GRDB

/// What episodes cost, on average.
package struct EpisodeCost: Sendable, Codable, Hashable {
  /// How many episodes were averaged.
  package var episodes: Int
  /// Tokens that the policy wrote; 0 for policies that do not expose tokens.
  package var policyTokens: Double
  /// Wall-clock seconds from an episode's beginning to its end, while others were alive too.
  package var seconds: Double
}

extension RunStore {
  /// The mean cost of the latest episodes, failed ones included; `nil` when none match.
  ///
  /// - Parameters:
  ///   - checkpoint: only this checkpoint's.
  ///   - environment: only of this environment.
  ///   - limit: how many episodes are read at most.
  package func episodeCost(
    checkpoint: String? = nil, environment: String? = nil, limit: Int = 2_000
  ) throws -> EpisodeCost? {
    let sql = """
      SELECT count(*) AS episodes, avg(seconds) AS seconds, avg(tokens) AS tokens
      FROM (
        SELECT policy_seconds + sandbox_seconds + grading_seconds AS seconds,
          (SELECT coalesce(sum(json_extract(part.value, '$.tokens')), 0) FROM json_each(segments) AS part
            WHERE json_extract(part.value, '$.source') = 'policy') AS tokens
        FROM episode JOIN cell ON cell.id = cell_id JOIN checkpoint ON checkpoint.id = checkpoint_id
        WHERE (name = ?1 OR ?1 IS NULL) AND (environment = ?2 OR ?2 IS NULL)
        ORDER BY episode.id DESC LIMIT ?3)
      """
    return try read { db in
      guard
        let row = try Row.fetchOne(db, sql: sql, arguments: [checkpoint, environment, limit]),
        row["episodes"] as Int > 0
      else { return nil }
      return EpisodeCost(episodes: row["episodes"], policyTokens: row["tokens"], seconds: row["seconds"])
    }
  }
}
