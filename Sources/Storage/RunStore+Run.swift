import Episodes
package import Foundation
import GRDB

extension RunStore {
  /// Returns the run as it was started, with the code revision that last worked on it.
  package func run() throws -> RunDescription {
    guard let run = try read(Self.storedRun) else { throw StoreError.damaged(path: path, detail: "no run in it") }
    return run
  }

  /// Returns the time when the run was started, as ISO 8601 in UTC.
  package func started() throws -> String {
    try read { try String.fetchOne($0, sql: "SELECT created FROM run") } ?? ""
  }

  /// Deletes the folder of a run.
  ///
  /// - Throws: `noRun` if the folder contains no run; `locked` while a process works on the run; `unwritable`.
  package static func remove(_ folder: URL) throws {
    guard FileManager.default.fileExists(atPath: file(in: folder).path) else {
      throw StoreError.noRun(folder: folder.path)
    }
    let lock = try RunLock(folder: folder)
    defer { withExtendedLifetime(lock) {} }
    do { try FileManager.default.removeItem(at: folder) } catch {
      throw StoreError.unwritable(path: folder.path, detail: error.localizedDescription)
    }
  }

  /// Returns every code revision that worked on the run, in order; equal neighbours appear once.
  package func codeRevisions() throws -> [String] {
    let all = try read { try String.fetchAll($0, sql: "SELECT code_revision FROM session ORDER BY id") }
    return all.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }

  /// Records the run, or checks that it matches the stored run.
  func begin(_ run: RunDescription) throws {
    try write { db in
      if let stored = try Self.storedRun(db) {
        try Self.check(run, against: stored)
      } else {
        try Self.insert(run, db)
      }
      try db.execute(
        sql: "INSERT INTO session (code_revision, started) VALUES (?, ?)",
        arguments: [run.codeRevision, Date().ISO8601Format()])
    }
  }

  private static func check(_ run: RunDescription, against stored: RunDescription) throws {
    var differences = ConfigurationDifference.lines(stored: stored.configuration, now: run.configuration)
    if stored.name != run.name { differences.append("name: \(stored.name) in the store, \(run.name) now") }
    if stored.rootSeed != run.rootSeed {
      differences.append("root seed: \(stored.rootSeed.value) in the store, \(run.rootSeed.value) now")
    }
    if !differences.isEmpty { throw StoreError.otherConfiguration(run: stored.name, differences: differences) }
  }

  private static func insert(_ run: RunDescription, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO run (id, name, configuration, configuration_hash, root_seed, created) VALUES (1, ?, ?, ?, ?, ?)
        """,
      arguments: [
        run.name, run.configuration, run.configurationHash, Int64(bitPattern: run.rootSeed.value),
        Date().ISO8601Format(),
      ])
  }

  private static func storedRun(_ db: Database) throws -> RunDescription? {
    let sql = """
      SELECT name, configuration, root_seed, (SELECT code_revision FROM session ORDER BY id DESC LIMIT 1) AS revision
      FROM run
      """
    return try Row.fetchOne(db, sql: sql).map { row in
      RunDescription(
        name: row["name"], configurationText: row["configuration"], codeRevision: row["revision"] ?? "",
        rootSeed: Seed(UInt64(bitPattern: row["root_seed"])))
    }
  }
}
