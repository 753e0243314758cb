internal import CModelFiles

/// How a file stores the numbers of a weight. The raw value is that of `ggml_type` in ggml.h.
package enum TensorFormat: Int32, Sendable, CaseIterable {
  case f32 = 0
  case f16 = 1
  case q4_0 = 2
  case q5_0 = 6
  case q8_0 = 8
  case q4_K = 12
  case q5_K = 13
  case q6_K = 14
  case bf16 = 30

  /// As GGUF's tools write it, for example `Q4_K`.
  package var name: String {
    switch self {
    case .q4_0: "Q4_0"
    case .q5_0: "Q5_0"
    case .q8_0: "Q8_0"
    case .q4_K: "Q4_K"
    case .q5_K: "Q5_K"
    case .q6_K: "Q6_K"
    case .f32: "F32"
    case .f16: "F16"
    case .bf16: "BF16"
    }
  }

  /// Numbers in a block; blocks run along a row.
  package var blockSize: Int {
    switch self {
    case .f32, .f16, .bf16: 1
    case .q4_0, .q5_0, .q8_0: 32
    case .q4_K, .q5_K, .q6_K: 256
    }
  }

  /// Bytes of a block.
  package var blockBytes: Int {
    switch self {
    case .f32: 4
    case .f16, .bf16: 2
    case .q4_0: 18
    case .q5_0: 22
    case .q8_0: 34
    case .q4_K: 144
    case .q5_K: 176
    case .q6_K: 210
    }
  }

  /// Numbers that share a scale; `nil` for plain numbers.
  package var scaleSize: Int? {
    switch self {
    case .f32, .f16, .bf16: nil
    case .q6_K: 16
    case .q4_0, .q5_0, .q8_0, .q4_K, .q5_K: 32
    }
  }

  /// A value is scale * number - offset rather than scale * number.
  package var hasOffsets: Bool { self == .q4_K || self == .q5_K }

  /// The names of all, for messages.
  static var supported: String { allCases.map(\.name).joined(separator: ", ") }

  /// The bytes of an array; `nil` when its rows are not whole blocks, an extent is not positive or the number overflows.
  func byteCount(shape: [Int]) -> Int? {
    guard let row = shape.last, row % blockSize == 0 else { return nil }
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow else { return nil }
      count = product
    }
    let (bytes, overflow) = (count / blockSize).multipliedReportingOverflow(by: blockBytes)
    // Its values must be countable in bytes too.
    return overflow || count > Int.max / 8 ? nil : bytes
  }
}
