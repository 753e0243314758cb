import Foundation

@testable import ModelHub

/// The built command line in a process of its own, with a cache and a server of the test.
final class FetchProcess: Sendable {
  private let process = Process()
  private let folder: URL

  /// Starts `subterfuge models` with further arguments.
  init(_ arguments: [String], _ scratch: Scratch, endpoint: String = "http://127.0.0.1:1") throws {
    folder = scratch.folder.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "subterfuge")
    process.arguments = ["models"] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging([
      "SUBTERFUGE_MODELS": scratch.cache.root.path, "HF_ENDPOINT": endpoint, "PIP_NO_INDEX": "1",
    ]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try capture("output")
    process.standardError = try capture("error")
    try process.run()
  }

  /// What it has written to standard output.
  var output: String { text("output") }
  /// What it has written to standard error.
  var error: String { text("error") }

  /// Waits for the end.
  ///
  /// - Returns: The exit status; 128 + signal number when a signal ended it.
  func status() async throws -> Int32 {
    while process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
    return process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  private func capture(_ name: String) throws -> FileHandle {
    let file = folder.appending(path: name)
    try Data().write(to: file)
    return try FileHandle(forWritingTo: file)
  }

  private func text(_ name: String) -> String {
    (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
  }
}
