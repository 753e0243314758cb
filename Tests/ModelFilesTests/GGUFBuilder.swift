import Foundation
import ModelFiles

/// Writes GGUF files that the Python package would refuse to write.
struct GGUFBuilder {
  struct Tensor {
    var name: String
    var type: UInt32
    var dimensions: [UInt64]
    var offset: UInt64?
    var bytes: [UInt8]

    /// `shape` is row-major, as in `StoredTensor`.
    init(_ name: String, _ format: TensorFormat, _ shape: [Int], _ bytes: [UInt8], offset: UInt64? = nil) {
      (self.name, type, self.bytes, self.offset) = (name, UInt32(format.rawValue), bytes, offset)
      dimensions = shape.reversed().map { UInt64($0) }
    }
  }

  var magic = Array("GGUF".utf8)
  var version: UInt32 = 3
  /// Key, type and bytes of each value.
  var metadata: [(key: String, type: UInt32, bytes: [UInt8])] = []
  var tensors: [Tensor] = []
  var metadataCount: UInt64?
  var tensorCount: UInt64?

  func file() throws -> GGUFFile { try GGUFFile(data: data, name: "test.gguf") }

  var data: Data {
    var bytes = magic + version.littleEndianBytes
    bytes += (tensorCount ?? UInt64(tensors.count)).littleEndianBytes
    bytes += (metadataCount ?? UInt64(metadata.count)).littleEndianBytes
    for value in metadata { bytes += Self.text(value.key) + value.type.littleEndianBytes + value.bytes }
    var body: [UInt8] = []
    for tensor in tensors {
      bytes += Self.text(tensor.name) + UInt32(tensor.dimensions.count).littleEndianBytes
      bytes += tensor.dimensions.flatMap(\.littleEndianBytes) + tensor.type.littleEndianBytes
      bytes += (tensor.offset ?? UInt64(body.count)).littleEndianBytes
      body += tensor.bytes
      body += Array(repeating: 0, count: (32 - body.count % 32) % 32)
    }
    bytes += Array(repeating: 0, count: (32 - bytes.count % 32) % 32)
    return Data(bytes + body)
  }

  static func text(_ text: String) -> [UInt8] { UInt64(text.utf8.count).littleEndianBytes + Array(text.utf8) }
}

extension FixedWidthInteger {
  var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
