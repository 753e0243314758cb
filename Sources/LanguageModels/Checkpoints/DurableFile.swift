internal import Digests
package import Foundation
internal import Tokenization

extension Data {
  /// Writes to a temporary name beside `file`, syncs, renames, and syncs the folder: after a crash at any moment the file
  /// is the old one or the new one, never a part.
  ///
  /// - Throws: a `ModelError` that names the file and the system's reason.
  package func writeDurably(to file: URL) throws {
    let folder = file.deletingLastPathComponent()
    let process = ProcessInfo.processInfo.processIdentifier
    let temporary = folder.appendingPathComponent(".\(file.lastPathComponent).\(process)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try write(to: temporary)
      try Self.sync(temporary)
      guard rename(temporary.path, file.path) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
      try Self.sync(folder)
    } catch {
      // What is left of a failed write is of no use; the error that is thrown is the one that matters.
      unlink(temporary.path)
      throw ModelError(
        "Cannot write '\(file.path)': \(error.localizedDescription) Nothing that was there has changed. Mend that, then "
          + "run the same command again.")
    }
  }

  private static func sync(_ file: URL) throws {
    let descriptor = open(file.path, O_RDONLY)
    guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
  }

  /// SHA-256 in hexadecimal.
  package var sha256: String { Digest.hexadecimalSHA256(self) }
}
