import Episodes
package import Foundation
import GRDB
import Runs

/// A full-text index of one run's episodes, in a file of its own outside of the run's folder.
///
/// The index is a cache: it never writes to the run, it grows with the run, and it is made again when it is lost. Words
/// are matched without regard to case and accents.
package final class SearchIndex: Sendable {
  /// How much of the run is indexed.
  package struct Progress: Sendable, Hashable {
    package var indexed: Int
    package var total: Int
    package var isComplete: Bool { indexed >= total }
  }

  /// Where the words have to stand.
  package enum Scope: String, Sendable, CaseIterable {
    /// Messages to the user and hidden reasoning.
    case anywhere
    case said
    case reasoning
    case commands
  }

  private static let batch = 1_000

  private let store: RunStore
  private let pool: DatabasePool

  /// Opens the index of a run, and starts a new one if the file belongs to another run or is damaged.
  ///
  /// - Parameter folder: where indexes are kept; it is created.
  /// - Throws: `StoreError.unwritable` if the index cannot be written.
  package init(of store: RunStore, in folder: URL) throws {
    self.store = store
    let identity = try store.identity()
    let file = folder.appending(path: "\(identity.prefix(32)).search")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      do { pool = try Self.open(file, identity: identity) } catch let error as DatabaseError
        where [.SQLITE_MISMATCH, .SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
      {
        // Of another run or damaged. One that another process is writing is not replaced.
        pool = try Self.replace(file, identity: identity)
      }
    } catch {
      throw StoreError.unwritable(path: file.path, detail: error.localizedDescription)
    }
  }

  private static func open(_ file: URL, identity: String) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = OFF") }
    let pool = try DatabasePool(path: file.path, configuration: configuration)
    try pool.write { db in
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS progress (id INTEGER PRIMARY KEY CHECK (id = 1), identity TEXT NOT NULL,
            last INTEGER NOT NULL, episodes INTEGER NOT NULL) STRICT;
          CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(said, reasoning, commands, facets, content='',
            tokenize='unicode61 remove_diacritics 2');
          """)
      try db.execute(sql: "INSERT OR IGNORE INTO progress VALUES (1, ?, 0, 0)", arguments: [identity])
      let stored = try String.fetchOne(db, sql: "SELECT identity FROM progress")
      if stored != identity { throw DatabaseError(resultCode: .SQLITE_MISMATCH) }
    }
    return pool
  }

  private static func replace(_ file: URL, identity: String) throws -> DatabasePool {
    for ending in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(at: URL(filePath: file.path + ending))
    }
    return try open(file, identity: identity)
  }

  /// Returns how much of the run is indexed.
  package func progress() throws -> Progress {
    Progress(
      indexed: try naming { try pool.read { try Int.fetchOne($0, sql: "SELECT episodes FROM progress") ?? 0 } },
      total: try store.read {
        try Int.fetchOne($0, sql: "SELECT count(*) FROM episode INDEXED BY episode_outcome") ?? 0
      })
  }

  /// Indexes the next episodes of the run.
  ///
  /// - Returns: whether episodes are left.
  package func advance() throws -> Bool {
    try naming {
      try pool.write { db in
        let last = try Int64.fetchOne(db, sql: "SELECT last FROM progress") ?? 0
        let rows = try store.indexed(after: last, limit: Self.batch)
        let insertion = try db.cachedStatement(
          sql: "INSERT INTO words (rowid, said, reasoning, commands, facets) VALUES (?, ?, ?, ?, ?)")
        for row in rows {
          try insertion.execute(arguments: [row.id, row.said, row.reasoning, row.commands, row.facets])
        }
        guard let newest = rows.last else { return false }
        try db.execute(
          sql: "UPDATE progress SET last = ?, episodes = episodes + ?", arguments: [newest.id, rows.count])
        return rows.count == Self.batch
      }
    }
  }

  /// Returns the numbers of the episodes that hold all words and match a query, in the order of the numbers.
  ///
  /// - Parameters:
  ///   - words: text to find; a text in quotation marks is a phrase, and a word that ends in `*` a beginning.
  ///   - query: its text and its variant are ignored.
  ///   - number: returns only later episodes.
  package func episodes(
    holding words: String, in scope: Scope = .anywhere, _ query: EpisodeQuery, after number: Int = 0, limit: Int
  ) throws -> [Int] {
    guard let match = try expression(words, scope, query) else { return [] }
    let sql = "SELECT rowid FROM words WHERE words MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?"
    return try naming { try pool.read { try Int.fetchAll($0, sql: sql, arguments: [match, number, limit]) } }
  }

  /// Returns how many episodes hold all words and match a query, counting no further than a limit.
  package func count(
    holding words: String, in scope: Scope = .anywhere, _ query: EpisodeQuery, limit: Int
  ) throws -> Int {
    guard let match = try expression(words, scope, query) else { return 0 }
    let sql = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
    return try naming { try pool.read { try Int.fetchOne($0, sql: sql, arguments: [match, limit]) ?? 0 } }
  }

  /// Returns the search as FTS5 reads it; `nil` if nothing can match. Facets are words of a column, so that FTS5
  /// intersects sorted lists instead of reading every match.
  private func expression(_ words: String, _ scope: Scope, _ query: EpisodeQuery) throws -> String? {
    let terms = Self.terms(words)
    if terms.isEmpty { return nil }
    let columns = scope == .anywhere ? "{said reasoning}" : scope.rawValue
    let texts = terms.map { "\(columns) : \($0)" }
    guard let facets = try store.facetWords(query) else { return nil }
    return (texts + facets.map { "facets : (\($0))" }).joined(separator: " AND ")
  }

  /// Returns the words and phrases of a text, each quoted for FTS5.
  package static func terms(_ text: String) -> [String] {
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
    return parts.flatMap { index, part -> [String] in
      if !index.isMultiple(of: 2) { return part.contains(where: \.isLetterOrNumber) ? ["\"\(part)\""] : [] }
      return part.split(whereSeparator: \.isWhitespace).compactMap { word in
        guard word.contains(where: \.isLetterOrNumber) else { return nil }
        return word.hasSuffix("*") ? "\"\(word.dropLast())\" *" : "\"\(word)\""
      }
    }
  }

  private func naming<Value>(_ work: () throws -> Value) throws -> Value {
    do { return try work() } catch let error as DatabaseError { throw StoreError(error, path: pool.path) }
  }
}

extension Character {
  fileprivate var isLetterOrNumber: Bool { isLetter || isNumber }
}
