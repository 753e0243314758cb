/// A path inside a file tree: the bytes of a relative path, as the kernel sees them.
///
/// Never empty, never absolute, without empty, `.` or `..` components and without a zero byte. Not necessarily UTF-8.
package struct TreePath: Sendable, Hashable, Comparable, CustomStringConvertible {
  package let bytes: [UInt8]

  /// - Throws: `SandboxError.invalidPath` for anything that is not a plain relative path.
  package init(_ bytes: some Sequence<UInt8>) throws {
    self.bytes = Array(bytes)
    let components = self.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isPlain = components.allSatisfy { !$0.isEmpty && $0.count <= 255 && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
    guard isPlain, self.bytes.count <= 4095, !self.bytes.contains(0) else { throw SandboxError.invalidPath(description) }
  }

  package init(_ text: String) throws { try self.init(text.utf8) }

  /// The path as text; bytes that are not UTF-8 and control characters are written as `\xNN`.
  package var description: String { escaped(bytes) }

  /// The path of the directory that holds it; `nil` at the top.
  package var parent: TreePath? {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    return TreePath(unchecked: Array(bytes[..<slash]))
  }

  /// Byte order: a directory comes before what it holds.
  package static func < (left: TreePath, right: TreePath) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }

  private init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}

/// Text for bytes of unknown encoding; everything that is not printable UTF-8 is written as `\xNN`.
func escaped(_ bytes: [UInt8]) -> String {
  let byte: (UInt8) -> String = { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }
  guard let text = String(validating: bytes, as: UTF8.self) else {
    return bytes.map { (0x20..<0x7f).contains($0) ? String(UnicodeScalar($0)) : byte($0) }.joined()
  }
  return text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? byte(UInt8($0.value)) : String($0) }.joined()
}
