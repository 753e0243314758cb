import GRDB
package import Runs

// Steps are named pieces of work with a result. A runner that finds a step done skips it.
extension RunStore {
  /// Records that a step is finished. Repeating the call with the same result changes nothing.
  ///
  /// - Throws: `contradiction` if the step finished before with another result.
  package func finish<Result>(_ step: Step<Result>, result: Result) throws {
    let text = try StoredJSON.text(result)
    try write { try Self.finish(step.name, text, $0) }
  }

  static func finish(_ name: String, _ text: String, _ db: Database) throws {
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
  package func result<Result>(of step: Step<Result>) throws -> Result? {
    try read { db in try Self.result(of: step.name, db).map { try StoredJSON.value($0) } }
  }

  /// Returns the results of all finished steps of a family, in the order in which they finished.
  package func results<Result>(of family: StepFamily<Result>) throws -> [Result] {
    try results(startingWith: family.prefix)
  }

  /// Returns the results of all finished steps whose name starts with `prefix`, in the order in which they finished.
  package func results<Result: Decodable>(startingWith prefix: String) throws -> [Result] {
    let sql = "SELECT result FROM step WHERE substr(name, 1, length(?1)) = ?1 ORDER BY position"
    return try read { db in
      try String.fetchAll(db, sql: sql, arguments: [prefix]).map { try StoredJSON.value($0) }
    }
  }

  private static func result(of name: String, _ db: Database) throws -> String? {
    try String.fetchOne(db, sql: "SELECT result FROM step WHERE name = ?", arguments: [name])
  }
}

extension StepFamily<GateResult> {
  /// The checks of the gate, by `GateResult.id`.
  package static let gate = StepFamily("gate")
}

extension StepFamily<[String: Int]> {
  /// The variants of an imported environment by the IDs that its samples have in their logs.
  package static let sampleIDs = StepFamily("sample_ids")
}

extension StepFamily<RoundSummary> {
  /// The finished training rounds.
  package static let rounds = StepFamily("round")

  /// A round of a stage.
  ///
  /// - Parameters:
  ///   - number: the round's number within the stage, from 1.
  ///   - stage: the stage name including the branch, as in `RoundSummary.stage`.
  package func round(_ number: Int, of stage: String) -> Step<RoundSummary> { self["\(stage)/\(number)"] }
}

extension RunStore {
  /// Stores a check of the gate.
  package func record(_ result: GateResult) throws { try finish(StepFamily.gate[result.id], result: result) }

  /// Returns the checks of the gate, in the order in which they were measured.
  package func gate() throws -> [GateResult] { try results(of: .gate) }

  /// Returns a finished training round, or `nil` while the round is not finished.
  package func round(_ number: Int, of stage: String) throws -> RoundSummary? {
    try result(of: StepFamily.rounds.round(number, of: stage))
  }

  /// Returns all training rounds, in the order in which they finished.
  package func rounds() throws -> [RoundSummary] { try results(of: .rounds) }
}
