package import Foundation
internal import Tokenization

/// A safetensors file, mapped into memory: eight bytes of length, a JSON header, then the arrays' bytes.
///
/// The file is untrusted: the header is checked wholly (sizes, types, places that neither overlap nor leave gaps) before
/// any array is read. A file that another process shortens while it is mapped is out of scope.
package struct SafetensorsFile: Sendable {
  /// For messages.
  package let name: String
  /// Text by key.
  package let metadata: [String: String]
  /// The whole file.
  package let data: Data
  private let entries: [String: Entry]

  /// The format's own limit for the header.
  private static let longestHeader = 100_000_000

  /// What the header says of one array. Arrays of whole numbers are no weights: they are checked and left alone.
  private struct Entry {
    let type: String
    let shape: [Int]
    let bytes: Range<Int>
  }

  /// Maps and reads a file.
  package init(contentsOf url: URL) throws {
    try self.init(data: UntrustedFile.mapped(url), name: url.path)
  }

  /// Reads the bytes of a file; `name` is for messages.
  package init(data: Data, name: String) throws {
    do {
      let (header, end) = try Self.header(of: data, name: name)
      metadata = header["__metadata__"]?.texts ?? [:]
      entries = try Self.entries(of: header.filter { $0.key != "__metadata__" }, end: end, size: data.count)
    } catch let error as ModelError {
      throw ModelError("'\(name)' is not a valid safetensors file: \(error.description)")
    }
    (self.data, self.name) = (data, name)
  }

  /// The names of the arrays.
  package var names: some Collection<String> { entries.keys }

  /// Where an array is kept; `nil` when there is none of this name.
  ///
  /// - Throws: a `ModelError` when it is not stored as F32, F16 or BF16, or it is empty.
  package func tensor(_ name: String) throws -> StoredTensor? {
    guard let entry = entries[name] else { return nil }
    let formats: [String: TensorFormat] = ["F32": .f32, "F16": .f16, "BF16": .bf16]
    guard let format = formats[entry.type] else {
      throw ModelError("'\(name)' in '\(self.name)' is stored as \(entry.type); supported are F32, F16, BF16.")
    }
    guard format.byteCount(shape: entry.shape) == entry.bytes.count else {
      throw ModelError("'\(name)' in '\(self.name)' cannot have the shape \(entry.shape).")
    }
    return StoredTensor(format: format, shape: entry.shape, bytes: entry.bytes)
  }

  private static func header(of data: Data, name: String) throws -> (header: [String: HeaderValue], end: Int) {
    let range = try data.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      let length = try reader.integer(UInt64.self, "the length of the header")
      guard length <= longestHeader else { throw ModelError("its header claims \(length) bytes.") }
      return try reader.skip(length, "the header")
    }
    let json = data[data.startIndex + range.lowerBound..<data.startIndex + range.upperBound]
    return (try UntrustedFile.decode([String: HeaderValue].self, from: json, name: "header"), range.upperBound)
  }

  /// Checks that the arrays lie one after another and fill the file, as the format demands. A name that occurs twice in
  /// the JSON leaves a gap, for only one of its arrays is seen.
  private static func entries(of header: [String: HeaderValue], end: Int, size: Int) throws -> [String: Entry] {
    var entries: [String: Entry] = [:]
    var position = 0
    for (name, value) in header.sorted(by: { ($0.value.start, $0.key) < ($1.value.start, $1.key) }) {
      guard let type = value.type, let shape = value.shape, let offsets = value.offsets, offsets.count == 2 else {
        throw ModelError("its entry '\(name)' is malformed.")
      }
      guard offsets[0] == position, offsets[1] >= position, offsets[1] <= size - end else {
        throw ModelError("'\(name)' lies at \(offsets), outside the file or not behind the array before it.")
      }
      guard let bits = bits[type] else { throw ModelError("'\(name)' is of unknown type '\(type)'.") }
      try checkSize(of: name, bits: bits, shape: shape, bytes: offsets[1] - offsets[0])
      position = offsets[1]
      entries[name] = Entry(type: type, shape: shape, bytes: end + offsets[0]..<end + offsets[1])
    }
    guard position == size - end else {
      throw ModelError("its arrays need \(position) bytes and it holds \(size - end).")
    }
    return entries
  }

  private static func checkSize(of name: String, bits: Int, shape: [Int], bytes: Int) throws {
    var needed = bits
    for extent in shape {
      let (product, overflow) = needed.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { throw ModelError("'\(name)' cannot have the shape \(shape).") }
      needed = product
    }
    guard needed % 8 == 0, needed / 8 == bytes else {
      throw ModelError("'\(name)' needs \(needed / 8) bytes for its shape, and its place has \(bytes).")
    }
  }

  /// Bits of an element by type.
  private static let bits: [String: Int] = [
    "BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64, "I64": 64, "F16": 16,
    "BF16": 16, "F32": 32, "F64": 64, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F4": 4, "C64": 64,
  ]
}

/// A value of the header: an array, or the texts under `__metadata__`.
private struct HeaderValue: Decodable {
  var type: String?
  var shape: [Int]?
  var offsets: [Int]?
  var texts: [String: String]?

  var start: Int { offsets?.first ?? -1 }

  private enum CodingKeys: String, CodingKey {
    case dtype, shape
    case offsets = "dataOffsets"
  }

  init(from decoder: any Decoder) throws {
    // Texts have no array under "shape", and arrays are no table of texts.
    if let texts = try? decoder.singleValueContainer().decode([String: String].self) {
      self.texts = texts
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    type = try container.decode(String.self, forKey: .dtype)
    shape = try container.decode([Int].self, forKey: .shape)
    offsets = try container.decode([Int].self, forKey: .offsets)
  }
}
