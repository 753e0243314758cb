package import Episodes
import GRDB
import Runs

extension RunStore {
  /// One attempt at a prompt of a cell, identified by the variant and the sample.
  package struct SampleIndex: Sendable, Hashable, Comparable {
    package var variant: Int
    package var sample: Int

    package init(variant: Int, sample: Int) {
      self.variant = variant
      self.sample = sample
    }

    package static func < (left: SampleIndex, right: SampleIndex) -> Bool {
      (left.variant, left.sample) < (right.variant, right.sample)
    }
  }

  /// Stores a batch in one transaction: all episodes or none.
  ///
  /// - Throws: `duplicateEpisode` if one of the keys is already stored; `unknownCheckpoint`; `full`.
  package func insert(_ episodes: [Episode]) throws {
    try write { db in
      var writer = try EpisodeWriter(db)
      for episode in episodes { try writer.insert(episode) }
    }
  }

  /// Returns the stored samples of a cell, so that a runner can count the missing ones.
  package func storedSamples(
    checkpoint: String, environment: String, arm: Arm, purpose: String
  ) throws -> Set<SampleIndex> {
    let sql = """
      SELECT variant, sample FROM episode
      WHERE cell_id = (SELECT cell.id FROM cell JOIN checkpoint ON checkpoint.id = checkpoint_id
        WHERE (name, environment, arm, purpose) = (?, ?, ?, ?))
      """
    return try read { db in
      let rows = try Row.fetchCursor(db, sql: sql, arguments: [checkpoint, environment, arm.rawValue, purpose])
      var samples: Set<SampleIndex> = []
      while let row = try rows.next() { samples.insert(SampleIndex(variant: row[0], sample: row[1])) }
      return samples
    }
  }

  /// Returns the matching episodes in key order (checkpoints in creation order).
  package func episodes(_ query: EpisodeQuery = EpisodeQuery(), limit: Int = 50, offset: Int = 0) throws
    -> [StoredEpisode]
  {
    try read { db in
      let reader = try EpisodeReader(db)
      guard let search = try EpisodeSearch(query, reader.bits, db) else { return [] }
      return try reader.episodes(numbered: search.numbers(limit: limit, offset: offset), db)
    }
  }

  /// Returns the numbers of the matching episodes, in key order.
  package func episodeNumbers(_ query: EpisodeQuery, limit: Int) throws -> [Int] {
    try read { db in try EpisodeSearch(query, PredicateBits(db), db)?.numbers(limit: limit) ?? [] }
  }

  /// Returns the episodes with these numbers, in the order of the numbers, and omits numbers that do not exist.
  package func episodes(numbered numbers: some Collection<Int>) throws -> [StoredEpisode] {
    try read { db in try EpisodeReader(db).episodes(numbered: numbers, db) }
  }

  /// Returns how many episodes match.
  package func count(_ query: EpisodeQuery) throws -> Int {
    try read { db in
      guard let filter = try QueryFilter(query, PredicateBits(db)) else { return 0 }
      let sql = "SELECT count(*) \(filter.tables) WHERE \(filter.sql)"
      return try Int.fetchOne(db, sql: sql, arguments: filter.arguments) ?? 0
    }
  }

  /// Returns the numbers of the matching episodes behind or before an episode, in key order.
  ///
  /// The cost depends on `limit` and the number of different outcomes, and not on how many episodes match.
  ///
  /// - Parameter bound: where to begin; `nil` begins with the first episode.
  package func episodeNumbers(_ query: EpisodeQuery, from bound: EpisodeBound?, limit: Int) throws -> [Int] {
    try read { db in
      try EpisodeSearch(query, PredicateBits(db), db, from: bound)?.numbers(limit: limit) ?? []
    }
  }

  /// Returns the number of the episode with this key, or `nil`.
  package func episodeNumber(of key: EpisodeKey) throws -> Int? {
    try read { db in
      var finder = EpisodeFinder(db)
      return try finder.id(of: key).map(Int.init)
    }
  }

  /// Returns every predicate that any episode of the run was graded by, sorted by name.
  package func predicates() throws -> [Episodes.Predicate] {
    try read { db in
      try String.fetchAll(db, sql: "SELECT name FROM predicate ORDER BY name").map(Episodes.Predicate.init(rawValue:))
    }
  }

  /// Returns every arm that has episodes in the run: the standard arm first, then by name.
  package func arms() throws -> [Arm] {
    try read { db in
      try String.fetchAll(db, sql: "SELECT DISTINCT arm FROM cell ORDER BY arm <> 'standard', arm").map(
        Arm.init(rawValue:))
    }
  }

  /// Returns the episode with this number, or `nil`.
  package func episode(id: Int) throws -> StoredEpisode? {
    try read { db in
      let reader = try EpisodeReader(db)
      return try Row.fetchOne(db, sql: EpisodeReader.selection + " WHERE episode.id = ?", arguments: [id])
        .map(reader.episode)
    }
  }
}

/// A query as an SQL condition.
struct QueryFilter {
  static let order = "ORDER BY checkpoint_id, environment, arm, purpose, variant, sample"

  /// The tables to join: cells first, then their part of the outcome index, so that SQLite reads only matching
  /// episodes. A text search reads the episodes themselves.
  let tables: String
  var sql = "true"
  var arguments: StatementArguments = []

  /// Creates the filter; returns `nil` if nothing can match because the store has never seen one of the predicates.
  init?(_ query: EpisodeQuery, _ bits: PredicateBits) throws {
    guard let holding = bits.mask(query.holding), let lacking = bits.mask(query.lacking) else { return nil }
    tables = """
      FROM checkpoint JOIN cell ON checkpoint.id = checkpoint_id
      CROSS JOIN episode \(query.text == nil ? "INDEXED BY episode_outcome" : "") ON cell.id = cell_id
      """
    add("checkpoint.name = ?", query.checkpoint)
    add("checkpoint.name IN (SELECT value FROM json_each(?))", try query.checkpoints.map { try StoredJSON.text($0) })
    add("environment = ?", query.environment)
    add("arm = ?", query.arm?.rawValue)
    add("purpose = ?", query.purpose)
    add("variant = ?", query.variant)
    add("holds & ?1 = ?1".replacing("?1", with: "\(holding)"), holding == 0 ? nil : [])
    add("applies & ~holds & ?1 = ?1".replacing("?1", with: "\(lacking)"), lacking == 0 ? nil : [])
    if let failed = query.failed { add("failure_boundary IS \(failed ? "NOT NULL" : "NULL")", []) }
    add("instr(segments, ?) > 0", try query.text.map(Self.stored))
  }

  /// Returns a text in its stored form: escaped as in a JSON string.
  static func stored(_ text: String) throws -> String { String(try StoredJSON.text(text).dropFirst().dropLast()) }

  private mutating func add(_ condition: String, _ value: (some DatabaseValueConvertible)?) {
    if let value { add(condition, [value] as StatementArguments) }
  }

  private mutating func add(_ condition: String, _ values: StatementArguments?) {
    guard let values else { return }
    sql += " AND \(condition)"
    arguments += values
  }
}
