internal import CModelFiles

/// How a file stores the numbers of a weight. The raw value is that of `ggml_type` in ggml.h.
package enum TensorFormat: Int32, Sendable, CaseIterable {
  case f32 = 0
  case f16 = 1
  case q4_0 = 2
  case q4_1 = 3
  case q5_0 = 6
  case q5_1 = 7
  case q8_0 = 8
  case q2_K = 10
  case q3_K = 11
  case q4_K = 12
  case q5_K = 13
  case q6_K = 14
  case iq4_NL = 20
  case iq4_XS = 23
  case bf16 = 30
  case mxfp4 = 39

  /// As GGUF's tools write it, for example `Q4_K`.
  package var name: String {
    switch self {
    case .f32: "F32"
    case .f16: "F16"
    case .bf16: "BF16"
    case .q4_0: "Q4_0"
    case .q4_1: "Q4_1"
    case .q5_0: "Q5_0"
    case .q5_1: "Q5_1"
    case .q8_0: "Q8_0"
    case .q2_K: "Q2_K"
    case .q3_K: "Q3_K"
    case .q4_K: "Q4_K"
    case .q5_K: "Q5_K"
    case .q6_K: "Q6_K"
    case .iq4_NL: "IQ4_NL"
    case .iq4_XS: "IQ4_XS"
    case .mxfp4: "MXFP4"
    }
  }

  /// Numbers in a block; blocks run along a row.
  package var blockSize: Int {
    switch self {
    case .f32, .f16, .bf16: 1
    case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .iq4_NL, .mxfp4: 32
    case .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .iq4_XS: 256
    }
  }

  /// Bytes of a block.
  package var blockBytes: Int {
    switch self {
    case .f32: 4
    case .f16, .bf16: 2
    case .mxfp4: 17
    case .q4_0, .iq4_NL: 18
    case .q4_1: 20
    case .q5_0: 22
    case .q5_1: 24
    case .q8_0: 34
    case .q2_K: 84
    case .q3_K: 110
    case .iq4_XS: 136
    case .q4_K: 144
    case .q5_K: 176
    case .q6_K: 210
    }
  }

  /// Numbers that share a scale; `nil` for plain numbers.
  package var scaleSize: Int? {
    switch self {
    case .f32, .f16, .bf16: nil
    case .q2_K, .q3_K, .q6_K: 16
    case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q4_K, .q5_K, .iq4_NL, .iq4_XS, .mxfp4: 32
    }
  }

  /// A value is scale * number - offset rather than scale * number.
  package var hasOffsets: Bool {
    switch self {
    case .q4_1, .q5_1, .q2_K, .q4_K, .q5_K: true
    default: false
    }
  }

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
