internal import Tokenization

/// Reads the head of a GGUF file: counts, metadata and the table of arrays. The format is that of `docs/gguf.md` in the
/// ggml repository, versions 2 and 3.
struct GGUFParser {
  private(set) var metadata: [String: GGUFValue] = [:]
  private(set) var tensors: [String: StoredTensor] = [:]
  private var reader: ByteReader

  /// The format's own limit for a key; names of arrays are far shorter.
  private static let longestKey = 65_535
  private static let longestName = 1_024
  /// Arrays in arrays: the format allows them, no model has them.
  private static let deepest = 4
  private static let mostDimensions = 4

  init(_ bytes: UnsafeRawBufferPointer) throws {
    reader = ByteReader(bytes)
    try checkMagic()
    let tensorCount = try reader.count(ofSize: 8 + 4 + 8 + 4 + 8, "arrays")
    let metadataCount = try reader.count(ofSize: 8 + 4 + 1, "metadata values")
    for _ in 0..<metadataCount { try readMetadata() }
    let entries = try (0..<tensorCount).map { _ in try readEntry() }
    try place(entries)
  }

  private mutating func checkMagic() throws {
    guard reader.remaining >= 4, Array(reader.bytes.prefix(4)) == Array("GGUF".utf8) else {
      throw ModelError("it does not begin with 'GGUF'.")
    }
    _ = try reader.skip(4, "the magic")
    let version = try reader.integer(UInt32.self, "the version")
    guard version & 0xffff != 0 || version == 0 else { throw ModelError("it is big-endian, which is not supported.") }
    guard version == 2 || version == 3 else { throw ModelError("its version is \(version), and 2 or 3 is supported.") }
  }

  private mutating func readMetadata() throws {
    let key = try reader.name(limit: Self.longestKey, "a metadata key")
    let value = try readValue(kind(), of: key)
    guard metadata.updateValue(value, forKey: key) == nil else {
      throw ModelError("the metadata key '\(key)' occurs twice.")
    }
  }

  private mutating func kind() throws -> GGUFValue.Kind {
    let code = try reader.integer(UInt32.self, "a metadata type")
    guard let kind = GGUFValue.Kind(rawValue: code) else {
      throw ModelError("it has metadata of unknown type \(code).")
    }
    return kind
  }

  private mutating func readValue(_ kind: GGUFValue.Kind, of key: String) throws -> GGUFValue {
    let what = "the value of '\(key)'"
    switch kind {
    case .string: return .string(GGUFArray.text(reader.bytes[try reader.skipText(what)]))
    case .array: return .array(try skipArray(of: key, depth: 1))
    default:
      let range = try reader.skip(UInt64(kind.size), what)
      guard let value = GGUFValue(scalar: kind, at: range.lowerBound, in: reader.bytes) else {
        throw ModelError("\(what) is neither true nor false.")
      }
      return value
    }
  }

  private mutating func skipArray(of key: String, depth: Int) throws -> GGUFArray {
    guard depth <= Self.deepest else { throw ModelError("the arrays of '\(key)' are nested too deeply.") }
    let kind = try kind()
    let count = try reader.count(ofSize: kind.size, "values of '\(key)'")
    let start = reader.position
    switch kind {
    case .string: for _ in 0..<count { _ = try reader.skipText("a text of '\(key)'") }
    case .array: for _ in 0..<count { _ = try skipArray(of: key, depth: depth + 1) }
    default: _ = try reader.skip(UInt64(count * kind.size), "the values of '\(key)'")
    }
    return GGUFArray(kind: kind, count: count, bytes: start..<reader.position)
  }

  /// A line of the table of arrays; `offset` counts from the beginning of the arrays' bytes.
  private struct Entry {
    let name: String
    let format: TensorFormat
    let shape: [Int]
    let size: Int
    let offset: UInt64
  }

  private mutating func readEntry() throws -> Entry {
    let name = try reader.name(limit: Self.longestName, "an array's name")
    let dimensions = try reader.integer(UInt32.self, "the dimensions of '\(name)'")
    guard (1...Self.mostDimensions).contains(Int(dimensions)) else {
      throw ModelError("'\(name)' has \(dimensions) dimensions.")
    }
    var shape: [Int] = []
    for _ in 0..<dimensions {
      shape.insert(Int(clamping: try reader.integer(UInt64.self, "the shape of '\(name)'")), at: 0)
    }
    let code = try reader.integer(UInt32.self, "the type of '\(name)'")
    let offset = try reader.integer(UInt64.self, "the offset of '\(name)'")
    guard let format = Int32(exactly: code).flatMap(TensorFormat.init) else {
      let type = Self.otherFormats[code] ?? "the unknown type \(code)"
      throw ModelError("'\(name)' is stored as \(type); supported are \(TensorFormat.supported).")
    }
    guard let size = format.byteCount(shape: shape) else {
      throw ModelError("'\(name)' cannot have the shape \(shape) in \(format.name).")
    }
    return Entry(name: name, format: format, shape: shape, size: size, offset: offset)
  }

  /// Gives every array its place in the file: inside it, aligned, and on no other's.
  private mutating func place(_ entries: [Entry]) throws {
    let alignment = try alignment()
    let unaligned = reader.position % alignment
    let start = reader.position + (unaligned == 0 ? 0 : alignment - unaligned)
    var end = UInt64(0)
    for entry in entries.sorted(by: { ($0.offset, $0.name) < ($1.offset, $1.name) }) {
      guard entry.offset % UInt64(alignment) == 0 else {
        throw ModelError("'\(entry.name)' starts at \(entry.offset), which is not a multiple of \(alignment).")
      }
      guard entry.offset >= end else { throw ModelError("'\(entry.name)' lies on the bytes of another array.") }
      let (last, overflow) = entry.offset.addingReportingOverflow(UInt64(entry.size))
      guard !overflow, start <= reader.bytes.count, last <= UInt64(reader.bytes.count - start) else {
        throw ModelError("'\(entry.name)' ends behind the end of the file; perhaps the file was cut off.")
      }
      end = last
      let bytes = start + Int(entry.offset)..<start + Int(last)
      let tensor = StoredTensor(format: entry.format, shape: entry.shape, bytes: bytes)
      guard tensors.updateValue(tensor, forKey: entry.name) == nil else {
        throw ModelError("the array '\(entry.name)' occurs twice.")
      }
    }
  }

  private func alignment() throws -> Int {
    switch metadata["general.alignment"] {
    case nil: return 32
    case .integer(let alignment) where alignment > 0 && alignment & (alignment - 1) == 0 && alignment <= 1 << 20:
      return alignment
    case let value?: throw ModelError("its alignment \(value) is not a power of two of at most 1048576.")
    }
  }

  /// Formats that exist and are not read here, so that the message can name them.
  private static let otherFormats: [UInt32: String] = [
    9: "Q8_1", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 21: "IQ3_S", 22: "IQ2_S",
    24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 40: "NVFP4",
  ]
}

extension GGUFValue {
  /// A number or truth value whose bytes are known to be there; `nil` for other kinds, and a truth value that is neither.
  init?(scalar kind: Kind, at offset: Int, in bytes: UnsafeRawBufferPointer) {
    func load<T: FixedWidthInteger>(_ type: T.Type) -> T {
      T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
    }
    switch kind {
    case .uint8: self = .integer(Int(load(UInt8.self)))
    case .int8: self = .integer(Int(load(Int8.self)))
    case .uint16: self = .integer(Int(load(UInt16.self)))
    case .int16: self = .integer(Int(load(Int16.self)))
    case .uint32: self = .integer(Int(load(UInt32.self)))
    case .int32: self = .integer(Int(load(Int32.self)))
    case .int64: self = .integer(Int(load(Int64.self)))
    case .uint64:
      let value = load(UInt64.self)
      self = Int(exactly: value).map(GGUFValue.integer) ?? .large(value)
    case .float32: self = .float(Double(Float(bitPattern: load(UInt32.self))))
    case .float64: self = .float(Double(bitPattern: load(UInt64.self)))
    case .bool where load(UInt8.self) <= 1: self = .bool(load(UInt8.self) == 1)
    case .bool, .string, .array: return nil
    }
  }
}

extension GGUFArray {
  /// Text of untrusted bytes; what is not UTF-8 becomes U+FFFD.
  static func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String { String(decoding: bytes, as: UTF8.self) }
}
