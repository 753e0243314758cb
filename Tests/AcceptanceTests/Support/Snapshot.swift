import Foundation
import Testing

/// Compares what a person reads with a file. `RECORD_SNAPSHOTS=1` writes the file anew, and fails the test so that a
/// recording is never mistaken for a pass.
func expectSnapshot(_ text: String, _ file: URL, at location: SourceLocation = #_sourceLocation) throws {
  let name = file.lastPathComponent
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    try text.write(to: file, atomically: true, encoding: .utf8)
    Issue.record("Recorded \(name); read it and run again without RECORD_SNAPSHOTS.", sourceLocation: location)
    return
  }
  let expected = try String(contentsOf: file, encoding: .utf8)
  let (lines, known) = (text.components(separatedBy: "\n"), expected.components(separatedBy: "\n"))
  let at = zip(lines, known).first { $0 != $1 }.map { "“\($0)” instead of “\($1)”" } ?? "its length"
  #expect(text == expected, "\(name) differs at \(at); if that is meant, RECORD_SNAPSHOTS=1.", sourceLocation: location)
}
