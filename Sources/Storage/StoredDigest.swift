import Crypto
import Foundation

/// SHA-256 as the store writes it.
enum StoredDigest {
  static func hexadecimal(of text: String) -> String { hexadecimal(SHA256.hash(data: Data(text.utf8))) }

  static func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
