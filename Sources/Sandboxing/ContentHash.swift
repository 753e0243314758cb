import Crypto

/// A SHA-256 hash: the identity of a file tree, or of a computation on one.
package struct ContentHash: Sendable, Hashable, CustomStringConvertible {
  package let bytes: [UInt8]

  init(of content: [UInt8]) { bytes = Array(SHA256.hash(data: content)) }

  /// The hash of several texts and hashes; their borders count.
  package init(of parts: [[UInt8]]) {
    var hash = SHA256()
    for part in parts {
      withUnsafeBytes(of: part.count) { hash.update(bufferPointer: $0) }
      hash.update(data: part)
    }
    bytes = Array(hash.finalize())
  }

  package var description: String { hexadecimal(bytes) }

  /// A number that is spread evenly over hashes.
  var number: UInt64 { bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) } }
}

/// Two digits a byte.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
