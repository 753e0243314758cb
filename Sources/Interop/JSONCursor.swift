import Foundation

/// Reads JSON text from a stranger value by value, so that what is not needed is skipped without becoming a tree.
///
/// As Python's reader does, it takes `NaN` and `Infinity`, and the last of two members with one name. Half a surrogate pair
/// becomes U+FFFD. Nesting is bounded.
struct JSONCursor {
  /// Containers inside one another. Inspect itself writes at most 254.
  static let depthLimit = 300

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Reads text that is one value.
  ///
  /// - Throws: `SampleComplaint` naming the byte.
  static func value(_ bytes: [UInt8]) throws(SampleComplaint) -> OrderedJSON {
    var cursor = JSONCursor(bytes)
    let value = try cursor.value()
    try cursor.finish()
    return value
  }

  /// Checks that nothing follows.
  mutating func finish() throws(SampleComplaint) {
    if next() != nil { throw complaint("more follows the value") }
  }

  /// Calls `body` with the name of every member of an object. The body reads or skips the value.
  mutating func members(_ body: (String, inout JSONCursor) throws(SampleComplaint) -> Void) throws(SampleComplaint) {
    try enter("{", "an object")
    defer { depth -= 1 }
    if take("}") { return }
    repeat {
      guard next() == UInt8(ascii: "\"") else { throw complaint("a member's name is missing") }
      let name = try string()
      guard take(":") else { throw complaint("':' is missing") }
      try body(name, &self)
    } while take(",")
    guard take("}") else { throw complaint("',' or '}' is missing") }
  }

  /// Calls `body` for every element of an array. The body reads or skips the element.
  mutating func elements(_ body: (inout JSONCursor) throws(SampleComplaint) -> Void) throws(SampleComplaint) {
    try enter("[", "an array")
    defer { depth -= 1 }
    if take("]") { return }
    repeat { try body(&self) } while take(",")
    guard take("]") else { throw complaint("',' or ']' is missing") }
  }

  /// Whether the next value is an object.
  mutating func isObject() -> Bool { next() == UInt8(ascii: "{") }

  /// Reads the next value.
  mutating func value() throws(SampleComplaint) -> OrderedJSON {
    switch next() {
    case UInt8(ascii: "{"):
      var members: [OrderedJSON.Member] = []
      try self.members { (name, cursor) throws(SampleComplaint) in
        members.append(OrderedJSON.Member(key: name, value: try cursor.value()))
      }
      return .members(members)
    case UInt8(ascii: "["):
      var values: [OrderedJSON] = []
      try elements { (cursor) throws(SampleComplaint) in values.append(try cursor.value()) }
      return .array(values)
    case UInt8(ascii: "\""): return .string(try string())
    default: return try scalar()
    }
  }

  /// Skips the next value, and checks only that it is well formed where it has to be read to find its end.
  mutating func skip() throws(SampleComplaint) {
    switch next() {
    case UInt8(ascii: "{"): try members { (_, cursor) throws(SampleComplaint) in try cursor.skip() }
    case UInt8(ascii: "["): try elements { (cursor) throws(SampleComplaint) in try cursor.skip() }
    case UInt8(ascii: "\""): _ = try stringEnd()
    default: _ = try scalar()
    }
  }

  private func complaint(_ words: String) -> SampleComplaint {
    SampleComplaint("it is not JSON at byte \(position): \(words)")
  }

  /// The next byte that is not white space, which stays unread.
  private mutating func next() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      case let byte: return byte
      }
    }
    return nil
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard let byte = next(), byte == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  private mutating func enter(_ mark: Unicode.Scalar, _ what: String) throws(SampleComplaint) {
    guard take(mark) else { throw complaint("\(what) is missing") }
    guard depth < Self.depthLimit else { throw complaint("it is nested deeper than \(Self.depthLimit)") }
    depth += 1
  }

  private static let words: [(String, OrderedJSON)] = [
    ("null", .null), ("true", .bool(true)), ("false", .bool(false)), ("NaN", .number(.nan)),
    ("Infinity", .number(.infinity)), ("-Infinity", .number(-.infinity)),
  ]

  private mutating func scalar() throws(SampleComplaint) -> OrderedJSON {
    guard let first = next() else { throw complaint("the text ends where a value belongs") }
    for (word, value) in Self.words where word.utf8.first == first && bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    let end = bytes[position...].firstIndex { !Self.isOfNumber($0) } ?? bytes.count
    let text = String(decoding: bytes[position..<min(end, position + 400)], as: UTF8.self)
    let number = Int(text).map(OrderedJSON.integer) ?? Double(text).map(OrderedJSON.number)
    guard end > position, end - position < 400, first != UInt8(ascii: "+"), let number else {
      throw complaint("a value is missing")
    }
    position = end
    return number
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}

// Strings, which are most of a log.
extension JSONCursor {
  /// Moves behind the string that begins here.
  ///
  /// - Returns: the bytes between its quotes, and whether there is a backslash among them.
  private mutating func stringEnd() throws(SampleComplaint) -> (inside: Range<Int>, isEscaped: Bool) {
    let start = position + 1
    var (place, isEscaped) = (start, false)
    var end = bytes.firstByte(UInt8(ascii: "\""), from: start)
    while let quote = end {
      guard let backslash = bytes.firstByte(UInt8(ascii: "\\"), from: place, to: quote) else {
        position = quote + 1
        return (start..<quote, isEscaped)
      }
      (place, isEscaped) = (backslash + 2, true)
      // The quote is looked for again only when it was escaped, so that many escapes cost no more than one.
      if place > quote { end = bytes.firstByte(UInt8(ascii: "\""), from: place) }
    }
    throw complaint("a string has no end")
  }

  fileprivate mutating func string() throws(SampleComplaint) -> String {
    let (inside, isEscaped) = try stringEnd()
    if !isEscaped { return String(decoding: bytes[inside], as: UTF8.self) }
    var text: [UInt8] = []
    text.reserveCapacity(inside.count)
    var place = inside.lowerBound
    while let backslash = bytes.firstByte(UInt8(ascii: "\\"), from: place, to: inside.upperBound) {
      text += bytes[place..<backslash]
      place = try unescape(at: backslash + 1, before: inside.upperBound, to: &text)
    }
    text += bytes[place..<inside.upperBound]
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends what an escape stands for.
  ///
  /// - Returns: the place behind the escape.
  private func unescape(at place: Int, before end: Int, to text: inout [UInt8]) throws(SampleComplaint) -> Int {
    switch bytes[place] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(bytes[place])
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      let first = try unit(at: place + 1, before: end)
      guard 0xD800..<0xDC00 ~= first, place + 6 < end, bytes[place + 5] == UInt8(ascii: "\\"),
        bytes[place + 6] == UInt8(ascii: "u")
      else {
        text += String(Unicode.Scalar(first) ?? "\u{FFFD}").utf8
        return place + 5
      }
      let second = try unit(at: place + 7, before: end)
      guard 0xDC00..<0xE000 ~= second else {
        text += "\u{FFFD}".utf8
        return place + 5
      }
      let scalar = Unicode.Scalar(0x1_0000 + (first - 0xD800) << 10 + (second - 0xDC00))
      text += String(scalar ?? "\u{FFFD}").utf8
      return place + 11
    default: throw complaint("an unknown escape in a string before it")
    }
    return place + 1
  }

  private func unit(at place: Int, before end: Int) throws(SampleComplaint) -> UInt32 {
    guard place + 4 <= end, let unit = UInt32(String(decoding: bytes[place..<(place + 4)], as: UTF8.self), radix: 16)
    else { throw complaint("an escape without four digits in a string before it") }
    return unit
  }
}

extension [UInt8] {
  /// The place of the first such byte in a part of the array.
  func firstByte(_ byte: UInt8, from start: Int, to end: Int? = nil) -> Int? {
    let end = end ?? count
    guard start < end else { return nil }
    return withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, let found = memchr(base + start, Int32(byte), end - start) else {
        return nil
      }
      return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
  }
}

extension OrderedJSON {
  /// A member of an object that is not null; the last where a name is doubled.
  subscript(key: String) -> OrderedJSON? {
    guard case .members(let members) = self, let value = members.last(where: { $0.key == key })?.value, value != .null
    else { return nil }
    return value
  }

  var string: String? { if case .string(let text) = self { text } else { nil } }
  var array: [OrderedJSON]? { if case .array(let values) = self { values } else { nil } }
  var object: [Member]? { if case .members(let members) = self { members } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// A number that may be infinite or NaN.
  var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .single(let value): Double(value)
    case .string("inf"): .infinity
    case .string("-inf"): -.infinity
    case .string("nan"): .nan
    default: nil
    }
  }

  var int: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }
}
