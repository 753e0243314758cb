package import Episodes
import GRDB
package import Runs

// Trajectories that were not drawn from their policy alone: their weights, and the root that they come from.
extension RunStore {
  /// Stores weighted trajectories and finishes a step in one transaction: everything or nothing.
  ///
  /// - Throws: the errors of `insert` and `finishStep`; `notFinite` for a weight that is NaN or infinite.
  package func insert<Result>(
    _ episodes: [(episode: Episode, weight: EpisodeWeight)], finishing step: Step<Result>, result: Result
  ) throws {
    let text = try StoredJSON.text(result)
    try write { db in
      var writer = try EpisodeWriter(db)
      var finder = EpisodeFinder(db)
      for (episode, weight) in episodes {
        try writer.insert(episode)
        let logWeight = max(weight.logWeight, -.greatestFiniteMagnitude)
        guard logWeight.isFinite, let id = try finder.id(of: episode.key) else {
          throw StoreError.notFinite(what: "The weight of the episode \(episode.key.path)")
        }
        try db.cachedStatement(sql: "INSERT INTO weight (episode_id, root, log_weight) VALUES (?, ?, ?)").execute(
          arguments: [id, weight.root, logWeight])
      }
      try Self.finish(step.name, text, db)
    }
  }

  /// Returns the weighted trajectories of a cell, ordered by root, variant and sample.
  package func weightedOutcomes(in cell: Cell) throws -> [WeightedOutcome] {
    let sql = """
      SELECT episode.id, variant, sample, root, log_weight, applies, holds
      FROM weight JOIN episode ON episode.id = episode_id
      WHERE cell_id = (SELECT cell.id FROM cell JOIN checkpoint ON checkpoint.id = checkpoint_id
        WHERE (name, environment, arm, purpose) = (?, ?, ?, ?))
      ORDER BY root, variant, sample
      """
    return try read { db in
      let bits = try PredicateBits(db)
      return try Row.fetchAll(
        db, sql: sql, arguments: [cell.checkpoint, cell.environment, cell.arm.rawValue, cell.purpose]
      ).map { row in
        let (applies, holds): (Int64?, Int64?) = (row["applies"], row["holds"])
        return WeightedOutcome(
          id: row["id"], variant: row["variant"], sample: row["sample"],
          weight: EpisodeWeight(root: row["root"], logWeight: row["log_weight"]),
          facts: applies.map { bits.facts(applies: $0, holds: holds ?? 0) })
      }
    }
  }

  /// Returns the weight of the episode with this number, or `nil` if the episode was sampled from its policy alone.
  package func weight(id: Int) throws -> EpisodeWeight? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT root, log_weight FROM weight WHERE episode_id = ?", arguments: [id])
        .map { EpisodeWeight(root: $0["root"], logWeight: $0["log_weight"]) }
    }
  }
}
