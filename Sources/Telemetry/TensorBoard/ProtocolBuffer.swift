import Foundation

/// A protocol-buffer message, written field by field: each has its number and its kind before the value.
struct ProtocolBuffer {
  private(set) var bytes = Data()

  mutating func add(_ field: UInt64, _ value: Double) {
    key(field, kind: 1)
    bytes.append(littleEndian: value.bitPattern)
  }

  mutating func add(_ field: UInt64, _ value: Float) {
    key(field, kind: 5)
    bytes.append(littleEndian: value.bitPattern)
  }

  /// A number of kind `int64` or `enum`.
  mutating func add(_ field: UInt64, _ value: Int) {
    key(field, kind: 0)
    append(UInt64(bitPattern: Int64(value)))
  }

  mutating func add(_ field: UInt64, _ text: String) { add(field, Data(text.utf8)) }

  mutating func add(_ field: UInt64, _ message: ProtocolBuffer) { add(field, message.bytes) }

  private mutating func add(_ field: UInt64, _ data: Data) {
    key(field, kind: 2)
    append(UInt64(data.count))
    bytes += data
  }

  private mutating func key(_ field: UInt64, kind: UInt64) { append(field << 3 | kind) }

  /// Seven bits a byte, lowest first; the top bit says that more follow.
  private mutating func append(_ number: UInt64) {
    var rest = number
    while rest > 0x7f {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

extension Data {
  mutating func append(littleEndian number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
