package import Foundation
import GRDB
package import Runs

extension RunStore {
  /// Records a checkpoint. Recording the same checkpoint again changes nothing.
  ///
  /// - Throws: `contradiction` if a checkpoint of this name is stored with different content; `unknownCheckpoint` for
  ///   its parent.
  package func record(_ checkpoint: CheckpointRecord) throws {
    try write { try Self.record(checkpoint, $0) }
  }

  static func record(_ checkpoint: CheckpointRecord, _ db: Database) throws {
    if let stored = try Self.checkpoints(db).first(where: { $0.name == checkpoint.name }) {
      if stored != checkpoint { throw StoreError.contradiction(what: "The checkpoint “\(checkpoint.name)”") }
      return
    }
    let parent = try checkpoint.parent.map { name in
      guard let id = try Int64.fetchOne(db, sql: "SELECT id FROM checkpoint WHERE name = ?", arguments: [name])
      else { throw StoreError.unknownCheckpoint(name) }
      return id
    }
    try db.execute(
      sql: "INSERT INTO checkpoint (name, parent_id, path, digest, training) VALUES (?, ?, ?, ?, ?)",
      arguments: [checkpoint.name, parent, checkpoint.path, checkpoint.digest, checkpoint.training])
  }

  /// Marks the weights of a checkpoint as removed and keeps the record and the digest. Repeating the call changes
  /// nothing.
  ///
  /// The caller deletes the file itself, after this call. If the process dies in between, a surplus file remains, but
  /// no record names a missing file.
  ///
  /// - Returns: the file that no checkpoint names any more; `nil` if another checkpoint has the same file, or if the
  ///   checkpoint had no file.
  /// - Throws: `noCheckpointFile` if the run has no checkpoint of this name.
  package func forget(checkpointFile name: String) throws -> URL? {
    let path = try write { db in
      guard let known = try Self.checkpoints(db).first(where: { $0.name == name }) else {
        throw StoreError.noCheckpointFile(name)
      }
      try db.execute(sql: "UPDATE checkpoint SET path = NULL WHERE name = ?", arguments: [name])
      return try Self.checkpoints(db).contains { $0.path == known.path } ? nil : known.path
    }
    return path.map { folder.appending(path: $0) }
  }

  /// Returns the location of a checkpoint's weights.
  ///
  /// - Throws: `removedCheckpointFile` if the weights were removed; `noCheckpointFile` if the run never had them.
  package func checkpointFile(_ name: String) throws -> URL {
    guard let known = try checkpoints().first(where: { $0.name == name }) else {
      throw StoreError.noCheckpointFile(name)
    }
    if known.isFileRemoved { throw StoreError.removedCheckpointFile(name) }
    guard let path = known.path else { throw StoreError.noCheckpointFile(name) }
    return folder.appending(path: path)
  }

  /// Returns all checkpoints in creation order.
  package func checkpoints() throws -> [CheckpointRecord] { try read(Self.checkpoints) }

  static func checkpoints(_ db: Database) throws -> [CheckpointRecord] {
    let sql = """
      SELECT checkpoint.*, parent.name AS parent
      FROM checkpoint LEFT JOIN checkpoint AS parent ON parent.id = checkpoint.parent_id ORDER BY checkpoint.id
      """
    return try Row.fetchAll(db, sql: sql).map { row in
      CheckpointRecord(
        name: row["name"], parent: row["parent"], path: row["path"], digest: row["digest"], training: row["training"])
    }
  }
}
