/// The content of a file that is mostly zeros: its size, and the blocks that hold anything else.
///
/// Whether a file has this form depends on its bytes alone, not on how they were written, so equal files are equal values.
package struct SparseContent: Sendable, Hashable {
  /// A block that is not all zeros.
  package struct Block: Sendable, Hashable {
    /// Counted from 0 at the file's start.
    package let number: UInt64
    /// 4096 bytes; past the end of the file they are zero.
    package let bytes: [UInt8]
  }

  package let size: UInt64
  /// In the order of their numbers.
  package let blocks: [Block]

  static let blockBytes = 4096
  /// Blocks of zeros from which on a file has this form.
  static let fewestHoles = 16

  init(size: UInt64, blocks: [Block]) {
    self.size = size
    self.blocks = blocks
  }

  /// `nil` where a file has too few blocks of zeros.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= Self.blockBytes * Self.fewestHoles else { return nil }
    var blocks: [Block] = []
    var all = 0
    for (number, start) in stride(from: 0, to: bytes.count, by: Self.blockBytes).enumerated() {
      all += 1
      let block = bytes[start..<min(start + Self.blockBytes, bytes.count)]
      guard block.contains(where: { $0 != 0 }) else { continue }
      let padding = [UInt8](repeating: 0, count: Self.blockBytes - block.count)
      blocks.append(Block(number: UInt64(number), bytes: block + padding))
    }
    guard all - blocks.count >= Self.fewestHoles else { return nil }
    self.init(size: UInt64(bytes.count), blocks: blocks)
  }

  /// The whole content.
  package var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(size))
    for block in blocks {
      let start = Int(block.number) * Self.blockBytes
      let end = min(start + Self.blockBytes, bytes.count)
      bytes.replaceSubrange(start..<end, with: block.bytes[..<(end - start)])
    }
    return bytes
  }
}
