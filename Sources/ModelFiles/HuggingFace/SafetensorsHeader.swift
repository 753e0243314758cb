package import Foundation
internal import Tokenization

/// The checked header of a safetensors file: eight bytes of length, then JSON, then the arrays' bytes.
///
/// The bytes are untrusted. Arrays must lie one after another and fill the file, as the format demands; a name that
/// occurs twice in the JSON leaves a gap, for only one of its arrays is seen.
package struct SafetensorsHeader: Sendable {
  /// Arrays in the order of their bytes.
  package let entries: [Entry]
  /// Text by key.
  package let metadata: [String: String]

  /// What the header says of one array.
  package struct Entry: Sendable {
    package let name: String
    /// The format's name of the element type, for example `BF16`.
    package let type: String
    /// Row-major.
    package let shape: [Int]
    /// Within the file.
    package let bytes: Range<Int>
  }

  /// The format's own limit.
  private static let longest = 100_000_000
  private static let metadataKey = "__metadata__"

  /// Reads the header of a file.
  ///
  /// - Throws: a `ModelError` that says what is wrong, but not in which file.
  package init(_ file: Data) throws {
    let json = try file.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      let length = try reader.integer(UInt64.self, "the length of the header")
      guard length <= Self.longest else { throw ModelError("its header claims \(length) bytes.") }
      return try reader.skip(length, "the header")
    }
    let start = file.startIndex
    var table = try UntrustedFile.decode(
      [String: Value].self, from: file[start + json.lowerBound..<start + json.upperBound], name: "the header")
    let texts = table.removeValue(forKey: Self.metadataKey).map(\.texts) ?? [:]
    guard let texts else { throw ModelError("its entry '\(Self.metadataKey)' is malformed.") }
    metadata = texts
    entries = try Self.entries(of: table, end: json.upperBound, size: file.count - json.upperBound)
  }

  /// `size` bytes of arrays stand behind `end`.
  private static func entries(of table: [String: Value], end: Int, size: Int) throws -> [Entry] {
    var position = 0
    // An empty array stands before the one that starts at the same place.
    let ordered = table.sorted {
      ($0.value.start, $0.value.offsets.last ?? 0, $0.key) < ($1.value.start, $1.value.offsets.last ?? 0, $1.key)
    }
    let entries = try ordered.map { name, value in
      let count = try value.byteCount(name)
      guard value.start == position else {
        throw ModelError("the bytes of '\(name)' start at \(value.start) instead of \(position).")
      }
      guard count <= size - position else {
        throw ModelError("its arrays need \(position + count) bytes and it holds \(size).")
      }
      position += count
      return Entry(
        name: name, type: value.type, shape: value.shape, bytes: end + value.start..<end + position)
    }
    guard position == size else { throw ModelError("its arrays need \(position) bytes and it holds \(size).") }
    return entries
  }
}

/// A value of the header: an array, or the texts under the key for metadata.
private struct Value: Decodable {
  var type = ""
  var shape: [Int] = []
  var offsets: [Int] = []
  var texts: [String: String]?

  var start: Int { offsets.first ?? -1 }

  private enum CodingKeys: String, CodingKey {
    case dtype, shape
    case offsets = "dataOffsets"
  }

  init(from decoder: any Decoder) throws {
    // Texts have no list under "shape", and an array is no table of texts.
    if let texts = try? decoder.singleValueContainer().decode([String: String].self) {
      self.texts = texts
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    type = try container.decode(String.self, forKey: .dtype)
    shape = try container.decode([Int].self, forKey: .shape)
    offsets = try container.decode([Int].self, forKey: .offsets)
  }

  /// Bits of an element by type.
  private static let bits: [String: Int] = [
    "BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64, "I64": 64, "F16": 16,
    "BF16": 16, "F32": 32, "F64": 64, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F4": 4, "C64": 64,
  ]

  /// The size of the array, the same by its shape and by its place.
  func byteCount(_ name: String) throws -> Int {
    guard texts == nil else { throw ModelError("its entry '\(name)' is malformed.") }
    guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1] else {
      throw ModelError("the offsets \(offsets) of '\(name)' are impossible.")
    }
    guard var bits = Self.bits[type] else { throw ModelError("'\(name)' is of unknown type '\(type)'.") }
    for extent in shape {
      let (product, overflow) = bits.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { throw ModelError("the shape \(shape) of '\(name)' is impossible.") }
      bits = product
    }
    guard bits % 8 == 0, bits / 8 == offsets[1] - offsets[0] else {
      throw ModelError("'\(name)' needs \(bits / 8) bytes for its shape, and its place has \(offsets[1] - offsets[0]).")
    }
    return bits / 8
  }
}
