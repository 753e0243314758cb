/// A table for a terminal: columns as wide as their widest cell, cells of several lines.
package struct TextTable {
  var header: [String]
  package var rows: [[String]]
  /// Columns that are aligned to the right.
  var numeric: Set<Int>
  /// How many of the first columns tell the rows apart.
  private let keys: Int

  /// The width of what is printed, in characters.
  package static let width = 100

  package init(header: [String], rows: [[String]] = [], numeric: Set<Int> = [], keys: Int = 1) {
    self.header = header
    self.keys = keys
    self.rows = rows
    self.numeric = numeric
  }

  /// The table with a rule under its header; no line ends in spaces. Columns that do not fit beside each other follow in a
  /// table of their own, which begins with the key columns again.
  package func render(width: Int = TextTable.width) -> String {
    let widths = header.indices.map { column in
      ([header] + rows).flatMap { lines(of: $0[column]) }.map(\.count).max() ?? 0
    }
    let repeated = Array(header.indices.prefix(keys))
    var blocks: [[Int]] = [[]]
    for column in header.indices.dropFirst(keys) {
      let taken = (repeated + blocks[blocks.count - 1]).reduce(-2) { $0 + 2 + widths[$1] }
      if !blocks[blocks.count - 1].isEmpty, taken + 2 + widths[column] > width { blocks.append([]) }
      blocks[blocks.count - 1].append(column)
    }
    if blocks.count == 1 { return block(widths) }
    return blocks.map { repeated + $0 }.map { columns in
      var table = TextTable(header: columns.map { header[$0] }, rows: rows.map { row in columns.map { row[$0] } })
      table.numeric = Set(columns.indices.filter { numeric.contains(columns[$0]) })
      return table.block(columns.map { widths[$0] })
    }.joined(separator: "\n")
  }

  private func block(_ widths: [Int]) -> String {
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    let isTall = rows.contains { $0.contains { $0.contains("\n") } }
    let body = rows.map { render($0, widths) }.joined(separator: isTall ? "\n\n" : "\n")
    return [render(header, widths), rule, body].joined(separator: "\n") + "\n"
  }

  private func render(_ row: [String], _ widths: [Int]) -> String {
    let cells = row.map(lines(of:))
    let height = cells.map(\.count).max() ?? 0
    return (0..<height).map { line in
      let parts = cells.indices.map { column in
        pad(cells[column].indices.contains(line) ? cells[column][line] : "", to: widths[column], column)
      }
      return parts.joined(separator: "  ").trimmingTrailingSpaces
    }.joined(separator: "\n")
  }

  private func pad(_ text: String, to width: Int, _ column: Int) -> String {
    let space = String(repeating: " ", count: width - text.count)
    return numeric.contains(column) ? space + text : text + space
  }

  private func lines(of cell: String) -> [String] {
    cell.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

extension String {
  /// The text with line breaks between words where a line would be longer than this.
  func wrapped(_ width: Int = TextTable.width) -> String {
    var lines = [""]
    for word in split(separator: " ") {
      let last = lines[lines.count - 1]
      if last.isEmpty || last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last.isEmpty ? String(word) : "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }

  fileprivate var trimmingTrailingSpaces: String { String(reversed().drop { $0 == " " }.reversed()) }
}
