import Foundation
import GRDB
package import Runs

extension RunStore {
  /// Records points of a branch's training curves in one transaction: all of them or none. Recording the same points
  /// again changes nothing.
  ///
  /// A series whose name ends with `/s` is a speed and measures the machine. When a step is repeated, the first value
  /// of a speed stays; the digest omits speeds.
  ///
  /// - Parameters:
  ///   - values: the values by series name.
  ///   - step: the step, counted from 1 over the whole branch; 0 is the start.
  /// - Throws: `contradiction` if a point already has another value.
  package func record(_ values: [String: Double], branch: Branch, step: Int) throws {
    let now = Date().timeIntervalSince1970
    try write { db in
      let insertion = try db.cachedStatement(
        sql: """
          INSERT INTO metric (condition, replicate, step, name, value, time) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (condition, replicate, step, name) DO NOTHING
          """)
      for (name, value) in values {
        try insertion.execute(arguments: [branch.condition, branch.replicate, step, name, value, now])
        if db.changesCount == 1 || name.hasSuffix("/s") { continue }
        try Self.check(value, isStoredFor: branch, step, name, db)
      }
    }
  }

  /// Returns the points of one branch, or of all branches, ordered by branch, step and name.
  package func metrics(branch: Branch? = nil) throws -> [MetricPoint] {
    let sql = """
      SELECT * FROM metric WHERE (condition, replicate) = (?1, ?2) OR ?1 IS NULL
      ORDER BY condition, replicate, step, name
      """
    return try read { db in
      try Row.fetchAll(db, sql: sql, arguments: [branch?.condition, branch?.replicate]).map { row in
        MetricPoint(
          branch: Branch(condition: row["condition"], replicate: row["replicate"]), step: row["step"],
          name: row["name"], value: row["value"] ?? .nan, time: Date(timeIntervalSince1970: row["time"]))
      }
    }
  }

  private static func check(
    _ value: Double, isStoredFor branch: Branch, _ step: Int, _ name: String, _ db: Database
  ) throws {
    let sql = "SELECT value FROM metric WHERE (condition, replicate, step, name) = (?, ?, ?, ?)"
    let stored = try Double.fetchOne(db, sql: sql, arguments: [branch.condition, branch.replicate, step, name])
    if stored == value || stored == nil && value.isNaN { return }
    throw StoreError.contradiction(what: "The point \(step) of “\(name)” in “\(branch.name)”")
  }
}
