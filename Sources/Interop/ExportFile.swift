package import Foundation

/// A file that appears under its name only when it is whole. Until then it has another name in the same folder.
package final class ExportFile {
  private static let bufferSize = 1 << 20

  private let target: URL
  private let partial: URL
  private let handle: FileHandle
  private var buffer: [UInt8] = []
  private var isFinished = false

  /// - Throws: `ExportError` if the file exists or cannot be written.
  package init(_ target: URL) throws {
    self.target = target
    partial = target.deletingLastPathComponent()
      .appending(path: ".\(target.lastPathComponent.prefix(100)).\(UUID().uuidString).partial")
    if FileManager.default.fileExists(atPath: target.path) {
      throw ExportError("\(target.path) exists already. Remove it, or give another --output.")
    }
    guard FileManager.default.createFile(atPath: partial.path, contents: nil),
      let handle = FileHandle(forWritingAtPath: partial.path)
    else {
      throw ExportError("\(target.path) cannot be written. Check that its folder exists and may be written to.")
    }
    self.handle = handle
  }

  /// - Throws: `ExportError` if the disk takes no more.
  package func write(_ bytes: some Collection<UInt8>) throws {
    buffer += bytes
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Gives the file its name.
  ///
  /// - Throws: `ExportError` if the disk takes no more, or if a file of this name has appeared.
  package func finish() throws {
    try flush()
    do {
      try handle.close()
      try FileManager.default.moveItem(at: partial, to: target)
    } catch { throw failure(error) }
    isFinished = true
  }

  private func flush() throws {
    do { try handle.write(contentsOf: buffer) } catch { throw failure(error) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func failure(_ error: any Error) -> ExportError {
    ExportError("\(target.path) cannot be written: \(error.localizedDescription)")
  }

  deinit {
    if isFinished { return }
    try? handle.close()
    try? FileManager.default.removeItem(at: partial)
  }
}
