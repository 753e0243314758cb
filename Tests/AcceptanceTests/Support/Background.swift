import Foundation

/// A program that goes on while the test looks at it.
final class Background: Sendable {
  private let process: Process
  private let output: URL

  /// - Parameter arguments: a command line; the first is the program's path.
  init(_ arguments: [String], in folder: URL) throws {
    output = folder.appending(path: "background-\(UUID().uuidString)")
    try Data().write(to: output)
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    // One handle for both: each of two would write at its own place.
    let handle = try FileHandle(forWritingTo: output)
    (process.standardOutput, process.standardError) = (handle, handle)
    try process.run()
  }

  deinit { kill() }

  var identifier: Int32 { process.processIdentifier }

  var isRunning: Bool { process.isRunning }

  /// Everything that it has printed.
  var text: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }

  /// Ends it as a crash would, and waits for the end.
  func kill() {
    if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  /// Waits for the end; its exit status.
  func end() async throws -> Int32 {
    while process.isRunning { try await Task.sleep(for: .milliseconds(50)) }
    return process.terminationStatus
  }
}
