import Foundation

/// A file that is written piece by piece under a temporary name and appears under its own when it is complete.
struct PageFile {
  private let handle: FileHandle

  /// Writes a file; nothing is left behind when `body` throws.
  ///
  /// - Throws: an error of the file system, or that of `body`.
  static func write(to file: URL, _ body: (PageFile) throws -> Void) throws {
    let part = file.appendingPathExtension("part")
    try Data().write(to: part)
    do {
      let handle = try FileHandle(forWritingTo: part)
      try body(PageFile(handle: handle))
      try handle.close()
      // `rename` replaces a file of that name in one step; `moveItem` refuses to.
      guard rename(part.path, file.path) == 0 else {
        throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: file.path])
      }
    } catch {
      try? FileManager.default.removeItem(at: part)
      throw error
    }
  }

  func append(_ markup: Markup) throws { try handle.write(contentsOf: Data(markup.html.utf8)) }
}
