/// A JSON value. Read here rather than by Foundation because a tokenizer's file is 30 MB that nobody vouches for: this
/// takes a fifth of the time, keeps the order and the doubles of names, and bounds the depth.
enum JSON: Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(name: String, value: JSON)])

  /// The deepest nesting that is read.
  static let depth = 64

  /// The value in a file.
  ///
  /// - Throws: a `ModelError` saying at which byte the file is not JSON.
  init(_ bytes: [UInt8]) throws {
    var reader = JSONReader(bytes)
    self = try reader.document()
  }

  /// The member of an object; the first, where a name is doubled; `nil` when there is none or it is null.
  subscript(name: String) -> JSON? {
    guard case .object(let members) = self, let member = members.first(where: { $0.name == name }) else { return nil }
    if case .null = member.value { return nil }
    return member.value
  }

  var string: String? { if case .string(let value) = self { value } else { nil } }
  var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var integer: Int? { if case .number(let value) = self { Int(exactly: value) } else { nil } }
}

/// Reads JSON text.
private struct JSONReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws -> JSON {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    let value = try value(depth: 0)
    guard next() == nil else { throw error("more follows the value") }
    return value
  }

  private func error(_ what: String) -> ModelError { ModelError("not JSON at byte \(position): \(what).") }

  /// The next byte that is no white space, which stays to be read.
  private mutating func next() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      case let byte: return byte
      }
    }
    return nil
  }

  private mutating func value(depth: Int) throws -> JSON {
    guard depth < JSON.depth else { throw error("nested deeper than \(JSON.depth)") }
    switch next() {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw error("the text ends where a value is expected")
    default: return try number()
    }
  }

  private mutating func object(_ depth: Int) throws -> JSON {
    var members: [(name: String, value: JSON)] = []
    position += 1
    if skip("}") { return .object(members) }
    repeat {
      guard next() == UInt8(ascii: "\"") else { throw error("expected a name") }
      let name = try string()
      guard skip(":") else { throw error("expected ':'") }
      members.append((name, try value(depth: depth + 1)))
    } while skip(",")
    guard skip("}") else { throw error("expected ',' or '}'") }
    return .object(members)
  }

  private mutating func array(_ depth: Int) throws -> JSON {
    var values: [JSON] = []
    position += 1
    if skip("]") { return .array(values) }
    repeat { values.append(try value(depth: depth + 1)) } while skip(",")
    guard skip("]") else { throw error("expected ',' or ']'") }
    return .array(values)
  }

  private mutating func skip(_ mark: Unicode.Scalar) -> Bool {
    guard let byte = next(), byte == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws -> JSON {
    let isThere = word.withUTF8Buffer { bytes[position...].starts(with: $0) }
    guard isThere else { throw error("expected a value") }
    position += word.utf8CodeUnitCount
    return value
  }

  private mutating func number() throws -> JSON {
    let end = bytes[position...].firstIndex { !"+-.0123456789eE".utf8.contains($0) } ?? bytes.count
    // A vocabulary holds a number a token, nearly all of them short.
    if end > position, end - position < 16, bytes[position..<end].allSatisfy(\.isASCIIDigit) {
      let value = bytes[position..<end].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
      position = end
      return .number(Double(value))
    }
    guard let value = Double(String(decoding: bytes[position..<end], as: UTF8.self)), value.isFinite else {
      throw error("expected a value")
    }
    position = end
    return .number(value)
  }

  private mutating func string() throws -> String {
    position += 1
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
      position += 1
    }
    guard position < bytes.count else { throw error("a string without an end") }
    if bytes[position] == UInt8(ascii: "\"") {
      position += 1
      return try text(bytes[start..<position - 1])
    }
    return try text(unescaped(from: start)[...])
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw error("a string that is not UTF-8") }
    return text
  }

  /// The bytes of the string that began at `start` and has its first backslash here.
  private mutating func unescaped(from start: Int) throws -> [UInt8] {
    var text = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return text }
      if byte == UInt8(ascii: "\\") { try appendEscape(to: &text) } else { text.append(byte) }
    }
    throw error("a string without an end")
  }

  private mutating func appendEscape(to text: inout [UInt8]) throws {
    guard position < bytes.count else { throw error("a string without an end") }
    let letter = bytes[position]
    position += 1
    if letter == UInt8(ascii: "u") { return text.append(contentsOf: String(try escapedScalar()).utf8) }
    guard let index = Array("\"\\/bfnrt".utf8).firstIndex(of: letter) else { throw error("an unknown escape") }
    text.append([0x22, 0x5C, 0x2F, 0x08, 0x0C, 0x0A, 0x0D, 0x09][index])
  }

  /// The character behind `\u`, its second surrogate included.
  private mutating func escapedScalar() throws -> Unicode.Scalar {
    var value = try hexadecimal()
    if 0xD800..<0xDC00 ~= value, bytes[position...].starts(with: [0x5C, 0x75]) {
      position += 2
      let low = try hexadecimal()
      guard 0xDC00..<0xE000 ~= low else { throw error("half a surrogate pair") }
      value = 0x1_0000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw error("half a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimal() throws -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4,
      digits.allSatisfy({ $0.isASCIIDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0 | 0x20) }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("an escape without four digits") }
    position += 4
    return value
  }
}
