import Experiments
import Foundation

/// The log file of a run: `log.txt` in its folder, to which every process that works on the run appends.
final class RunLog {
  private let file: URL
  private var handle: FileHandle?

  init(_ folder: RunFolder) { file = folder.log }

  /// Appends a line with the time in UTC. Lines before the run's folder exists are not kept.
  func append(_ line: String) {
    guard let handle = handle ?? open() else { return }
    self.handle = handle
    // A full disk ends the run where it stores episodes, and not here.
    try? handle.write(contentsOf: Data("\(Date.now.ISO8601Format())  \(line)\n".utf8))
  }

  private func open() -> FileHandle? {
    guard FileManager.default.fileExists(atPath: file.deletingLastPathComponent().path) else { return nil }
    if !FileManager.default.fileExists(atPath: file.path) {
      _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    }
    let handle = try? FileHandle(forWritingTo: file)
    _ = try? handle?.seekToEnd()
    return handle
  }
}
