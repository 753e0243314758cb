internal import Tokenization

/// Walks through the little-endian bytes of an untrusted file; nothing is read before it is known to be there.
struct ByteReader {
  let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var remaining: Int { bytes.count - position }

  /// Steps over `count` bytes and says where they are.
  mutating func skip(_ count: UInt64, _ what: @autoclosure () -> String) throws -> Range<Int> {
    guard count <= UInt64(remaining) else {
      throw ModelError("\(what()) needs \(count) bytes at \(position), and \(remaining) are left.")
    }
    defer { position += Int(count) }
    return position..<position + Int(count)
  }

  mutating func integer<T: FixedWidthInteger>(_ type: T.Type, _ what: @autoclosure () -> String) throws -> T {
    let range = try skip(UInt64(MemoryLayout<T>.size), what())
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: type))
  }

  /// A number of things that take at least `size` bytes each: more than can be left is refused before any is read.
  mutating func count(ofSize size: Int, _ what: @autoclosure () -> String) throws -> Int {
    let count = try integer(UInt64.self, what())
    guard count <= UInt64(remaining / max(1, size)) else {
      throw ModelError("it claims \(count) \(what()), and \(remaining) bytes are left.")
    }
    return Int(count)
  }

  /// Eight bytes of length and as many of text.
  mutating func skipText(_ what: @autoclosure () -> String) throws -> Range<Int> {
    let length = try integer(UInt64.self, what())
    return try skip(length, what())
  }

  /// A name: UTF-8 of at most `limit` bytes.
  mutating func name(limit: Int, _ what: @autoclosure () -> String) throws -> String {
    let range = try skipText(what())
    guard range.count <= limit, let text = String(validating: bytes[range], as: UTF8.self) else {
      throw ModelError("\(what()) at \(range.lowerBound) is not UTF-8 of at most \(limit) bytes.")
    }
    return text
  }
}
