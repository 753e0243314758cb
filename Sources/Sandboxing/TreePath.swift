internal import Digests
import Foundation

/// A path inside a file tree: the bytes of a relative path, as the kernel sees them.
///
/// Never empty, never absolute, without empty, `.` or `..` components and without a zero byte. Not necessarily UTF-8.
package struct TreePath: Sendable, CustomStringConvertible {
  package let bytes: [UInt8]

  /// - Throws: `SandboxError.invalidPath` for anything that is not a plain relative path.
  package init(_ bytes: some Sequence<UInt8>) throws {
    self.init(unchecked: Array(bytes))
    let components = self.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isPlain = components.allSatisfy {
      (1...255).contains($0.count) && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
    }
    guard isPlain, self.bytes.count <= 4095, !self.bytes.contains(0) else {
      throw SandboxError.invalidPath(description)
    }
  }

  package init(_ text: String) throws { try self.init(text.utf8) }

  /// For bytes that a kernel gave us.
  init(unchecked bytes: [UInt8]) { self.bytes = bytes }

  /// The path as text; control characters, and everything where the bytes are not UTF-8, are written as `\xNN`.
  package var description: String { escaped(bytes) }

  /// The path of the directory that holds it; `nil` at the top.
  package var parent: TreePath? {
    bytes.lastIndex(of: UInt8(ascii: "/")).map { TreePath(unchecked: Array(bytes[..<$0])) }
  }

  /// The name in that directory.
  var lastComponent: [UInt8] { bytes.reversed().prefix { $0 != UInt8(ascii: "/") }.reversed() }

  /// The path of a name in this directory.
  func appending(_ name: [UInt8]) -> TreePath { TreePath(unchecked: bytes + [UInt8(ascii: "/")] + name) }

  /// The names on the way, outermost first.
  var components: [String] { bytes.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) } }

  var firstComponent: String { String(decoding: bytes.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self) }
}

// By whole memory blocks: paths may be long, and there may be thousands.
extension TreePath: Hashable, Comparable {
  package static func == (left: TreePath, right: TreePath) -> Bool {
    left.bytes.count == right.bytes.count && memcmp(left.bytes, right.bytes, left.bytes.count) == 0
  }

  package func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }

  /// Byte order: a directory comes before what it holds.
  package static func < (left: TreePath, right: TreePath) -> Bool {
    let order = memcmp(left.bytes, right.bytes, min(left.bytes.count, right.bytes.count))
    return order == 0 ? left.bytes.count < right.bytes.count : order < 0
  }
}

/// Text for bytes of unknown encoding: control characters, and in invalid UTF-8 everything beyond ASCII, as `\xNN`.
func escaped(_ bytes: [UInt8]) -> String {
  let byte: (UInt8) -> String = { "\\x" + Digest.hexadecimal([$0]) }
  guard let text = String(validating: bytes, as: UTF8.self) else {
    return bytes.map { (0x20..<0x7f).contains($0) ? String(UnicodeScalar($0)) : byte($0) }.joined()
  }
  return text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? byte(UInt8($0.value)) : String($0) }.joined()
}
