internal import Foundation
internal import Glibc

/// A file that is written piece by piece at its end.
struct GrowingFile: ~Copyable {
  private let descriptor: Int32
  private let url: URL
  private(set) var bytes: Int64

  /// Opens the file, cut to a length it has reached before.
  init(_ url: URL, keeping bytes: Int64) throws {
    self.url = url
    self.bytes = bytes
    descriptor = open(url.path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0o644)
    guard descriptor >= 0 else { throw Self.failure(at: url) }
    if let longer = FileSize.of(url), longer != bytes, ftruncate(descriptor, off_t(bytes)) != 0 {
      throw Self.failure(at: url)
    }
  }

  deinit { close(descriptor) }

  /// Writes all of the bytes.
  ///
  /// - Throws: `HubError`; a full disk is named as such.
  mutating func append(_ piece: UnsafeRawBufferPointer) throws {
    var rest = piece
    while let start = rest.baseAddress, !rest.isEmpty {
      let written = write(descriptor, start, rest.count)
      guard written > 0 else {
        if written < 0, errno == EINTR { continue }
        throw Self.failure(at: url)
      }
      bytes += Int64(written)
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// Waits until the disk has the bytes: a name must not outlive its content when the power goes.
  func synchronize() throws {
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw Self.failure(at: url) }
  }

  private static func failure(at url: URL) -> HubError {
    let folder = url.deletingLastPathComponent()
    if errno == ENOSPC || errno == EDQUOT { return DiskSpace.full(at: folder) }
    return HubError("Cannot write \(url.path): \(String(cString: strerror(errno))).")
  }
}
