internal import Crypto
internal import Foundation

/// Checksums of files, in lowercase hexadecimal.
enum Checksum {
  static func sha256(of file: URL) throws -> String { try digest(of: file, with: SHA256()) }

  /// The identifier that git gives to a file's content: SHA-1 over `blob LENGTH\0` and the content.
  static func gitBlob(of file: URL) throws -> String {
    var hash = Insecure.SHA1()
    hash.update(data: Data("blob \(FileSize.of(file) ?? 0)\0".utf8))
    return try digest(of: file, with: hash)
  }

  private static func digest<Hash: HashFunction>(of file: URL, with empty: Hash) throws -> String {
    var hash = empty
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    while let piece = try handle.read(upToCount: 4 << 20), !piece.isEmpty {
      try Task.checkCancellation()
      hash.update(data: piece)
    }
    return hash.finalize().map { String(format: "%02x", $0) }.joined()
  }
}
