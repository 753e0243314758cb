import Crypto
import Episodes
import Foundation
import GRDB

extension RunStore {
  /// SHA-256 over the content of all episodes in the order of their keys, without their numbers and timings: equal for a
  /// run that was interrupted and one that was not.
  ///
  /// - Parameter logProbabilities: whether the tokens' log-probabilities count. Their last bits may depend on which rows
  ///   a batch held.
  package func episodesDigest(logProbabilities: Bool = true) throws -> String {
    try read { db in
      var content = ContentHash(bits: try PredicateBits(db))
      let rows = try Row.fetchCursor(db, sql: Self.content(logProbabilities: logProbabilities))
      while let row = try rows.next() { content.add(row) }
      return content.digest
    }
  }

  /// `applies` and `holds` come first, because their bits mean something only with their names.
  private static func content(logProbabilities: Bool) -> String {
    """
    SELECT applies, holds, checkpoint.name, environment, arm, purpose, variant, sample, seed, prompt.digest, segments,
      episode.tokens, changes, stop, failure_boundary, failure_message, bait_reward, measures
      \(logProbabilities ? ", log_probabilities" : "")
    FROM episode
    JOIN cell ON cell.id = cell_id
    JOIN checkpoint ON checkpoint.id = checkpoint_id
    LEFT JOIN prompt ON prompt.id = prompt_id
    ORDER BY checkpoint.name, environment, arm, purpose, variant, sample
    """
  }
}

/// Hashes rows column by column, each with its kind and length, so that no two contents read the same.
private struct ContentHash {
  private struct Columns: Hashable {
    var applies: Int64?
    var holds: Int64?
  }

  let bits: PredicateBits
  private var hash = SHA256()
  private var factTexts: [Columns: Data] = [:]

  init(bits: PredicateBits) { self.bits = bits }

  var digest: String { StoredDigest.hexadecimal(hash.finalize()) }

  mutating func add(_ row: Row) {
    let columns = Columns(applies: row[0], holds: row[1])
    let facts = factTexts[columns] ?? text(of: columns)
    factTexts[columns] = facts
    add("facts", facts)
    for value in row.databaseValues.dropFirst(2) {
      switch value.storage {
      case .null: add("null", Data())
      case .int64(let number): add("integer", Data(String(number).utf8))
      case .double(let number): add("real", Data(String(number.bitPattern).utf8))
      case .string(let text): add("text", Data(text.utf8))
      case .blob(let data): add("blob", data)
      }
    }
  }

  private func text(of columns: Columns) -> Data {
    guard let applies = columns.applies, let holds = columns.holds else { return Data() }
    let facts = bits.facts(applies: applies, holds: holds).sorted { $0.key < $1.key }
    return Data(facts.map { "\($0.key.rawValue)=\($0.value)" }.joined(separator: ",").utf8)
  }

  private mutating func add(_ kind: String, _ bytes: Data) {
    hash.update(data: Data("\(kind) \(bytes.count)\n".utf8))
    hash.update(data: bytes)
  }
}
