internal import Digests
import Foundation

/// SHA-256 digests in the form that the store writes.
enum StoredDigest {
  static func hexadecimal(of text: String) -> String { Digest.hexadecimal(Digest.sha256(Data(text.utf8))) }
}
