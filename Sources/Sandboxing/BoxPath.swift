/// An absolute path in a box: the bytes that the kernel has for it, which need not be UTF-8.
package struct BoxPath: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }
  package init(_ text: String) { bytes = Array(text.utf8) }
  package init(stringLiteral value: String) { self.init(value) }

  /// The top of every box.
  package static let root: BoxPath = "/"

  /// The path as text; control characters, and everything where the bytes are not UTF-8, are written as `\xNN`.
  package var description: String { escaped(bytes) }

  /// Whether a box can be asked to start there. A directory that does not exist is replaced by one above it.
  var isValid: Bool { bytes.first == UInt8(ascii: "/") && bytes.count < 4096 && !bytes.contains(0) }
}
