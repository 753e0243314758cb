package import Foundation
import GRDB

/// A value in the result of a query.
package enum QueryValue: Sendable, Hashable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob(Data)
}

/// Answers SQL questions about a run. Nothing can be changed: the connection is for reading only, and a question is one
/// statement that begins with `SELECT`, `WITH`, `VALUES` or `EXPLAIN`.
package final class RunQuery: Sendable {
  /// A statement for help texts: how often each fact held.
  package static let example =
    "SELECT predicate, sum(holds) AS holds, count(*) AS applies FROM fact GROUP BY predicate"

  private static let questions = ["SELECT", "WITH", "VALUES", "EXPLAIN"]

  private let database: DatabaseQueue

  /// - Throws: `StoreError`.
  package init(_ store: RunStore) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { db in
      for statement in QueryViews.statements { try db.execute(sql: statement) }
    }
    do { database = try DatabaseQueue(path: store.path, configuration: configuration) } catch let error as DatabaseError
    {
      throw StoreError(error, path: store.path)
    }
  }

  /// Stops a question that another thread has asked.
  package func interrupt() { database.interrupt() }

  /// Runs one statement and hands over its rows one at a time.
  ///
  /// - Parameters:
  ///   - columns: takes the columns' names, before the first row.
  ///   - row: takes the values of a row.
  /// - Throws: `QueryError` with SQLite's words; what the closures throw.
  package func run(
    _ sql: String, columns: ([String]) throws -> Void, row: ([QueryValue]) throws -> Void
  ) throws {
    try Self.check(sql)
    do {
      try database.read { db in
        let statement = try db.makeStatement(sql: sql)
        guard statement.isReadonly else { throw QueryError("it would write; a query may only read.") }
        try columns(statement.columnNames)
        let rows = try Row.fetchCursor(statement)
        while let next = try rows.next() { try row(next.databaseValues.map(QueryValue.init)) }
      }
    } catch let error as DatabaseError {
      if error.resultCode == .SQLITE_INTERRUPT { throw CancellationError() }
      if error.resultCode == .SQLITE_MISUSE { throw QueryError("it has more than one statement. Write one.") }
      throw QueryError("\(error.message ?? "SQLite error \(error.resultCode.rawValue)").")
    }
  }

  /// `ATTACH` and `PRAGMA` count as reading for SQLite, so the first word decides.
  private static func check(_ sql: String) throws {
    let word = sql.firstWord.uppercased()
    if word.isEmpty { throw QueryError("it has no statement.") }
    if !questions.contains(word) {
      throw QueryError(
        "it begins with '\(word)'. Write one statement that begins with \(questions.joined(separator: ", ")).")
    }
  }
}

/// A query that cannot be answered.
package struct QueryError: Error, Sendable, Hashable, CustomStringConvertible {
  package let description: String

  init(_ complaint: String) { description = "The query cannot be run: \(complaint)" }
}

extension QueryValue {
  fileprivate init(_ value: DatabaseValue) {
    self =
      switch value.storage {
      case .null: .null
      case .int64(let number): .integer(number)
      case .double(let number): .real(number)
      case .string(let text): .text(text)
      case .blob(let data): .blob(data)
      }
  }
}

extension String {
  /// The first word of a statement, behind white space and comments.
  fileprivate var firstWord: String {
    var rest = Substring(self)
    while true {
      rest = rest.drop { $0.isWhitespace || $0 == ";" }
      if rest.hasPrefix("--") {
        rest = rest.drop { !$0.isNewline }
      } else if rest.hasPrefix("/*") {
        rest = rest.dropFirst(2)
        guard let end = rest.firstRange(of: "*/") else { return "" }
        rest = rest[end.upperBound...]
      } else {
        return String(rest.prefix { $0.isASCII && $0.isLetter })
      }
    }
  }
}
