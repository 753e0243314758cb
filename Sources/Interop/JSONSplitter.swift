/// Cuts a JSON file whose value is one object into its members, and one long array among them into its elements, so that a
/// log of any size takes the memory of its largest sample.
struct JSONSplitter {
  enum Part {
    case member(String, [UInt8])
    /// An element of the array that is cut.
    case element([UInt8])
  }

  private enum Place { case start, members, elements, end }

  private let arrayName: String
  private let limit: Int
  private let nextPiece: () throws -> [UInt8]
  private var piece: [UInt8] = []
  private var position = 0
  /// Bytes of the file before `piece`.
  private var passed = 0
  private var place = Place.start
  private var isFirst = true

  /// - Parameters:
  ///   - arrayName: the member whose elements are handed out one by one.
  ///   - limit: the most bytes of one part.
  init(cutting arrayName: String, limit: Int, nextPiece: @escaping () throws -> [UInt8]) {
    self.arrayName = arrayName
    self.limit = limit
    self.nextPiece = nextPiece
  }

  /// The next part; `nil` at the end.
  ///
  /// - Throws: `SampleComplaint` naming the byte; whatever `nextPiece` throws.
  mutating func next() throws -> Part? {
    switch place {
    case .start:
      if try peek() == 0xEF { position = min(piece.count, 3) }
      try expect("{")
      place = .members
      return try next()
    case .members: return try nextMember()
    case .elements:
      if try isOver("]") {
        (place, isFirst) = (.members, false)
        return try next()
      }
      return .element(try value())
    case .end: return nil
    }
  }

  private mutating func nextMember() throws -> Part? {
    if try isOver("}") {
      place = .end
      if try peek() != nil { throw complaint("more follows the value") }
      return nil
    }
    guard try peek() == UInt8(ascii: "\"") else { throw complaint("a member's name is missing") }
    guard case .string(let name) = try JSONCursor.value(value()) else { throw complaint("a member's name is missing") }
    try expect(":")
    if try name == arrayName && peek() == UInt8(ascii: "[") {
      position += 1
      (place, isFirst) = (.elements, true)
      return try next()
    }
    return .member(name, try value())
  }

  /// Whether the container ends here; otherwise the comma before its next part is taken.
  private mutating func isOver(_ mark: Unicode.Scalar) throws -> Bool {
    if try peek() == UInt8(ascii: mark) {
      position += 1
      return true
    }
    if !isFirst { try expect(",") }
    isFirst = false
    return false
  }

  private mutating func expect(_ mark: Unicode.Scalar) throws {
    guard try peek() == UInt8(ascii: mark) else { throw complaint("'\(mark)' is missing") }
    position += 1
  }

  private func complaint(_ words: String) -> SampleComplaint {
    SampleComplaint("it is not JSON at byte \(passed + position): \(words)")
  }

  /// The next byte that is not white space, which stays unread.
  private mutating func peek() throws -> UInt8? {
    while true {
      while position < piece.count {
        switch piece[position] {
        case 0x20, 0x09, 0x0A, 0x0D: position += 1
        case let byte: return byte
        }
      }
      guard try refill() else { return nil }
    }
  }

  private mutating func refill() throws -> Bool {
    passed += piece.count
    (piece, position) = (try nextPiece(), 0)
    return !piece.isEmpty
  }

  /// The bytes of the next value. Only its end is looked for; whoever reads the value checks it.
  private mutating func value() throws -> [UInt8] {
    guard try peek() != nil else { throw complaint("the text ends where a value belongs") }
    var (bytes, end) = ([UInt8](), ValueEnd())
    while true {
      let start = position
      while position < piece.count, !end.isBefore(piece[position]) { position += 1 }
      bytes += piece[start..<position]
      if bytes.count > limit { throw SampleComplaint("a part of it is longer than \(limit >> 20) MiB") }
      if position < piece.count { return bytes }
      guard try refill() else { throw complaint("the text ends inside a value") }
    }
  }
}

/// Finds where a value ends, byte by byte.
private struct ValueEnd {
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  private var isDone = false
  private var isStarted = false

  /// Whether the value ended before this byte, which is not yet of it.
  mutating func isBefore(_ byte: UInt8) -> Bool {
    if isDone { return true }
    if isInString {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
        isDone = depth == 0
      }
      return false
    }
    switch byte {
    case UInt8(ascii: "\""): isInString = true
    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      if depth == 0 { return true }
      depth -= 1
      isDone = depth == 0
    case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D: if depth == 0 && isStarted { return true }
    default: break
    }
    isStarted = true
    return false
  }
}
