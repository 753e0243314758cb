internal import Digests
import Episodes
import Foundation
import GRDB

// SHA-256 over content without numbers and timings: equal for a run that was interrupted and one that was not.
extension RunStore {
  /// Returns the digest of all episodes in key order, with their rewards and the monitors' verdicts.
  ///
  /// - Parameter logProbabilities: whether the digest includes the tokens' log-probabilities. Their last bits may
  ///   depend on which rows a batch held.
  package func episodesDigest(logProbabilities: Bool = true) throws -> String {
    try read { db in
      let content = ContentHash()
      var facts = FactTexts(bits: try PredicateBits(db))
      let episodes = try Row.fetchCursor(db, sql: Self.episodes(logProbabilities: logProbabilities))
      while let row = try episodes.next() {
        content.add("facts", facts.text(applies: row[0], holds: row[1]))
        content.add(row, from: 2)
      }
      content.add("verdicts", Data())
      let verdicts = try Row.fetchCursor(db, sql: Self.verdicts)
      while let row = try verdicts.next() { content.add(row) }
      return content.finish()
    }
  }

  /// Returns the digest of all training curves except speeds.
  package func metricsDigest() throws -> String {
    let sql = """
      SELECT condition, replicate, step, name, value FROM metric WHERE name NOT LIKE '%/s'
      ORDER BY condition, replicate, step, name
      """
    return try read { db in
      let content = ContentHash()
      let rows = try Row.fetchCursor(db, sql: sql)
      while let row = try rows.next() { content.add(row) }
      return content.finish()
    }
  }

  /// Selects `applies` and `holds` first, because their bits have meaning only with the predicates' names.
  private static func episodes(logProbabilities: Bool) -> String {
    """
    SELECT applies, holds, checkpoint.name, environment, arm, purpose, variant, sample, seed, prompt.digest, segments,
      episode.tokens, changes, stop, failure_boundary, failure_message, bait_reward, measures, gaming_bonus,
      preference_score, penalty, is_screened \(logProbabilities ? ", log_probabilities" : "")
    FROM episode
    JOIN cell ON cell.id = cell_id
    JOIN checkpoint ON checkpoint.id = checkpoint_id
    LEFT JOIN prompt ON prompt.id = prompt_id
    LEFT JOIN reward ON reward.episode_id = episode.id
    ORDER BY checkpoint.name, environment, arm, purpose, variant, sample
    """
  }

  private static let verdicts = """
    SELECT checkpoint.name, environment, arm, purpose, variant, sample, monitor.name, is_flagged, suspicion
    FROM verdict
    JOIN monitor ON monitor.id = monitor_id
    JOIN episode ON episode.id = episode_id
    JOIN cell ON cell.id = cell_id
    JOIN checkpoint ON checkpoint.id = checkpoint_id
    ORDER BY checkpoint.name, environment, arm, purpose, variant, sample, monitor.name
    """
}

/// Hashes values, each with its kind and length, so that no two different contents produce the same input.
private struct ContentHash {
  private let hash = Digest()

  /// Returns the digest. Add no values after this call.
  func finish() -> String { Digest.hexadecimal(hash.finish()) }

  func add(_ row: Row, from start: Int = 0) {
    for value in row.databaseValues.dropFirst(start) {
      switch value.storage {
      case .null: add("null", Data())
      case .int64(let number): add("integer", Data(String(number).utf8))
      case .double(let number): add("real", Data(String(number.bitPattern).utf8))
      case .string(let text): add("text", Data(text.utf8))
      case .blob(let data): add("blob", data)
      }
    }
  }

  func add(_ kind: String, _ bytes: Data) {
    hash.update(Data("\(kind) \(bytes.count)\n".utf8))
    hash.update(bytes)
  }
}

/// Renders facts as text and caches each combination.
private struct FactTexts {
  private struct Columns: Hashable {
    var applies: Int64?
    var holds: Int64?
  }

  let bits: PredicateBits
  private var texts: [Columns: Data] = [:]

  init(bits: PredicateBits) { self.bits = bits }

  mutating func text(applies: Int64?, holds: Int64?) -> Data {
    let columns = Columns(applies: applies, holds: holds)
    if let known = texts[columns] { return known }
    guard let applies, let holds else { return Data() }
    let facts = bits.facts(applies: applies, holds: holds).sorted { $0.key < $1.key }
    let text = Data(facts.map { "\($0.key.rawValue)=\($0.value)" }.joined(separator: ",").utf8)
    texts[columns] = text
    return text
  }
}
