internal import Digests
import Foundation

/// Codes that replace episode numbers, so that a rater learns nothing from them.
///
/// A code reveals neither the order in which episodes were made, nor the checkpoint, nor which episodes another rater
/// received. It is a keyed hash (HMAC-SHA256) of the rater and the episode's number.
///
/// The key comes from data that only the run's store holds, so nobody can make or read codes without the store. Sixteen
/// consonants hold 69 bits: two of a million episodes share a code with probability 1e-9. No spreadsheet takes a code
/// for a number, a date or a formula.
package struct LabelCodes: Sendable {
  private static let alphabet = Array("bcdfghjkmnpqrstvwxyz".utf8)
  private static let length = 16

  private let key: [UInt8]
  private let rater: String

  init(secret: String, rater: String) {
    key = Digest.sha256(Data(secret.utf8))
    self.rater = rater
  }

  /// Returns the code of the episode with this number.
  package func code(of id: Int) -> String {
    let digest = Digest.authenticationCode(of: Data("\(id) \(rater)".utf8), key: key)
    var number = digest.prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    let letters = (0..<Self.length).map { _ in
      defer { number /= UInt128(Self.alphabet.count) }
      return Self.alphabet[Int(number % UInt128(Self.alphabet.count))]
    }
    return String(decoding: letters, as: UTF8.self)
  }
}
