import ArgumentParser
import Experiments
import Foundation
import Interop
import Reporting
import Storage
import Tables

struct Query: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Query a run with SQL, read-only.",
    discussion: """
      The views: run, checkpoint, episode, fact, measure, reward, verdict, segment, file_change, label, metric, propensity. \
      Documentation/Exporting.md lists their columns. The statement is SQLite's, begins with SELECT or WITH, and changes \
      nothing.

      Example:
        subterfuge query quickstart "\(RunQuery.example)"
      """)

  @Argument(help: "The run's name.")
  var name: String

  @Argument(help: "The statement.")
  var sql: String

  @OptionGroup var options: RunOptions

  @Flag(help: "Print JSON: a list with an object for each row.")
  var json = false

  @Flag(help: "Print comma-separated values.")
  var csv = false

  func validate() throws {
    if json && csv { throw ValidationError("Pass --json or --csv, and not both.") }
  }

  func run() async throws {
    let query = try RunQuery(RunStore(reading: options.folder(name).url))
    try await withTaskCancellationHandler {
      if csv { try printCSV(query) } else if json { try printJSON(query) } else { try printTable(query) }
    } onCancel: {
      query.interrupt()
    }
  }

  private func printCSV(_ query: RunQuery) throws {
    try query.run(sql) {
      Console.print(bytes: Array(CSVText.line($0).utf8))
    } row: { row in
      Console.print(bytes: Array(CSVText.line(row.map(\.plain)).utf8))
    }
  }

  private func printJSON(_ query: RunQuery) throws {
    var names: [String] = []
    var separator = "[\n"
    try query.run(sql) {
      names = $0
    } row: { row in
      Console.print(bytes: Array(separator.utf8) + OrderedJSON.pairs(zip(names, row.map(\.json))).bytes)
      separator = ",\n"
    }
    Console.print(separator == "[\n" ? "[]" : "\n]")
  }

  private func printTable(_ query: RunQuery) throws {
    var header: [String] = []
    var rows: [[QueryValue]] = []
    try query.run(sql) {
      header = $0
    } row: {
      rows.append($0)
    }
    let numeric = header.indices.filter { column in !rows.isEmpty && rows.allSatisfy { $0[column].isNumber } }
    let table = TextTable(
      header: header.map(\.inert), rows: rows.map { $0.map { $0.plain.inert } }, numeric: Set(numeric))
    Console.print(table.render(width: .max))
    Console.error(rows.count == 1 ? "1 row" : "\(rows.count) rows")
  }
}

extension QueryValue {
  /// The value as text; empty for NULL.
  fileprivate var plain: String {
    switch self {
    case .null: ""
    case .integer(let number): "\(number)"
    case .real(let number): "\(number)"
    case .text(let text): text
    case .blob(let data): data.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
    }
  }

  fileprivate var json: OrderedJSON {
    switch self {
    case .null: .null
    case .integer(let number): .integer(Int(number))
    case .real(let number): .number(number)
    case .text, .blob: .string(plain)
    }
  }

  fileprivate var isNumber: Bool {
    switch self {
    case .null, .integer, .real: true
    case .text, .blob: false
    }
  }
}

extension String {
  /// The longest cell of a table for people, in characters.
  private static let longestCell = 80

  /// The text on one line, cut where it is long, with marks in place of what would move a terminal's cursor or change the
  /// direction of writing: transcripts hold whatever a model wrote.
  fileprivate var inert: String {
    let start = prefix(Self.longestCell)
    let shown = start.unicodeScalars.map { scalar -> String in
      switch scalar.properties.generalCategory {
      case .control where scalar == "\n": "⏎"
      case .control, .format, .lineSeparator, .paragraphSeparator: "\\u{\(String(scalar.value, radix: 16))}"
      default: String(scalar)
      }
    }.joined()
    return start.endIndex == endIndex ? shown : shown + "…"
  }
}
