package import Foundation
import GRDB
package import Runs

/// The store of one run: `run.sqlite` in the run's folder. Only the store issues SQL.
///
/// Every method is one transaction. A process that dies at any moment loses at most the batch that it was writing. A
/// power loss may also undo the last committed batches, but never corrupts the file (write-ahead log, `synchronous =
/// NORMAL`). Any number of processes may read while one writes.
///
/// All methods throw `StoreError`.
package final class RunStore: Sendable {
  /// The run's folder.
  package let folder: URL
  private let pool: DatabasePool
  private let lock: RunLock?

  /// Opens the run in `folder` to resume it, or starts a new run there.
  ///
  /// - Throws: `otherKind` or `otherConfiguration` (with the differing settings) if the stored run is another one;
  ///   `locked` while another process works on the run; `foreign`, `damaged` or `newer` if the file is not as this version
  ///   left it.
  package convenience init<Settings: RunConfiguration>(
    in folder: URL, configuration: Settings, codeRevision: String
  ) throws {
    try self.init(working: folder)
    try begin(RunDescription(configuration, codeRevision: codeRevision), changeable: Settings.changeable) {
      try Settings.upgraded($0, from: $1)
    }
  }

  /// Opens a run that exists to add to it, whatever it was started with. What is finished stays finished.
  package convenience init(resuming folder: URL, codeRevision: String) throws {
    guard FileManager.default.fileExists(atPath: Self.file(in: folder).path) else {
      throw StoreError.noRun(folder: folder.path)
    }
    try self.init(working: folder)
    try write { try Self.insertSession(codeRevision, $0) }
  }

  private convenience init(working folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw StoreError.unwritable(path: folder.path, detail: error.localizedDescription)
    }
    try self.init(folder: folder, lock: RunLock(folder: folder), readonly: false)
    try naming { try Schema.migrator.migrate(pool) }
  }

  /// Opens the run in `folder` for reading, and first migrates a store of an older version.
  ///
  /// - Throws: `older` if the store needs migration and the file is not writable; `locked` if the store needs migration
  ///   and another process works on the run.
  package convenience init(reading folder: URL) throws {
    try self.init(existing: folder, readonly: true)
  }

  /// Opens the run in `folder` for labelling, whether or not a process works on the run. Labels are written alongside
  /// the worker: each waits for the other's writes.
  ///
  /// - Throws: the errors of `init(reading:)`.
  package convenience init(labelling folder: URL) throws {
    try self.init(existing: folder, readonly: false)
  }

  /// Opens the run in `folder` for viewing. Unlike `init(reading:)`, never migrates and never writes to the run.
  ///
  /// - Throws: `older` if the store needs migration, and the errors of `init(reading:)`.
  package convenience init(viewing folder: URL) throws {
    guard FileManager.default.fileExists(atPath: Self.file(in: folder).path) else {
      throw StoreError.noRun(folder: folder.path)
    }
    try self.init(folder: folder, lock: nil, readonly: true)
    if try read({ try Schema.migrator.hasCompletedMigrations($0) }) { return }
    let application = try read { try Int32.fetchOne($0, sql: "PRAGMA application_id") }
    guard application == Schema.applicationID else { throw StoreError.noRun(folder: folder.path) }
    throw StoreError.older(path: path, detail: "a viewer changes nothing; `subterfuge runs list` updates it")
  }

  private convenience init(existing folder: URL, readonly: Bool) throws {
    guard FileManager.default.fileExists(atPath: Self.file(in: folder).path) else {
      throw StoreError.noRun(folder: folder.path)
    }
    try self.init(folder: folder, lock: nil, readonly: readonly)
    if try read({ try Schema.migrator.hasCompletedMigrations($0) }) { return }
    // A process that is killed while it makes the file leaves one without a run.
    let application = try read { try Int32.fetchOne($0, sql: "PRAGMA application_id") }
    guard application == Schema.applicationID else { throw StoreError.noRun(folder: folder.path) }
    do {
      let writer = try RunStore(folder: folder, lock: RunLock(folder: folder), readonly: false)
      try writer.naming { try Schema.migrator.migrate(writer.pool) }
    } catch StoreError.unwritable(_, let detail) {
      throw StoreError.older(path: path, detail: detail)
    }
  }

  private init(folder: URL, lock: RunLock?, readonly: Bool) throws {
    self.folder = folder
    self.lock = lock
    let path = Self.file(in: folder).path
    let isFrozen = readonly && Self.isFrozen(folder)
    pool = try Self.naming(path) {
      if isFrozen && Self.hasUnmergedChanges(path) {
        throw StoreError.unwritable(
          path: path, detail: "the folder is read-only, and the last changes are not merged yet")
      }
      let opened = isFrozen ? "file:\(Self.file(in: folder).path(percentEncoded: true))?immutable=1" : path
      try Self.inspect(opened, at: path, writing: lock != nil)
      return try DatabasePool(path: opened, configuration: Self.configuration(readonly: readonly))
    }
  }

  /// Whether nothing can be written beside the store, as SQLite does even to read: then it is opened as a file that nobody
  /// changes.
  private static func isFrozen(_ folder: URL) -> Bool { access(folder.path, W_OK) != 0 }

  private static func hasUnmergedChanges(_ path: String) -> Bool {
    let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
    return (log?[.size] as? Int ?? 0) > 0
  }

  private static func configuration(readonly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = readonly
    configuration.busyMode = .timeout(10)
    // In KiB. A run of a million episodes has indexes of 100 MB, into which episodes are sorted.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -65536") }
    return configuration
  }

  /// Returns the location of the store's file in a run's folder.
  package static func file(in folder: URL) -> URL { folder.appending(path: "run.sqlite") }

  var path: String { Self.file(in: folder).path }

  /// Runs `body` in one read transaction.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try naming { try pool.read(body) }
  }

  /// Runs `body` in one write transaction and rolls back if `body` throws.
  func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try naming { try pool.write(body) }
  }

  /// Runs `body` in one write transaction with another run's store attached as `part`.
  func write(beside part: RunStore, _ body: (Database) throws -> Void) throws {
    try naming {
      try pool.writeWithoutTransaction { db in
        try db.execute(sql: "ATTACH DATABASE ? AS part", arguments: [part.path])
        defer { try? db.execute(sql: "DETACH DATABASE part") }
        try db.inTransaction {
          try body(db)
          return .commit
        }
      }
    }
  }

  private func naming<Value>(_ work: () throws -> Value) throws -> Value { try Self.naming(path, work) }

  private static func naming<Value>(_ path: String, _ work: () throws -> Value) throws -> Value {
    do {
      return try work()
    } catch let error as DatabaseError {
      throw StoreError(error, path: path)
    } catch let error as DecodingError {
      throw StoreError.damaged(path: path, detail: "unreadable value: \(error)")
    }
  }

  /// Rejects files that are not a store, or that this version does not understand, before anything is written to them.
  ///
  /// - Parameters:
  ///   - opened: the file as SQLite opens it.
  ///   - writing: whether to scan the whole file for damage, which is necessary before adding to it. The connection may then
  ///     write, because SQLite has to roll back what a killed process left unfinished.
  private static func inspect(_ opened: String, at path: String, writing: Bool) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let file = try DatabaseQueue(path: opened, configuration: configuration(readonly: !writing))
    let (isEmpty, application, isNewer) = try file.read { db in
      (
        // A process that is killed while it makes the file may leave the list of migrations alone.
        try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'") == 0,
        try Int32.fetchOne(db, sql: "PRAGMA application_id"), try Schema.migrator.hasBeenSuperseded(db)
      )
    }
    if !isEmpty && application != Schema.applicationID { throw StoreError.foreign(path: path) }
    if isNewer { throw StoreError.newer(path: path) }
    guard writing else { return }
    let problems = try file.read { try String.fetchAll($0, sql: "PRAGMA quick_check(1)") }
    if problems != ["ok"] { throw StoreError.damaged(path: path, detail: problems.joined(separator: "; ")) }
  }
}
