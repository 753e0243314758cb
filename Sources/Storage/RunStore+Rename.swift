package import Foundation
import GRDB

extension RunStore {
  /// Renames a run: its name, the name in its configuration, and its folder.
  ///
  /// - Parameter name: a name that a folder beside the run's can have.
  /// - Returns: the new folder.
  /// - Throws: `noRun` if the folder contains no run; `locked` while a process works on the run; `unwritable`, also if the
  ///   new folder exists.
  package static func rename(_ folder: URL, to name: String) throws -> URL {
    let target = folder.deletingLastPathComponent().appending(path: name)
    guard !FileManager.default.fileExists(atPath: target.path) else {
      throw StoreError.unwritable(path: target.path, detail: "it exists already")
    }
    let lock = try rename(in: folder, to: name)
    defer { withExtendedLifetime(lock) {} }
    do { try FileManager.default.moveItem(at: folder, to: target) } catch {
      throw StoreError.unwritable(path: folder.path, detail: error.localizedDescription)
    }
    return target
  }

  /// Renames the run in its store, which is closed again.
  ///
  /// - Returns: the lock on the run, which outlives the store.
  private static func rename(in folder: URL, to name: String) throws -> RunLock {
    // Reading first migrates a store of an older version.
    let stored = try RunStore(reading: folder).run()
    let lock = try RunLock(folder: folder)
    let store = try RunStore(labelling: folder)
    // Every setting is on a line of its own. Parsing the text and writing it again could change numbers.
    let configuration = stored.configuration.replacing(/(?m)^  "name" : ".*?"/, with: "  \"name\" : \"\(name)\"")
    let renamed = RunDescription(
      name: name, kind: stored.kind, configurationVersion: stored.configurationVersion,
      configurationText: configuration, codeRevision: stored.codeRevision, rootSeed: stored.rootSeed)
    try store.write { db in
      try db.execute(
        sql: "UPDATE run SET name = ?, configuration = ?, configuration_hash = ?",
        arguments: [name, renamed.configuration, renamed.configurationHash])
    }
    return lock
  }
}
