package import Foundation
import GRDB

extension RunStore {
  /// Writes a checkpoint down. Recording the same one again changes nothing.
  ///
  /// - Throws: `contradiction` when one of this name is stored with another content; `unknownCheckpoint` for its parent.
  package func record(_ checkpoint: CheckpointRecord) throws {
    try write { db in
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
  }

  /// Marks the weights of a checkpoint as removed; its record and its digest stay. Doing it again changes nothing.
  ///
  /// The file itself is the caller's to delete, after this: should the process die in between, a file too many is left,
  /// and no record that names a file which is gone.
  ///
  /// - Returns: the file that no checkpoint names any more; `nil` when another checkpoint has the same file, and when
  ///   there was none.
  /// - Throws: `noCheckpointFile` when the run has no checkpoint of this name.
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

  /// Where the weights of a checkpoint are.
  ///
  /// - Throws: `removedCheckpointFile` when they were removed; `noCheckpointFile` when the run never had them.
  package func checkpointFile(_ name: String) throws -> URL {
    guard let known = try checkpoints().first(where: { $0.name == name }) else {
      throw StoreError.noCheckpointFile(name)
    }
    if known.isFileRemoved { throw StoreError.removedCheckpointFile(name) }
    guard let path = known.path else { throw StoreError.noCheckpointFile(name) }
    return folder.appending(path: path)
  }

  /// All checkpoints in the order of making.
  package func checkpoints() throws -> [CheckpointRecord] { try read(Self.checkpoints) }

  private static func checkpoints(_ db: Database) throws -> [CheckpointRecord] {
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
