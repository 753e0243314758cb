/// Cuts a template into text and the tokens between `{{`, `{%` and their ends, with white space taken away as
/// `transformers` has it (`trim_blocks`, `lstrip_blocks`).
struct TemplateLexer {
  enum Token: Hashable {
    case text(String)
    /// `{{`, `}}`, `{%`, `%}`.
    case mark(String)
    case name(String)
    case string(String)
    case integer(Int)
    case number(Double)
    case symbol(String)
  }

  private let source: [Character]
  private var index = 0
  private(set) var tokens: [Token] = []
  /// White space that follows is taken away.
  private var trims = false
  /// One line break that follows is taken away.
  private var trimsLine = false

  private init(_ source: String) {
    // Characters of Swift join \r\n; templates are cut at single ones.
    self.source = source.unicodeScalars.map(Character.init)
  }

  /// - Throws: a `ModelError` when something is not closed or not known.
  static func tokens(of source: String) throws -> [Token] {
    // As in Jinja, one line break at the end is none.
    var lexer = TemplateLexer(source.hasSuffix("\n") ? String(source.unicodeScalars.dropLast()) : source)
    while lexer.index < lexer.source.count { try lexer.readText() }
    return lexer.tokens
  }

  private func has(_ text: String, at index: Int? = nil) -> Bool {
    source[min(index ?? self.index, source.count)...].starts(with: text)
  }

  private mutating func readText() throws {
    let start = index
    while index < source.count, !["{{", "{%", "{#"].contains(where: { has($0) }) { index += 1 }
    var text = source[start..<index]
    if trims {
      text = text.drop(while: \.isWhitespace)
    } else if trimsLine {
      if text.first == "\r", text.dropFirst().first == "\n" { text = text.dropFirst() }
      if text.first == "\n" { text = text.dropFirst() }
    }
    (trims, trimsLine) = (false, false)
    guard index < source.count else { return append(text) }
    let opening = String(source[index...index + 1])
    index += 2
    if has("-") {
      index += 1
      while text.last?.isWhitespace == true { text.removeLast() }
    } else if has("+") {
      index += 1
    } else if opening != "{{" {
      // Spaces before a block at the beginning of a line.
      let rest = text.reversed().drop { $0 == " " || $0 == "\t" }
      if rest.first == "\n" || rest.isEmpty && beginsLine(text.startIndex) { text = text.prefix(rest.count) }
    }
    append(text)
    switch opening {
    case "{#": try skipComment()
    case "{%": try readBlock()
    default: try readTokens(opening: "{{", closing: "}}")
    }
  }

  /// Whether the text at `start` stands at the beginning of a line.
  private func beginsLine(_ start: Int) -> Bool { start == 0 || source[start - 1] == "\n" }

  private mutating func append(_ text: ArraySlice<Character>) {
    if !text.isEmpty { tokens.append(.text(String(text))) }
  }

  private mutating func skipComment() throws {
    while !has("#}") {
      guard index < source.count else { throw ModelError("a comment is not closed") }
      index += 1
    }
    (trims, trimsLine) = (source[index - 1] == "-", true)
    index += 2
  }

  private mutating func readBlock() throws {
    let start = tokens.count
    try readTokens(opening: "{%", closing: "%}")
    guard tokens[start...] == [.mark("{%"), .name("raw"), .mark("%}")] else { return }
    tokens.removeLast(3)
    var end = index
    while end < source.count, !has("{%", at: end) || !isEndOfRaw(end) { end += 1 }
    guard end < source.count else { throw ModelError("'raw' is not closed") }
    append(source[index..<end])
    while !has("%}", at: end) { end += 1 }
    index = end + 2
    trimsLine = true
  }

  private func isEndOfRaw(_ start: Int) -> Bool {
    let inside = source[(start + 2)...].prefix { $0 != "%" }.filter { !$0.isWhitespace && $0 != "-" }
    return String(inside) == "endraw"
  }

  private mutating func readTokens(opening: String, closing: String) throws {
    let start = tokens.count
    tokens.append(.mark(opening))
    var depth = 0
    while true {
      while index < source.count, source[index].isWhitespace { index += 1 }
      guard index < source.count else { throw ModelError("'\(opening)' is not closed") }
      if depth == 0, has(closing) || has("-" + closing) || has("+" + closing) {
        trims = source[index] == "-"
        trimsLine = closing == "%}" && source[index] != "+"
        index += source[index] == closing.first ? 2 : 3
        tokens.append(.mark(closing))
        return
      }
      let token = try readToken()
      tokens.append(token)
      // A chain of operators is a tree as deep as it is long.
      guard tokens.count - start < 4_000 else { throw ModelError("'\(opening)' is longer than any model's") }
      if [.symbol("("), .symbol("["), .symbol("{")].contains(token) { depth += 1 }
      if [.symbol(")"), .symbol("]"), .symbol("}")].contains(token) { depth -= 1 }
    }
  }

  private mutating func readToken() throws -> Token {
    let first = source[index]
    if first == "'" || first == "\"" { return .string(try readString(first)) }
    if first.isASCII, first.isNumber { return try readNumber() }
    if first.isLetter || first == "_" {
      let start = index
      while index < source.count, source[index].isLetter || source[index].isNumber || source[index] == "_" {
        index += 1
      }
      return .name(String(source[start..<index]))
    }
    for symbol in ["==", "!=", "<=", ">=", "**", "//"] where has(symbol) {
      index += 2
      return .symbol(symbol)
    }
    guard "+-*/%~|.,:()[]{}<>=".contains(first) else { throw ModelError("'\(first)' is not known in an expression") }
    index += 1
    return .symbol(String(first))
  }

  private mutating func readNumber() throws -> Token {
    let start = index
    while index < source.count, source[index].isNumber || source[index] == "_" { index += 1 }
    if has("."), index + 1 < source.count, source[index + 1].isNumber {
      index += 1
      while index < source.count, source[index].isNumber { index += 1 }
    }
    let text = String(source[start..<index].filter { $0 != "_" })
    if let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text) else { throw ModelError("'\(text)' is not a number") }
    return .number(number)
  }

  private mutating func readString(_ quote: Character) throws -> String {
    index += 1
    var text = String.UnicodeScalarView()
    while index < source.count, source[index] != quote {
      let scalar = source[index].unicodeScalars.first
      index += 1
      if scalar == "\\" {
        text.append(contentsOf: try readEscape())
      } else if let scalar {
        text.append(scalar)
      }
    }
    guard index < source.count else { throw ModelError("a string is not closed") }
    index += 1
    return String(text)
  }

  private mutating func readEscape() throws -> [Unicode.Scalar] {
    guard index < source.count, let scalar = source[index].unicodeScalars.first else { return ["\\"] }
    index += 1
    let plain: [Unicode.Scalar: Unicode.Scalar] = [
      "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", "\"": "\"", "b": "\u{8}", "f": "\u{C}", "v": "\u{B}",
      "a": "\u{7}",
    ]
    if scalar == "\n" { return [] }
    if let meant = plain[scalar] { return [meant] }
    let digits: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
    guard let count = digits[scalar] else { return ["\\", scalar] }
    let number = String(source[index...].prefix(count))
    guard let value = UInt32(number, radix: 16), let meant = Unicode.Scalar(value) else {
      throw ModelError("'\\\(scalar)\(number)' is not a character")
    }
    index += count
    return [meant]
  }
}
