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
