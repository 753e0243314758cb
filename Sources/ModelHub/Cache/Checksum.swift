internal import Digests
internal import Foundation

/// Checksums of files, in lowercase hexadecimal.
enum Checksum {
  static func sha256(of file: URL) throws -> String { try hexadecimal(of: file, Digest()) }

  /// The identifier that git gives to a file's content: SHA-1 over `blob LENGTH\0` and the content.
  static func gitBlob(of file: URL) throws -> String {
    let digest = Digest(.sha1)
    digest.update(Data("blob \(FileSize.of(file) ?? 0)\0".utf8))
    return try hexadecimal(of: file, digest)
  }

  private static func hexadecimal(of file: URL, _ digest: Digest) throws -> String {
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    while let piece = try handle.read(upToCount: 4 << 20), !piece.isEmpty {
      try Task.checkCancellation()
      digest.update(piece)
    }
    return Digest.hexadecimal(digest.finish())
  }
}
