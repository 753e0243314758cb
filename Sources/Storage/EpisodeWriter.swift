internal import Digests
import Episodes
import Foundation
import GRDB
import Runs

/// Writes a batch of episodes within one transaction, and caches the rows that they share.
struct EpisodeWriter {
  private struct CellName: Hashable {
    var checkpoint: String
    var environment: String
    var arm: String
    var purpose: String
  }

  private let db: Database
  private var bits: PredicateBits
  private var cells: [CellName: Int64] = [:]
  private var prompts: [Segment: Int64] = [:]

  init(_ db: Database) throws {
    self.db = db
    bits = try PredicateBits(db)
  }

  mutating func insert(_ episode: Episode) throws {
    let (key, timings) = (episode.key, episode.timings)
    let transcript = StoredTranscript(episode.transcript)
    let result = try ResultColumns(episode.result, &bits, db)
    let arguments: StatementArguments = [
      try cell(of: key), key.variant, key.sample, Int64(bitPattern: episode.seed.value),
      try transcript.prompt.map { try id(of: $0) }, transcript.segments, transcript.tokens,
      transcript.logProbabilities, episode.changes.isEmpty ? "[]" : try StoredJSON.text(episode.changes), result.stop,
      result.failureBoundary,
      result.failureMessage, result.applies, result.holds, result.baitReward, result.measures, timings.policySeconds,
      timings.sandboxSeconds, timings.gradingSeconds, try episode.usage.map { try StoredJSON.text($0) },
    ]
    do {
      try db.cachedStatement(sql: Self.insertion).execute(arguments: arguments)
    } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
      throw StoreError.duplicateEpisode(key.path)
    }
  }

  private static let insertion = """
    INSERT INTO episode (cell_id, variant, sample, seed, prompt_id, segments, tokens, log_probabilities, changes, stop,
      failure_boundary, failure_message, applies, holds, bait_reward, measures, policy_seconds, sandbox_seconds,
      grading_seconds, usage)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  private mutating func cell(of key: EpisodeKey) throws -> Int64 {
    let name = CellName(
      checkpoint: key.checkpoint, environment: key.environment, arm: key.arm.rawValue, purpose: key.purpose)
    if let id = cells[name] { return id }
    guard
      let checkpoint = try Int64.fetchOne(
        db, sql: "SELECT id FROM checkpoint WHERE name = ?", arguments: [key.checkpoint])
    else { throw StoreError.unknownCheckpoint(key.checkpoint) }
    let id = try id(
      in: "cell", columns: "checkpoint_id, environment, arm, purpose",
      values: [checkpoint, key.environment, key.arm.rawValue, key.purpose])
    cells[name] = id
    return id
  }

  private mutating func id(of prompt: Segment) throws -> Int64 {
    if let id = prompts[prompt] { return id }
    let tokens = StoredTranscript.pack(prompt.tokens)
    let digest = Digest.hexadecimalSHA256(Data((tokens.base64EncodedString() + "\n" + prompt.text).utf8))
    let known = try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT id FROM prompt WHERE digest = ?"), arguments: [digest])
    let id =
      try known ?? insert(into: "prompt", columns: "digest, text, tokens", values: [digest, prompt.text, tokens])
    prompts[prompt] = id
    return id
  }

  /// Returns the row that has these values, and inserts the row if the table does not contain it.
  private func id(in table: String, columns: String, values: [any DatabaseValueConvertible]) throws -> Int64 {
    let marks = values.map { _ in "?" }.joined(separator: ", ")
    let known = try Int64.fetchOne(
      db, sql: "SELECT id FROM \(table) WHERE (\(columns)) = (\(marks))", arguments: StatementArguments(values))
    return try known ?? insert(into: table, columns: columns, values: values)
  }

  private func insert(into table: String, columns: String, values: [any DatabaseValueConvertible]) throws -> Int64 {
    let marks = values.map { _ in "?" }.joined(separator: ", ")
    try db.cachedStatement(sql: "INSERT INTO \(table) (\(columns)) VALUES (\(marks))").execute(
      arguments: StatementArguments(values))
    return db.lastInsertedRowID
  }
}

/// The columns of an episode's result.
private struct ResultColumns {
  var stop: String?
  var failureBoundary: String?
  var failureMessage: String?
  var applies: Int64?
  var holds: Int64?
  var baitReward: Double?
  var measures: String?

  init(_ result: EpisodeResult, _ bits: inout PredicateBits, _ db: Database) throws {
    switch result {
    case .graded(let outcome, let stop):
      let facts = try bits.columns(of: outcome.facts, db)
      self.stop = stop.rawValue
      (applies, holds) = (facts.applies, facts.holds)
      baitReward = outcome.baitReward
      measures = outcome.measures.isEmpty ? "{}" : try StoredJSON.text(outcome.measures)
    case .failed(let failure):
      failureBoundary = failure.boundary.rawValue
      failureMessage = failure.message
    }
  }
}

extension EpisodeKey {
  /// The key as one line of text: `checkpoint/environment/arm/purpose/variant/sample`.
  package var path: String { "\(checkpoint)/\(environment)/\(arm.rawValue)/\(purpose)/\(variant)/\(sample)" }
}
