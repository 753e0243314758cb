/// Reads TOML 1.0: comments, tables, arrays of tables, dotted keys, and every kind of value. Dates stay text.
///
/// A reader of our own, because the one package that resolves here wraps a C++ parser for what is a page of grammar, and
/// because `task.toml` comes from strangers: each complaint names the file and the line. It is stricter than the
/// standard in one way (1 MiB, 32 levels), and more lenient in one (a later header may add to an inline table).
struct TOMLReader {
  private let bytes: [UInt8]
  private let file: String
  private var at = 0
  private var line = 1
  private var root: [String: TOMLValue] = [:]
  private var header: [String] = []
  private var headers: Set<[String]> = []

  private static let mostBytes = 1 << 20
  private static let deepest = 32

  /// - Throws: `EnvironmentError` with the file, the line and what is wrong.
  static func read(_ text: String, file: String) throws -> [String: TOMLValue] {
    guard text.utf8.count <= mostBytes else { throw EnvironmentError("the file has more than 1 MiB", file: file) }
    var reader = TOMLReader(bytes: Array(text.utf8), file: file)
    while try reader.readLine() {}
    return reader.root
  }

  private init(bytes: [UInt8], file: String) { (self.bytes, self.file) = (bytes, file) }

  private func error(_ message: String) -> EnvironmentError { EnvironmentError(message, file: file, line: line) }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private func begins(with text: String) -> Bool { bytes[at...].starts(with: text.utf8) }

  private mutating func take(_ text: String) -> Bool {
    guard begins(with: text) else { return false }
    at += text.utf8.count
    return true
  }

  private mutating func skipSpaces() { while next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") { at += 1 } }

  private mutating func skipComment() {
    guard next == UInt8(ascii: "#") else { return }
    while let byte = next, byte != UInt8(ascii: "\n") { at += 1 }
  }

  /// Passes the end of a line; false where something else stands.
  private mutating func endLine() -> Bool {
    skipSpaces()
    skipComment()
    _ = take("\r")
    guard next != nil else { return true }
    guard take("\n") else { return false }
    line += 1
    return true
  }

  private mutating func skipBlank() {
    while next != nil {
      let start = at
      guard endLine(), at > start else { return }
    }
  }

  // MARK: Lines

  /// Reads a header or a key with its value. Returns false at the end of the file.
  private mutating func readLine() throws -> Bool {
    skipBlank()
    guard next != nil else { return false }
    if take("[[") {
      try readHeader(closing: "]]")
    } else if take("[") {
      try readHeader(closing: "]")
    } else {
      let path = try readKey()
      guard take("=") else { throw error("`=` is missing after `\(path.joined(separator: "."))`") }
      let value = try readValue(0)
      guard root.put(value, at: (header + path)[...]) else { throw taken(header + path) }
    }
    guard endLine() else { throw error("one value or header a line; something else follows it") }
    return true
  }

  private mutating func readHeader(closing: String) throws {
    header = try readKey()
    guard take(closing) else { throw error("the table's name does not end in `\(closing)`") }
    let isElement = closing == "]]"
    guard isElement || headers.insert(header).inserted, root.open(header[...], asElement: isElement) else {
      throw taken(header)
    }
    // A table inside an array's element may have the name that one inside an earlier element has.
    if isElement { headers = headers.filter { !$0.starts(with: header) } }
  }

  private func taken(_ path: [String]) -> EnvironmentError {
    error("`\(path.joined(separator: "."))` is defined twice, or is no table")
  }

  private mutating func readKey() throws -> [String] {
    var path: [String] = []
    repeat {
      skipSpaces()
      if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") {
        path.append(try readString(allowsLines: false))
      } else {
        let start = at
        while let byte = next, Self.isBare(byte) { at += 1 }
        guard at > start else { throw error("a key is missing: letters, digits, `_` and `-`, or a quoted string") }
        path.append(String(decoding: bytes[start..<at], as: UTF8.self))
      }
      skipSpaces()
    } while take(".")
    guard path.count <= Self.deepest else { throw error("a key has more than \(Self.deepest) parts") }
    return path
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    let scalar = UnicodeScalar(byte)
    return scalar.isASCII
      && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "_-".utf8.contains(byte))
  }

  // MARK: Values

  private mutating func readValue(_ depth: Int) throws -> TOMLValue {
    guard depth < Self.deepest else { throw error("values are nested more than \(Self.deepest) deep") }
    skipSpaces()
    switch next {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return .text(try readString(allowsLines: true))
    case UInt8(ascii: "["):
      at += 1
      return .list(try readList(depth))
    case UInt8(ascii: "{"):
      at += 1
      return .table(try readInlineTable(depth))
    default: return try readWord()
    }
  }

  private mutating func readList(_ depth: Int) throws -> [TOMLValue] {
    var list: [TOMLValue] = []
    while true {
      skipBlank()
      if take("]") { return list }
      list.append(try readValue(depth + 1))
      skipBlank()
      if !take(",") {
        guard take("]") else { throw error("the array does not end in `]`, or a comma is missing") }
        return list
      }
    }
  }

  private mutating func readInlineTable(_ depth: Int) throws -> [String: TOMLValue] {
    var table: [String: TOMLValue] = [:]
    skipSpaces()
    if take("}") { return table }
    repeat {
      let path = try readKey()
      guard take("=") else { throw error("`=` is missing after `\(path.joined(separator: "."))`") }
      guard table.put(try readValue(depth + 1), at: path[...]) else { throw taken(path) }
      skipSpaces()
    } while take(",")
    guard take("}") else { throw error("the inline table does not end in `}` on its line") }
    return table
  }

  /// A truth value, a number or a date.
  private mutating func readWord() throws -> TOMLValue {
    let start = at
    while let byte = next, Self.isBare(byte) || "+.:".utf8.contains(byte) { at += 1 }
    var word = String(decoding: bytes[start..<at], as: UTF8.self)
    if word == "true" || word == "false" { return .truth(word == "true") }
    if word.wholeMatch(of: /\d{4}-\d\d-\d\d.*|\d\d:\d\d.*/) != nil {
      // A date and a time may have a space between them.
      let mark = at
      if word.count == 10, take(" "), let more = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(more) {
        while let byte = next, Self.isBare(byte) || "+.:".utf8.contains(byte) { at += 1 }
        word = String(decoding: bytes[start..<at], as: UTF8.self)
      } else {
        at = mark
      }
      return .date(word)
    }
    guard let number = Self.number(word) else {
      throw error(word.isEmpty ? "a value is missing" : "`\(word)` is not a value; a string needs quotes")
    }
    return .number(number)
  }

  private static func number(_ word: String) -> Double? {
    let sign = word.hasPrefix("-") ? -1.0 : 1
    let digits = word.first.map { "+-".contains($0) } == true ? String(word.dropFirst()) : word
    if digits == "inf" { return sign * .infinity }
    if digits == "nan" { return .nan }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
      return Int(word.dropFirst(2).replacing("_", with: ""), radix: radix).map(Double.init)
    }
    guard digits.wholeMatch(of: /(0|[1-9](_?\d)*)(\.\d(_?\d)*)?([eE][+-]?\d(_?\d)*)?/) != nil else { return nil }
    return Double(digits.replacing("_", with: "")).map { sign * $0 }
  }

  // MARK: Strings

  private mutating func readString(allowsLines: Bool) throws -> String {
    let mark = begins(with: "'") ? "'" : "\""
    let isLong = allowsLines && begins(with: mark + mark + mark)
    let end = isLong ? mark + mark + mark : mark
    at += end.utf8.count
    if isLong, take("\n") || take("\r\n") { line += 1 }
    var text: [UInt8] = []
    while true {
      guard let byte = next else { throw error("the string does not end") }
      if take(end) { break }
      if byte == UInt8(ascii: "\n") {
        guard isLong else { throw error("the string does not end on its line") }
        line += 1
      }
      at += 1
      if byte == UInt8(ascii: "\\"), mark == "\"" { text += try readEscape(isLong: isLong) } else { text.append(byte) }
    }
    // One or two quotation marks may stand before the three that end a string.
    if isLong { for _ in 0..<2 where take(mark) { text += Array(mark.utf8) } }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func readEscape(isLong: Bool) throws -> [UInt8] {
    guard let byte = next else { throw error("the string does not end") }
    at += 1
    let plain: [UInt8: UInt8] = [
      UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13,
      UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    ]
    if let meaning = plain[byte] { return [meaning] }
    if byte == UInt8(ascii: "u") || byte == UInt8(ascii: "U") {
      let digits = String(decoding: bytes[at...].prefix(byte == UInt8(ascii: "u") ? 4 : 8), as: UTF8.self)
      guard let scalar = UInt32(digits, radix: 16).flatMap(UnicodeScalar.init) else {
        throw error("`\\\(UnicodeScalar(byte))\(digits)` is not a Unicode character")
      }
      at += digits.utf8.count
      return Array(String(scalar).utf8)
    }
    at -= 1
    guard isLong, endLine() else { throw error("`\\\(UnicodeScalar(byte))` is not an escape of TOML") }
    while let byte = next, " \t\r\n".utf8.contains(byte) {
      if byte == UInt8(ascii: "\n") { line += 1 }
      at += 1
    }
    return []
  }
}
