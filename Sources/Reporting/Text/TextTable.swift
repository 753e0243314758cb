/// A table for a terminal: columns as wide as their widest cell, cells of several lines.
struct TextTable {
  var header: [String]
  var rows: [[String]] = []
  /// Columns that are aligned to the right.
  var numeric: Set<Int> = []

  /// The table with a rule under its header; no line ends in spaces.
  func render() -> String {
    let widths = header.indices.map { column in
      ([header] + rows).flatMap { lines(of: $0[column]) }.map(\.count).max() ?? 0
    }
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
  fileprivate var trimmingTrailingSpaces: String { String(reversed().drop { $0 == " " }.reversed()) }
}
