internal import Foundation

/// The checked header of a safetensors file: eight bytes of length, then JSON, then the arrays' bytes.
struct SafetensorsHeader {
  /// Arrays in the order of their bytes.
  let entries: [(name: String, entry: Entry)]
  let metadata: [String: String]
  /// Where the arrays' bytes begin in the file.
  let end: Int

  /// The format's own limit for the header.
  static let largestHeader = 100_000_000

  init(data: Data) throws {
    guard data.count >= 8 else { throw MLXError("it has \(data.count) bytes, less than the length field.") }
    let length = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= Self.largestHeader, Int(length) <= data.count - 8 else {
      throw MLXError("its header claims \(length) bytes, and the file has \(data.count).")
    }
    end = 8 + Int(length)
    let table = try Self.decode(data[data.startIndex + 8..<data.startIndex + end])
    metadata = table.compactMap { $0.value.metadata }.first ?? [:]
    entries = table.compactMap { name, value in value.entry.map { (name, $0) } }
      .sorted { ($0.entry.offsets.lowerBound, $0.name) < ($1.entry.offsets.lowerBound, $1.name) }
    try checkCoverage(of: data.count - end)
  }

  private static func decode(_ json: Data) throws -> [String: Value] {
    do {
      let table = try JSONDecoder().decode([String: Value].self, from: json)
      for (name, value) in table where (name == "__metadata__") != (value.entry == nil) {
        throw MLXError("its entry '\(name)' is malformed.")
      }
      return table
    } catch let error as DecodingError {
      throw MLXError("its header cannot be read: \(error.debugSummary)")
    }
  }

  /// Arrays must lie one after another and fill the file, as the format demands.
  private func checkCoverage(of bytes: Int) throws {
    var position = 0
    for (name, entry) in entries {
      guard entry.offsets.lowerBound == position else {
        throw MLXError("the bytes of '\(name)' start at \(entry.offsets.lowerBound) instead of \(position).")
      }
      position = entry.offsets.upperBound
    }
    guard position == bytes else { throw MLXError("its arrays need \(position) bytes and it holds \(bytes).") }
  }

  /// What the header says about one array.
  struct Entry: Codable {
    let dtype: DType
    let shape: [Int]
    /// Bytes, counted from the end of the header.
    let offsets: Range<Int>

    func range(after end: Int) -> Range<Int> { offsets.lowerBound + end..<offsets.upperBound + end }

    init(dtype: DType, shape: [Int], offsets: Range<Int>) throws {
      (self.dtype, self.shape, self.offsets) = (dtype, shape, offsets)
      var bytes = dtype.size
      for extent in shape {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
        guard extent >= 0, !overflow else { throw MLXError("a shape \(shape) is impossible.") }
        bytes = product
      }
      guard bytes == offsets.count else {
        throw MLXError("shape \(shape) of \(dtype) needs \(bytes) bytes, and the header gives \(offsets.count).")
      }
    }

    private enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      let code = try container.decode(String.self, forKey: .dtype)
      guard let dtype = DType(safetensors: code) else { throw MLXError("the element type '\(code)' is not supported.") }
      let bounds = try container.decode([Int].self, forKey: .offsets)
      guard bounds.count == 2, 0 <= bounds[0], bounds[0] <= bounds[1] else {
        throw MLXError("the offsets \(bounds) are impossible.")
      }
      try self.init(
        dtype: dtype, shape: container.decode([Int].self, forKey: .shape), offsets: bounds[0]..<bounds[1])
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(dtype.safetensorsCode, forKey: .dtype)
      try container.encode(shape, forKey: .shape)
      try container.encode([offsets.lowerBound, offsets.upperBound], forKey: .offsets)
    }
  }

  /// A value of the header's JSON object: an array, or the metadata.
  enum Value: Codable {
    case entry(Entry)
    case metadata([String: String])

    var entry: Entry? { if case .entry(let entry) = self { entry } else { nil } }
    var metadata: [String: String]? { if case .metadata(let table) = self { table } else { nil } }

    init(from decoder: any Decoder) throws {
      if let table = try? decoder.singleValueContainer().decode([String: String].self) {
        self = .metadata(table)
      } else {
        self = .entry(try Entry(from: decoder))
      }
    }

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .entry(let entry): try entry.encode(to: encoder)
      case .metadata(let table): try table.encode(to: encoder)
      }
    }
  }
}

extension DType {
  private static let safetensorsCodes: [String: DType] = [
    "BOOL": .bool, "U8": .uint8, "U16": .uint16, "U32": .uint32, "U64": .uint64, "I8": .int8, "I16": .int16,
    "I32": .int32, "I64": .int64, "F16": .float16, "F32": .float32, "F64": .float64, "BF16": .bfloat16,
  ]

  init?(safetensors code: String) {
    guard let dtype = Self.safetensorsCodes[code] else { return nil }
    self = dtype
  }

  /// The format's name of this type; there is none for complex numbers.
  fileprivate var safetensorsCode: String {
    get throws {
      guard let code = Self.safetensorsCodes.first(where: { $0.value == self })?.key else {
        throw MLXError("Arrays of \(self) cannot be saved as safetensors.")
      }
      return code
    }
  }
}

extension DecodingError {
  fileprivate var debugSummary: String {
    switch self {
    case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
      .valueNotFound(_, let context):
      context.debugDescription
    @unknown default: "\(self)"
    }
  }
}
