/// Comma-separated values as text (RFC 4180), with LF line ends.
package struct CSVText: Sendable {
  package private(set) var text = ""
  private let columns: Int

  /// - Parameter header: the names of the columns.
  package init(header: [String]) {
    columns = header.count
    add(header)
  }

  /// Adds a record; it is a programmer error to pass another number of fields than the header has.
  package mutating func add(_ fields: [String]) {
    precondition(fields.count == columns, "\(fields.count) fields in a table of \(columns) columns")
    text += Self.line(fields)
  }

  /// Returns one record with its line end, for tables that are written as they are made.
  package static func line(_ fields: [String]) -> String { fields.map(quoted).joined(separator: ",") + "\n" }

  private static func quoted(_ field: String) -> String {
    let isPlain = field.utf8.allSatisfy { ![0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    return isPlain ? field : "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}
