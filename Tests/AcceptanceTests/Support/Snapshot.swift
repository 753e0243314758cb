import Foundation
import Testing

/// Compares what a person reads with a file in `Snapshots`. `RECORD_SNAPSHOTS=1` writes the file anew, and fails the test
/// so that a recording is never mistaken for a pass.
func expectSnapshot(_ text: String, _ name: String, at location: SourceLocation = #_sourceLocation) throws {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  let file = folder.appending(path: "Snapshots/\(name).txt")
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    try text.write(to: file, atomically: true, encoding: .utf8)
    Issue.record("Recorded \(name); read it and run again without RECORD_SNAPSHOTS.", sourceLocation: location)
    return
  }
  guard let expected = try? String(contentsOf: file, encoding: .utf8) else {
    Issue.record("There is no snapshot \(name). Record it with RECORD_SNAPSHOTS=1.", sourceLocation: location)
    return
  }
  #expect(
    text == expected, "The snapshot \(name) differs; if that is meant, RECORD_SNAPSHOTS=1.", sourceLocation: location)
}
