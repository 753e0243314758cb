/// A file of comma-separated values that is not as RFC 4180 has it.
package struct CSVError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Lines count from 1.
  package var line: Int
  package var complaint: String

  package var description: String { "line \(line): \(complaint)" }
}

/// One record of a file of comma-separated values and the line that it begins on.
package struct CSVRecord: Sendable, Hashable {
  package var line: Int
  package var fields: [String]
}

/// Reads comma-separated values (RFC 4180) record by record from pieces of a file, so that a file of any size takes the
/// memory of one record.
///
/// Fields may be quoted, a quote in them is doubled, and they may hold commas and line ends. Lines end in LF or CRLF; empty lines
/// are passed over; a byte order mark is dropped; bytes that are not UTF-8 are replaced.
package struct CSVReader {
  private let nextPiece: () throws -> [UInt8]
  private let fieldLimit: Int
  private var piece: [UInt8] = []
  private var position = 0
  private var line = 1
  private var isAtStart = true

  /// - Parameters:
  ///   - fieldLimit: the most bytes of one field.
  ///   - nextPiece: gives the next bytes of the file; none at its end.
  package init(fieldLimit: Int = 16 << 20, nextPiece: @escaping () throws -> [UInt8]) {
    self.fieldLimit = fieldLimit
    self.nextPiece = nextPiece
  }

  /// Reads what is in memory already.
  package init(text: String) {
    var rest: [UInt8]? = Array(text.utf8)
    self.init {
      defer { rest = nil }
      return rest ?? []
    }
  }

  /// The next record, or `nil` at the end. After an error the rest of the file has no meaning.
  ///
  /// - Throws: `CSVError`; whatever `nextPiece` throws.
  package mutating func next() throws -> CSVRecord? {
    try skipStart()
    while let byte = try peek(), byte == .lineFeed || byte == .carriageReturn { advance() }
    guard try peek() != nil else { return nil }
    var record = CSVRecord(line: line, fields: [])
    while true {
      record.fields.append(try field())
      guard let byte = try peek() else { return record }
      advance()
      if byte == .comma { continue }
      if byte == .carriageReturn, try peek() == .lineFeed { advance() }
      return record
    }
  }

  private mutating func field() throws -> String {
    var bytes: [UInt8] = []
    if try peek() == .quote {
      try readQuoted(into: &bytes)
    } else {
      while let byte = try peek(), byte != .comma, byte != .lineFeed, byte != .carriageReturn {
        try take(to: { $0 == .comma || $0 == .lineFeed || $0 == .carriageReturn }, into: &bytes)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private mutating func readQuoted(into bytes: inout [UInt8]) throws {
    let start = line
    advance()
    while let byte = try peek() {
      guard byte == .quote else {
        try take(to: { $0 == .quote }, into: &bytes)
        continue
      }
      advance()
      guard let following = try peek() else { return }
      if following == .quote {
        try take(to: { _ in true }, into: &bytes)
      } else if [.comma, .lineFeed, .carriageReturn].contains(following) {
        return
      } else {
        throw CSVError(
          line: line, complaint: "text follows the closing quote of a field; double the quotes inside it")
      }
    }
    throw CSVError(line: start, complaint: "a quoted field is never closed")
  }

  /// Takes the byte that was looked at, and what follows it in the piece up to a byte that ends it.
  private mutating func take(to isEnd: (UInt8) -> Bool, into bytes: inout [UInt8]) throws {
    let (end, lines) = piece.withUnsafeBufferPointer { bytes in
      var (end, lines) = (position, 0)
      repeat {
        if bytes[end] == .lineFeed { lines += 1 }
        end += 1
      } while end < bytes.count && !isEnd(bytes[end])
      return (end, lines)
    }
    guard bytes.count + end - position <= fieldLimit else {
      throw CSVError(line: line, complaint: "a field is longer than \(fieldLimit) bytes")
    }
    bytes += piece[position..<end]
    line += lines
    position = end
  }

  private mutating func peek() throws -> UInt8? {
    if position == piece.count {
      piece = try nextPiece()
      position = 0
      if piece.isEmpty { return nil }
    }
    return piece[position]
  }

  private mutating func advance() {
    if piece[position] == .lineFeed { line += 1 }
    position += 1
  }

  private mutating func skipStart() throws {
    guard isAtStart else { return }
    isAtStart = false
    guard try peek() == 0xEF, piece.count >= 3, piece[1] == 0xBB, piece[2] == 0xBF else { return }
    position = 3
  }
}

extension UInt8 {
  fileprivate static let comma = UInt8(ascii: ",")
  fileprivate static let quote = UInt8(ascii: "\"")
  fileprivate static let lineFeed = UInt8(ascii: "\n")
  fileprivate static let carriageReturn = UInt8(ascii: "\r")
}
