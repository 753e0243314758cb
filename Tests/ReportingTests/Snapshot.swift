import Foundation
import Testing

/// Compares a text with the one in `Snapshots/`. `RECORD_SNAPSHOTS=1` rewrites it; a first recording fails, so that a
/// person looks at it.
func expectSnapshot(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots/\(name)")
  let known = FileManager.default.fileExists(atPath: file.path)
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil || !known {
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    if !known { Issue.record("\(name) was recorded for the first time: look at it", sourceLocation: sourceLocation) }
  }
  let stored = try String(contentsOf: file, encoding: .utf8)
  let at = zip(text.split(separator: "\n"), stored.split(separator: "\n")).first { $0 != $1 }
  #expect(
    text == stored, "\(name) differs at: \(at.map { "“\($0.0)” instead of “\($0.1)”" } ?? "its length")",
    sourceLocation: sourceLocation)
}
