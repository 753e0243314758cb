/// The body of a table of the page as words, row by row; headings of groups are left out.
struct PageTable {
  let rows: [[String]]

  init(_ page: String) {
    rows = page.replacing(/<thead>.*?<\/thead>/.dotMatchesNewlines(), with: "").matches(
      of: /<tr[^>]*>(.*?)<\/tr>/.dotMatchesNewlines()
    )
    .filter { !$0.output.1.contains("class=\"group\"") }.map { row in
      row.output.1.matches(of: /<t[dh][^>]*>(.*?)<\/t[dh]>/.dotMatchesNewlines()).map {
        Self.words(String($0.output.1))
      }
    }
  }

  private static func words(_ cell: String) -> String {
    cell.replacing(/<[^>]+>/, with: " ").replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .split(separator: " ").joined(separator: " ")
  }
}
