internal import Digests

/// A SHA-256 hash: the identity of a file tree, or of a computation on one.
package struct ContentHash: Sendable, Hashable, CustomStringConvertible {
  package let bytes: [UInt8]

  init(of content: [UInt8]) { bytes = Digest.sha256(content) }

  /// The hash of several texts and hashes; their borders count.
  package init(of parts: [[UInt8]]) {
    let hash = Digest()
    for part in parts {
      withUnsafeBytes(of: part.count) { hash.update($0) }
      hash.update(part)
    }
    bytes = hash.finish()
  }

  package var description: String { Digest.hexadecimal(bytes) }

  /// A number that is spread evenly over hashes.
  var number: UInt64 { bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) } }
}
