import Testing

@testable import Tables

@Suite struct CSVTests {
  private static func records(_ text: String) throws -> [[String]] {
    var reader = CSVReader(text: text)
    var records: [[String]] = []
    while let record = try reader.next() { records.append(record.fields) }
    return records
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let rows = [["a", "b,c", "d\"e"], ["", "two\nlines", "three\r\nlines"], ["é", " ", "\"\""]]
    var table = CSVText(header: rows[0])
    for row in rows[1...] { table.add(row) }
    #expect(try Self.records(table.text) == rows)
  }

  @Test(arguments: [
    ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]), ("\u{FEFF}a\n\n\nb", [["a"], ["b"]]),
    ("a,\n,b\n", [["a", ""], ["", "b"]]),
    ("", []), ("\"a\"\"b\",c", [["a\"b", "c"]]), ("a\"b,c", [["a\"b", "c"]]),
  ])
  func theStandardsExamples(text: String, expected: [[String]]) throws { #expect(try Self.records(text) == expected) }

  @Test(arguments: [("a\nb,\"c", 2), ("a\n\"b\"c,d\n", 2)])
  func aBrokenFileNamesItsLine(text: String, line: Int) {
    #expect { try Self.records(text) } throws: { ($0 as? CSVError)?.line == line }
  }

  @Test func piecesMayEndAnywhere() throws {
    var bytes = Array("ab,\"c\"\"d\"\r\ne,\"f\ng\"\n".utf8)[...]
    var reader = CSVReader { Array(bytes.popFirst().map { [$0] } ?? []) }
    #expect(try reader.next() == CSVRecord(line: 1, fields: ["ab", "c\"d"]))
    #expect(try reader.next() == CSVRecord(line: 2, fields: ["e", "f\ng"]))
    #expect(try reader.next() == nil)
  }
}
