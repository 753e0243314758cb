import GRDB

// Steps are named pieces of work with a result. A runner that finds a step done skips it.
extension RunStore {
  /// Records that a step is finished. Repeating the call with the same result changes nothing.
  ///
  /// - Throws: `contradiction` if the step finished before with another result.
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

  /// Returns the result of a step, or `nil` while the step is not finished.
  package func step<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value? {
    try read { db in try Self.result(of: name, db).map { try StoredJSON.value($0) } }
  }

  /// Returns the results of all finished steps whose name starts with `prefix`, in the order in which they finished.
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
  /// Stores a check of the gate as the step `gate/<its id>`.
  package func record(_ result: GateResult) throws { try finishStep("gate/\(result.id)", result: result) }

  /// Returns the checks of the gate, in the order in which they were measured.
  package func gate() throws -> [GateResult] { try steps(startingWith: "gate/") }

  /// Stores a training round as the step `round/<stage>/<number>`; the stage name includes the branch.
  package func record(_ round: RoundSummary) throws {
    try finishStep(Self.roundStep(round.round, of: round.stage), result: round)
  }

  /// Returns the name of the step that stores a training round.
  ///
  /// - Parameters:
  ///   - number: the round's number within the stage, from 1.
  ///   - stage: the stage name including the branch, as in `RoundSummary.stage`.
  package static func roundStep(_ number: Int, of stage: String) -> String { "round/\(stage)/\(number)" }

  /// Returns a finished training round, or `nil` while the round is not finished.
  package func round(_ number: Int, of stage: String) throws -> RoundSummary? {
    try step(Self.roundStep(number, of: stage))
  }

  /// Returns all training rounds, in the order in which they finished.
  package func rounds() throws -> [RoundSummary] { try steps(startingWith: "round/") }
}
