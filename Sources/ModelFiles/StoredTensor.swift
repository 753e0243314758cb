internal import CModelFiles
package import Foundation
internal import Tokenization

/// Where a file keeps an array. Made by the readers, which have checked that `bytes` lies in the file and has the size
/// that shape and format need.
package struct StoredTensor: Sendable, Hashable {
  package let format: TensorFormat
  /// Row-major: the last extent is that of neighbours in the file.
  package let shape: [Int]
  /// Within the file.
  package let bytes: Range<Int>

  /// In which order the rows of a matrix come out.
  package enum RowOrder: Sendable, Hashable {
    case asStored
    /// Rows of each head are stored as rotated pairs (x0 y0 x1 y1 ...), and wanted as halves (x0 x1 ... y0 y1 ...):
    /// what llama.cpp's converter does to the queries and keys of Llama, undone.
    case halvesOfHeads(width: Int)

    /// The stored row that comes out as row `row`.
    func source(of row: Int) -> Int {
      guard case .halvesOfHeads(let width) = self else { return row }
      let (head, place) = row.quotientAndRemainder(dividingBy: width)
      return head * width + (place < width / 2 ? 2 * place : 2 * (place - width / 2) + 1)
    }
  }

  /// Some rows of a matrix; blocks do not reach over the end of a row.
  func rows(_ range: Range<Int>) -> StoredTensor {
    let width = bytes.count / shape[0]
    return StoredTensor(
      format: format, shape: [range.count] + shape.dropFirst(),
      bytes: bytes.lowerBound + range.lowerBound * width..<bytes.lowerBound + range.upperBound * width)
  }

  private var count: Int { shape.reduce(1, *) }
  private var rows: Int { count / (shape.last ?? 1) }

  /// The numbers in float32. `name` is for the error.
  ///
  /// - Throws: a `ModelError` when one is not finite.
  package func values(in file: Data, order: RowOrder = .asStored, name: String) throws -> [Float] {
    let values = try [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      try decode(from: file, order: order, name: name) { source, blocks, place in
        model_file_values(format.rawValue, source, blocks, buffer.baseAddress.unsafelyUnwrapped + place)
      }
      initialized = count
    }
    return values
  }

  /// The numbers in blocks; `nil` for a format without blocks.
  ///
  /// - Throws: a `ModelError` when a scale is not finite.
  package func blocks(in file: Data, order: RowOrder = .asStored, name: String) throws -> EightBitBlocks? {
    guard let size = format.scaleSize else { return nil }
    var numbers = [Int8](repeating: 0, count: count)
    var scales = [Float](repeating: 0, count: count / size)
    var offsets = [Float](repeating: 0, count: format.hasOffsets ? count / size : 0)
    try numbers.withUnsafeMutableBufferPointer { numbers in
      try scales.withUnsafeMutableBufferPointer { scales in
        try offsets.withUnsafeMutableBufferPointer { offsets in
          try decode(from: file, order: order, name: name) { source, blocks, place in
            model_file_blocks(
              format.rawValue, source, blocks, numbers.baseAddress! + place, scales.baseAddress! + place / size,
              offsets.isEmpty ? nil : offsets.baseAddress! + place / size)
          }
        }
      }
    }
    return EightBitBlocks(shape: shape, size: size, numbers: numbers, scales: scales, offsets: offsets)
  }

  /// Calls `body` with the stored bytes, the number of blocks and the place of the first value, for all rows at once or,
  /// where they change places, for each.
  private func decode(
    from file: Data, order: RowOrder, name: String,
    _ body: (_ source: UnsafePointer<UInt8>, _ blocks: Int, _ place: Int) -> Bool
  ) throws {
    let finite = file.withUnsafeBytes { file in
      guard let start = UnsafeRawBufferPointer(rebasing: file[bytes]).bindMemory(to: UInt8.self).baseAddress else {
        return true
      }
      if order == .asStored { return body(start, count / format.blockSize, 0) }
      let row = count / rows
      let blocks = row / format.blockSize
      return (0..<rows).reduce(true) { finite, index in
        body(start + order.source(of: index) * blocks * format.blockBytes, blocks, index * row) && finite
      }
    }
    UntrustedFile.release(file, bytes)
    guard finite else { throw ModelError("The weight '\(name)' holds numbers that are not finite.") }
  }
}
