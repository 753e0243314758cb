import Foundation

/// A file that only grows: made whole under a temporary name, then appended to. Each append is one write of the system, so
/// that a process that dies leaves at most one incomplete record, at the end.
final class AppendedFile {
  let url: URL
  private let handle: FileHandle

  /// Makes the file with `content`, in the place of one that is there.
  ///
  /// - Throws: `TelemetryError`.
  init(replacing url: URL, with content: Data) throws {
    self.url = url
    handle = try TelemetryError.naming(url) {
      let folder = url.deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try content.write(to: url, options: .atomic)
      let handle = try FileHandle(forWritingTo: url)
      try handle.seekToEnd()
      return handle
    }
  }

  deinit { try? handle.close() }

  /// - Throws: `TelemetryError`.
  func append(_ data: Data) throws {
    try TelemetryError.naming(url) { try handle.write(contentsOf: data) }
  }
}
