import GRDB

// Steps are named pieces of work with a result. A runner that finds a step done skips it.
extension RunStore {
  /// Writes down that a step is finished. Doing it again with the same result changes nothing.
  ///
  /// - Throws: `contradiction` when it finished before with another result.
  package func finishStep(_ name: String, result: some Encodable) throws {
    let text = try StoredJSON.text(result)
    try write { try Self.finishStep(name, text, $0) }
  }

  static func finishStep(_ name: String, _ text: String, _ db: Database) throws {
    if let stored = try Self.result(of: name, db) {
      if stored != text { throw StoreError.contradiction(what: "The step “\(name)”") }
      return
    }
    try db.execute(
      sql: """
        INSERT INTO step (name, position, result) VALUES (?, (SELECT coalesce(max(position), 0) + 1 FROM step), ?)
        """,
      arguments: [name, text])
  }

  /// The result of a step; `nil` while it is not finished.
  package func step<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value? {
    try read { db in try Self.result(of: name, db).map { try StoredJSON.value($0) } }
  }

  /// The results of all finished steps whose name starts with `prefix`, in the order of finishing.
  package func steps<Value: Decodable>(startingWith prefix: String, as type: Value.Type = Value.self) throws -> [Value]
  {
    let sql = "SELECT result FROM step WHERE substr(name, 1, length(?1)) = ?1 ORDER BY position"
    return try read { db in
      try String.fetchAll(db, sql: sql, arguments: [prefix]).map { try StoredJSON.value($0) }
    }
  }

  private static func result(of name: String, _ db: Database) throws -> String? {
    try String.fetchOne(db, sql: "SELECT result FROM step WHERE name = ?", arguments: [name])
  }
}

extension RunStore {
  /// Stores a line of the gate as the step `gate/<its id>`.
  package func record(_ result: GateResult) throws { try finishStep("gate/\(result.id)", result: result) }

  /// The gate, in the order in which it was measured.
  package func gate() throws -> [GateResult] { try steps(startingWith: "gate/") }

  /// Stores a training round as the step `round/<stage>/<number>`, where the stage is named with its branch.
  package func record(_ round: RoundSummary) throws {
    try finishStep(Self.roundStep(round.round, of: round.stage), result: round)
  }

  /// The step that a training round is stored as.
  ///
  /// - Parameters:
  ///   - number: counted from 1 within the stage.
  ///   - stage: named with its branch, as in `RoundSummary.stage`.
  package static func roundStep(_ number: Int, of stage: String) -> String { "round/\(stage)/\(number)" }

  /// A finished training round; `nil` while it is not finished.
  package func round(_ number: Int, of stage: String) throws -> RoundSummary? {
    try step(Self.roundStep(number, of: stage))
  }

  /// All training rounds, in the order in which they finished.
  package func rounds() throws -> [RoundSummary] { try steps(startingWith: "round/") }
}
