import Crypto
import Foundation

/// SHA-256 as the store writes it.
enum StoredDigest {
  static func hexadecimal(of text: String) -> String { hexadecimal(SHA256.hash(data: Data(text.utf8))) }

  static func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
