import Episodes
package import Foundation
import GRDB
package import Runs

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

  /// Returns the configuration that the run was started with, in the form of this version.
  ///
  /// - Throws: `otherKind` if the run is of another kind; `newerConfiguration` if a newer version wrote it; `damaged` if it
  ///   cannot be read.
  package func configuration<Settings: RunConfiguration>(as type: Settings.Type = Settings.self) throws -> Settings {
    let run = try run()
    guard run.kind == Settings.kind else {
      throw StoreError.otherKind(run: run.name, stored: run.kind, now: Settings.kind)
    }
    guard run.configurationVersion <= Settings.version else {
      throw StoreError.newerConfiguration(run: run.name, revision: run.codeRevision)
    }
    do {
      return try StoredJSON.value(Settings.upgraded(run.configuration, from: run.configurationVersion))
    } catch {
      throw StoreError.unreadableConfiguration(run: run.name, revision: run.codeRevision, detail: "\(error)")
    }
  }

  /// Whether the run in `folder` was started with another configuration, so that it cannot be resumed with this one.
  ///
  /// - Throws: the errors of `init(viewing:)`; `newerConfiguration`.
  package static func holdsOther<Settings: RunConfiguration>(_ configuration: Settings, in folder: URL) throws -> Bool {
    let store = try RunStore(viewing: folder)
    let (wanted, stored) = (try RunDescription(configuration, codeRevision: ""), try store.run())
    do {
      try check(wanted, against: stored, Settings.changeable) { try Settings.upgraded($0, from: $1) }
      return false
    } catch StoreError.otherKind, StoreError.otherConfiguration {
      return true
    }
  }

  /// Records that everything that the run was started for is done. A process that starts the run again takes it back.
  package func finish() throws {
    try write { try $0.execute(sql: "UPDATE run SET finished = ?", arguments: [Date().ISO8601Format()]) }
  }

  /// Returns the time when the run was finished, as ISO 8601 in UTC; `nil` if it was not.
  package func finished() throws -> String? {
    try read { try String.fetchOne($0, sql: "SELECT finished FROM run") }
  }

  /// Whether a process works on the run in a folder.
  package static func isWorkedOn(_ folder: URL) -> Bool { RunLock.isHeld(in: folder) }

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
  ///
  /// - Parameters:
  ///   - changeable: settings that may differ, by their first key.
  ///   - upgrade: brings a stored configuration of an earlier version into the form of this one.
  func begin(
    _ run: RunDescription, changeable: Set<String> = [], upgrade: (_ text: String, _ version: Int) throws -> String
  ) throws {
    try write { db in
      if let stored = try Self.storedRun(db) {
        try Self.check(run, against: stored, changeable, upgrade)
        try db.execute(sql: "UPDATE run SET finished = NULL")
      } else {
        try Self.insert(run, db)
      }
      try Self.insertSession(run.codeRevision, db)
    }
  }

  /// Records that a process works on the run.
  static func insertSession(_ codeRevision: String, _ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO session (code_revision, started) VALUES (?, ?)",
      arguments: [codeRevision, Date().ISO8601Format()])
  }

  private static func check(
    _ run: RunDescription, against stored: RunDescription, _ changeable: Set<String>,
    _ upgrade: (String, Int) throws -> String
  ) throws {
    guard stored.kind == run.kind else {
      throw StoreError.otherKind(run: stored.name, stored: stored.kind, now: run.kind)
    }
    guard stored.configurationVersion <= run.configurationVersion else {
      throw StoreError.newerConfiguration(run: stored.name, revision: stored.codeRevision)
    }
    let upgraded = RunDescription(
      name: stored.name, kind: stored.kind, configurationVersion: run.configurationVersion,
      configurationText: try upgrade(stored.configuration, stored.configurationVersion),
      codeRevision: stored.codeRevision, rootSeed: stored.rootSeed)
    let differences = ConfigurationDifference.lines(stored: upgraded, now: run, except: changeable)
    if !differences.isEmpty { throw StoreError.otherConfiguration(run: stored.name, differences: differences) }
  }

  private static func insert(_ run: RunDescription, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO run (id, name, kind, configuration_version, configuration, configuration_hash, root_seed, created)
        VALUES (1, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        run.name, run.kind.rawValue, run.configurationVersion, run.configuration, run.configurationHash,
        Int64(bitPattern: run.rootSeed.value), Date().ISO8601Format(),
      ])
  }

  private static func storedRun(_ db: Database) throws -> RunDescription? {
    let sql = """
      SELECT name, kind, configuration_version, configuration, root_seed, (SELECT code_revision FROM session ORDER BY id DESC LIMIT 1) AS revision
      FROM run
      """
    return try Row.fetchOne(db, sql: sql).map { row in
      guard let kind = RunKind(rawValue: row["kind"]) else {
        throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "an unknown kind of run"))
      }
      return RunDescription(
        name: row["name"], kind: kind, configurationVersion: row["configuration_version"],
        configurationText: row["configuration"], codeRevision: row["revision"] ?? "",
        rootSeed: Seed(UInt64(bitPattern: row["root_seed"])))
    }
  }
}
