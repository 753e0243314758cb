internal import COpenSSL
package import Foundation

/// A hash of bytes that come piece by piece, by OpenSSL.
package final class Digest {
  /// The functions that are used: SHA-256, and SHA-1 where git names a file's content by it.
  package enum Function: Sendable { case sha256, sha1 }

  private let context = EVP_MD_CTX_new()

  package init(_ function: Function = .sha256) {
    let isReady = EVP_DigestInit_ex(context, function == .sha256 ? EVP_sha256() : EVP_sha1(), nil) == 1
    precondition(isReady, "OpenSSL has no memory, or was built without this function")
  }

  deinit { EVP_MD_CTX_free(context) }

  package func update(_ bytes: UnsafeRawBufferPointer) {
    let isDone = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
    precondition(isDone, "the digest was finished before")
  }

  package func update(_ bytes: some ContiguousBytes) { bytes.withUnsafeBytes { update($0) } }

  /// The hash: 32 bytes of SHA-256, 20 of SHA-1. Nothing may follow.
  package func finish() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    let isDone = EVP_DigestFinal_ex(context, &bytes, &count) == 1
    precondition(isDone, "the digest was finished before")
    return Array(bytes.prefix(Int(count)))
  }

  /// SHA-256 of bytes that are there already.
  package static func sha256(_ bytes: some ContiguousBytes) -> [UInt8] {
    let digest = Digest()
    digest.update(bytes)
    return digest.finish()
  }

  /// SHA-256 in hexadecimal digits.
  package static func hexadecimalSHA256(_ bytes: some ContiguousBytes) -> String { hexadecimal(sha256(bytes)) }

  /// The keyed hash HMAC-SHA256 (RFC 2104), 32 bytes.
  package static func authenticationCode(of message: Data, key: [UInt8]) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    let made = message.withUnsafeBytes {
      HMAC(EVP_sha256(), key, Int32(key.count), $0.bindMemory(to: UInt8.self).baseAddress, $0.count, &code, &count)
    }
    precondition(made != nil, "OpenSSL has no memory")
    return Array(code.prefix(Int(count)))
  }

  /// Two lowercase digits a byte.
  package static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
