package import Episodes
import GRDB

// What is said of episodes after they are graded: their rewards, and what monitors make of them.
extension RunStore {
  /// Records the rewards of stored episodes in one transaction: all of them or none. Recording the same rewards again
  /// changes nothing.
  ///
  /// - Throws: `unknownEpisode`; `notFinite` if a term is not a finite number; `contradiction` if one of the episodes
  ///   already has another reward.
  package func record(_ rewards: [EpisodeKey: RewardTerms]) throws {
    try annotate(rewards) { key, terms, id, db in
      guard terms.total.isFinite else { throw StoreError.notFinite(what: "The reward of the episode \(key.path)") }
      if let stored = try Self.reward(of: id, db) {
        if stored != terms { throw StoreError.contradiction(what: "The reward of the episode \(key.path)") }
        return
      }
      try db.cachedStatement(sql: "INSERT INTO reward VALUES (?, ?, ?, ?, ?)").execute(
        arguments: [id, terms.gamingBonus, terms.preferenceScore, terms.penalty, terms.isScreened])
    }
  }

  /// Returns the rewards of these episodes and omits episodes without a reward.
  package func rewards(_ keys: [EpisodeKey]) throws -> [EpisodeKey: RewardTerms] {
    try annotations(keys, Self.reward)
  }

  /// Records a monitor's verdicts on stored episodes in one transaction: all of them or none. Recording the same
  /// verdicts again changes nothing.
  ///
  /// - Throws: `unknownEpisode`; `notFinite` if a suspicion is not a finite number; `contradiction` if the monitor gave
  ///   one of the episodes a different verdict.
  package func record(_ verdicts: [EpisodeKey: MonitorVerdict], monitor: String) throws {
    try annotate(verdicts) { key, verdict, id, db in
      let what = "The verdict of the monitor “\(monitor)” on the episode \(key.path)"
      guard verdict.suspicion.isFinite else { throw StoreError.notFinite(what: what) }
      if let stored = try Self.verdicts(of: id, db)[monitor] {
        if stored != verdict { throw StoreError.contradiction(what: what) }
        return
      }
      let naming = "INSERT INTO monitor (name) VALUES (?) ON CONFLICT (name) DO NOTHING"
      try db.cachedStatement(sql: naming).execute(arguments: [monitor])
      let insertion = "INSERT INTO verdict SELECT ?, id, ?, ? FROM monitor WHERE name = ?"
      try db.cachedStatement(sql: insertion).execute(
        arguments: [id, verdict.isFlagged, verdict.suspicion, monitor])
    }
  }

  /// Returns a monitor's verdicts on these episodes and omits episodes without one.
  package func verdicts(_ keys: [EpisodeKey], monitor: String) throws -> [EpisodeKey: MonitorVerdict] {
    try annotations(keys) { try Self.verdicts(of: $0, $1)[monitor] }
  }

  /// Returns the annotations of the episode with this number; they are empty if the episode was not sampled for
  /// training.
  package func annotations(id: Int) throws -> EpisodeAnnotations {
    try annotations(numbered: [id])[id] ?? EpisodeAnnotations()
  }

  /// Returns the annotations of the episodes with these numbers.
  package func annotations(numbered numbers: some Collection<Int>) throws -> [Int: EpisodeAnnotations] {
    try read { db in
      try numbers.reduce(into: [:]) { found, id in
        found[id] = EpisodeAnnotations(
          reward: try Self.reward(of: Int64(id), db), verdicts: try Self.verdicts(of: Int64(id), db))
      }
    }
  }
}

extension RunStore {
  private func annotate<Annotation>(
    _ annotations: [EpisodeKey: Annotation],
    _ insert: (EpisodeKey, Annotation, _ id: Int64, Database) throws -> Void
  ) throws {
    try write { db in
      var finder = EpisodeFinder(db)
      for (key, annotation) in annotations {
        guard let id = try finder.id(of: key) else { throw StoreError.unknownEpisode(key.path) }
        try insert(key, annotation, id, db)
      }
    }
  }

  private func annotations<Annotation>(
    _ keys: [EpisodeKey], _ annotation: (_ id: Int64, Database) throws -> Annotation?
  ) throws -> [EpisodeKey: Annotation] {
    try read { db in
      var finder = EpisodeFinder(db)
      var found: [EpisodeKey: Annotation] = [:]
      for key in keys {
        if let id = try finder.id(of: key) { found[key] = try annotation(id, db) }
      }
      return found
    }
  }

  private static func reward(of id: Int64, _ db: Database) throws -> RewardTerms? {
    let statement = try db.cachedStatement(sql: "SELECT * FROM reward WHERE episode_id = ?")
    return try Row.fetchOne(statement, arguments: [id]).map { row in
      RewardTerms(
        gamingBonus: row["gaming_bonus"], preferenceScore: row["preference_score"], penalty: row["penalty"],
        isScreened: row["is_screened"])
    }
  }

  private static func verdicts(of id: Int64, _ db: Database) throws -> [String: MonitorVerdict] {
    let sql = "SELECT name, verdict.* FROM verdict JOIN monitor ON monitor.id = monitor_id WHERE episode_id = ?"
    let rows = try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [id])
    return Dictionary(
      uniqueKeysWithValues: rows.map {
        ($0["name"], MonitorVerdict(isFlagged: $0["is_flagged"], suspicion: $0["suspicion"]))
      })
  }
}
