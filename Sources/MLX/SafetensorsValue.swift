/// A value of a safetensors header as it is written: an array, or the metadata. `ModelFiles` reads headers.
enum SafetensorsValue: Encodable {
  /// `offsets` are bytes, counted from the end of the header.
  case array(dtype: DType, shape: [Int], offsets: Range<Int>)
  case metadata([String: String])

  private enum CodingKeys: String, CodingKey {
    case dtype, shape
    case offsets = "data_offsets"
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .array(let dtype, let shape, let offsets):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(dtype.safetensorsCode, forKey: .dtype)
      try container.encode(shape, forKey: .shape)
      try container.encode([offsets.lowerBound, offsets.upperBound], forKey: .offsets)
    case .metadata(let table): try table.encode(to: encoder)
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
