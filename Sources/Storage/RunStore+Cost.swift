package import Episodes
import GRDB
import Runs

/// The average cost of an episode.
package struct EpisodeCost: Sendable, Codable, Hashable {
  /// The number of episodes averaged.
  package var episodes: Int
  /// Tokens that the policy wrote; 0 for policies that do not expose tokens.
  package var policyTokens: Double
  /// Wall-clock seconds from an episode's start to its end, while other episodes may run at the same time.
  package var seconds: Double
}

extension RunStore {
  /// What servers have counted of all episodes; `nil` where none did.
  package func usage() throws -> TokenUsage? {
    try read { db in
      try String.fetchAll(db, sql: "SELECT usage FROM episode WHERE usage IS NOT NULL")
        .map { try StoredJSON.value($0) as TokenUsage }
        .reduce(nil as TokenUsage?) { ($0 ?? TokenUsage()) + $1 }
    }
  }

  /// Returns the mean cost of the latest episodes, including failed ones, or `nil` if no episode matches.
  ///
  /// - Parameters:
  ///   - checkpoint: includes only episodes of this checkpoint.
  ///   - environment: includes only episodes of this environment.
  ///   - limit: the largest number of episodes to read.
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
