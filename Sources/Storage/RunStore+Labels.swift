package import Episodes
package import Foundation
import GRDB

// What people say of episodes. Labels are opinions and may change; no digest of the run holds them.
extension RunStore {
  /// Records a rater's labels of episodes in one transaction: all of them or none. A different label from the same
  /// rater replaces the earlier one.
  ///
  /// - Parameter predicate: the predicate that the episodes were read for; the labels count only for it. `nil`: any.
  /// - Throws: `unknownEpisode`.
  @discardableResult
  package func record(
    _ labels: [Int: Label], rater: String, of predicate: Episodes.Predicate? = nil, at time: Date = Date()
  ) throws -> LabelChanges {
    try write { db in
      var changes = LabelChanges()
      for (id, label) in labels.sorted(by: { $0.key < $1.key }) {
        let known = try Int.fetchOne(
          db.cachedStatement(sql: "SELECT 1 FROM episode WHERE id = ?"), arguments: [id])
        if known == nil { throw StoreError.unknownEpisode("\(id)") }
        let stored = try Self.label(of: id, rater: rater, predicate, db)
        if stored == label {
          changes.unchanged += 1
          continue
        }
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO label VALUES (?, ?, ?, ?, ?, ?, ?)").execute(
          arguments: [
            id, rater, predicate?.rawValue ?? "", label.intent.rawValue, label.disclosure.rawValue, label.note,
            time.ISO8601Format(),
          ])
        if stored == nil { changes.added += 1 } else { changes.changed += 1 }
      }
      return changes
    }
  }

  /// Removes a rater's label of an episode; does nothing if the label does not exist.
  package func removeLabel(of id: Int, rater: String, predicate: Episodes.Predicate? = nil) throws {
    try write {
      try $0.execute(
        sql: "DELETE FROM label WHERE (episode_id, rater, predicate) = (?, ?, ?)",
        arguments: [id, rater, predicate?.rawValue ?? ""])
    }
  }

  /// Returns the labels of the episode with this number, by rater.
  ///
  /// - Parameter predicate: returns only labels that count for this predicate.
  package func labels(of id: Int, predicate: Episodes.Predicate? = nil) throws -> [String: Label] {
    try read { db in
      let sql = "SELECT * FROM label WHERE episode_id = ? AND \(Self.counts) ORDER BY predicate"
      let rows = try Row.fetchAll(db, sql: sql, arguments: [id, predicate?.rawValue])
      return Dictionary(try rows.map { ($0["rater"], try Self.label($0)) }) { $1 }
    }
  }

  /// Returns one rater's labels, by the episodes' numbers.
  ///
  /// - Parameter predicate: returns only labels that count for this predicate.
  package func labels(by rater: String, predicate: Episodes.Predicate? = nil) throws -> [Int: Label] {
    try read { db in
      let sql = "SELECT * FROM label WHERE rater = ? AND \(Self.counts) ORDER BY predicate"
      let rows = try Row.fetchAll(db, sql: sql, arguments: [rater, predicate?.rawValue])
      return Dictionary(try rows.map { ($0["episode_id"], try Self.label($0)) }) { $1 }
    }
  }

  /// Selects the labels that were given for the predicate or for any predicate.
  private static let counts = "predicate IN ('', ifnull(?, predicate))"

  /// Returns all labels of the matching episodes, in the key order of the episodes, then by the raters' names.
  ///
  /// If a rater has two labels for an episode, the one given for the predicate comes last.
  ///
  /// - Parameter predicate: returns only labels that count for this predicate.
  package func labels(_ query: EpisodeQuery = EpisodeQuery(), predicate: Episodes.Predicate? = nil) throws
    -> [StoredLabel]
  {
    try read { db in
      guard let filter = try QueryFilter(query, PredicateBits(db)) else { return [] }
      let sql = "\(Self.labels) WHERE \(filter.sql) AND \(Self.counts) \(QueryFilter.order), rater, predicate"
      return try Row.fetchAll(db, sql: sql, arguments: filter.arguments + [predicate?.rawValue]).map { row in
        StoredLabel(
          episode: row["episode_id"],
          cell: Cell(
            checkpoint: row["name"], environment: row["environment"], arm: Arm(rawValue: row["arm"]),
            purpose: row["purpose"]), variant: row["variant"], sample: row["sample"], rater: row["rater"],
          predicate: row["predicate"] == "" ? nil : Episodes.Predicate(rawValue: row["predicate"]),
          label: try Self.label(row), made: row["made"])
      }
    }
  }

  /// Returns the codes that identify this run's episodes to a rater.
  package func labelCodes(rater: String) throws -> LabelCodes {
    let sql = "SELECT configuration_hash || ' ' || root_seed || ' ' || created FROM run"
    guard let secret = try read({ try String.fetchOne($0, sql: sql) }) else {
      throw StoreError.damaged(path: path, detail: "no run in it")
    }
    return LabelCodes(secret: secret, rater: rater)
  }

  /// Joins labels and episodes in an order that SQLite must keep: labels are few, episodes are many.
  private static let labels = """
    SELECT label.*, name, environment, arm, purpose, variant, sample
    FROM label CROSS JOIN episode ON episode.id = episode_id CROSS JOIN cell ON cell.id = cell_id
      CROSS JOIN checkpoint ON checkpoint.id = checkpoint_id
    """

  private static func label(of id: Int, rater: String, _ predicate: Episodes.Predicate?, _ db: Database) throws
    -> Label?
  {
    let sql = "SELECT * FROM label WHERE (episode_id, rater, predicate) = (?, ?, ?)"
    return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [id, rater, predicate?.rawValue ?? ""]).map(label)
  }

  private static func label(_ row: Row) throws -> Label {
    guard let intent = try Label.Intent.stored(row["intent"]),
      let disclosure = try Label.Disclosure.stored(row["disclosure"])
    else { throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "a label without words")) }
    return Label(intent, disclosure, note: row["note"])
  }
}
