internal import Digests
import Foundation

/// SHA-256 as the store writes it.
enum StoredDigest {
  static func hexadecimal(of text: String) -> String { Digest.hexadecimal(Digest.sha256(Data(text.utf8))) }
}
