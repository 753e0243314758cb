internal import Digests
import Episodes
import Foundation
import GRDB
import Runs

/// What the search index keeps of an episode.
struct IndexedEpisode {
  var id: Int64
  var said: String
  var reasoning: String
  var commands: String
  /// The cell, the predicates that hold, and those that apply and do not hold, each as a word.
  var facets: String
}

// What the full-text index reads of a run.
extension RunStore {
  /// The longest transcript that is indexed, in characters of its stored form.
  private static let longestIndexed = 2_000_000

  /// Identifies the run whatever its folder is called, and changes when a run is started again under its name.
  func identity() throws -> String {
    let sql = "SELECT configuration_hash || ' ' || root_seed || ' ' || created FROM run"
    guard let text = try read({ try String.fetchOne($0, sql: sql) }) else {
      throw StoreError.damaged(path: path, detail: "no run in it")
    }
    return Digest.hexadecimalSHA256(Data("\(path) \(text)".utf8))
  }

  /// Returns what the index keeps of the episodes with the next numbers.
  func indexed(after number: Int64, limit: Int) throws -> [IndexedEpisode] {
    let sql = """
      SELECT episode.id, cell_id, applies, holds, failure_boundary,
        CASE WHEN length(segments) < \(Self.longestIndexed) THEN segments ELSE '[]' END AS segments,
        substr(prompt.text, -\(ProtocolTag.thought.opening.count)) AS prompt_end
      FROM episode LEFT JOIN prompt ON prompt.id = prompt_id WHERE episode.id > ? ORDER BY episode.id LIMIT ?
      """
    return try read { db in
      try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [number, limit]).map { row in
        let blocks = try StoredTranscript.texts(of: row["segments"], after: row["prompt_end"]).blocks
        return IndexedEpisode(
          id: row["id"], said: blocks.text { if case .message(let text) = $0 { text } else { nil } },
          reasoning: blocks.text { if case .thought(let text) = $0 { text } else { nil } },
          commands: blocks.text { if case .command(let text) = $0 { text } else { nil } }, facets: Self.facets(row))
      }
    }
  }

  private static func facets(_ row: Row) -> String {
    let cell: Int64 = row["cell_id"]
    let (applies, holds): (Int64, Int64) = (row["applies"] ?? 0, row["holds"] ?? 0)
    let bits = (0..<Schema.predicateLimit).filter { applies & (1 << $0) != 0 }
    let facts = bits.map { holds & (1 << $0) != 0 ? "h\($0)" : "l\($0)" }
    return (["c\(cell)", row["failure_boundary"] as String? == nil ? "graded" : "failed"] + facts).joined(
      separator: " ")
  }

  /// Returns the words of a query's facets: all of the expressions must match. `nil` if no episode can match.
  func facetWords(_ query: EpisodeQuery) throws -> [String]? {
    try read { db in
      let bits = try PredicateBits(db)
      guard let holding = bits.mask(query.holding), let lacking = bits.mask(query.lacking) else { return nil }
      let narrowed =
        [query.checkpoint, query.environment, query.arm?.rawValue, query.purpose].contains { $0 != nil }
        || query.checkpoints != nil
      var expressions: [String] = []
      if narrowed {
        let sql = """
          SELECT cell.id FROM checkpoint JOIN cell ON checkpoint.id = checkpoint_id
          WHERE name = ifnull(?1, name) AND environment = ifnull(?2, environment) AND arm = ifnull(?3, arm)
            AND purpose = ifnull(?4, purpose) AND (?5 IS NULL OR name IN (SELECT value FROM json_each(?5)))
          """
        let cells = try Int64.fetchAll(
          db, sql: sql,
          arguments: [
            query.checkpoint, query.environment, query.arm?.rawValue, query.purpose,
            query.checkpoints.map { try StoredJSON.text($0) },
          ])
        if cells.isEmpty { return nil }
        expressions.append(cells.map { "c\($0)" }.joined(separator: " OR "))
      }
      for bit in 0..<Schema.predicateLimit {
        if holding & (1 << bit) != 0 { expressions.append("h\(bit)") }
        if lacking & (1 << bit) != 0 { expressions.append("l\(bit)") }
      }
      return expressions + (query.failed.map { [$0 ? "failed" : "graded"] } ?? [])
    }
  }
}

extension [Block] {
  fileprivate func text(_ part: (Block) -> String?) -> String { compactMap(part).joined(separator: "\n") }
}
