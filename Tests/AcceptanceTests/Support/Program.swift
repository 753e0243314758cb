import Foundation
import Testing

/// The built command line, run from outside like a person runs it, in a scratch folder of its own.
final class Program: Sendable {
  /// What one run gave.
  struct Result: Sendable {
    /// Exit status; 128 + signal number when a signal ended it.
    var status: Int32
    var output: String
    var error: String
    var seconds: Double
  }

  /// The working directory of every run; removed when the test ends.
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "subterfuge-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The program lies beside the executable of the tests.
  static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "subterfuge")

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - killAfter: seconds after which a signal is sent to it; `nil` waits for the end.
  ///   - signal: SIGKILL ends it as a crash or a power cut would.
  ///   - wrapper: a command that is given the program and its arguments as its last arguments.
  /// - Throws: `TimedOut` when it has not ended by itself after `timeout` seconds.
  func run(
    _ arguments: [String], killAfter: Double? = nil, signal: Int32 = SIGKILL, timeout: Double = 600,
    through wrapper: [String] = []
  ) async throws -> Result {
    let start = ContinuousClock.now
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = wrapper + [Self.executable.path] + arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: a pipe that nobody drains would stop the program.
    let (output, error) = try (capture("output"), capture("error"))
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: error)
    let timer = Task.detached {
      if let killAfter {
        try await Task.sleep(for: .seconds(killAfter))
        kill(process.processIdentifier, signal)
      }
      try await Task.sleep(for: .seconds(timeout))
      kill(process.processIdentifier, SIGKILL)
    }
    try await Self.untilEnd(process)
    timer.cancel()
    let wasKilled = process.terminationReason == .uncaughtSignal
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if wasKilled, seconds >= timeout { throw TimedOut(arguments: arguments, seconds: timeout) }
    return Result(
      status: process.terminationStatus + (wasKilled ? 128 : 0),
      output: try String(contentsOf: output, encoding: .utf8),
      error: try String(contentsOf: error, encoding: .utf8), seconds: seconds)
  }

  func run(_ arguments: String...) async throws -> Result { try await run(arguments) }

  /// Starts the program and goes on.
  ///
  /// - Parameter wrapper: a command that is given the program and its arguments as its last arguments.
  func start(_ arguments: [String], through wrapper: [String] = []) throws -> Background {
    try Background(wrapper + [Self.executable.path] + arguments, in: folder)
  }

  /// Runs the statements of a file in `Fixtures` on a store in the folder, behind the program's back; makes the store if it is
  /// not there.
  func execute(_ fixture: String, on store: String) throws {
    let statements = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/\(fixture)")
    let script = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(open(sys.argv[2]).read())"
    let process = try Process.run(
      URL(filePath: "/usr/bin/env"),
      arguments: ["python3", "-c", script, folder.appending(path: store).path, statements.path])
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  /// Writes a file into the folder.
  func write(_ text: String, to name: String) throws {
    try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
  }

  private func capture(_ name: String) throws -> URL {
    let file = folder.appending(path: "\(name)-\(UUID().uuidString)")
    try Data().write(to: file)
    return file
  }

  private static func untilEnd(_ process: Process) async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in continuation.resume() }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
  }
}

/// The program did not end in time.
struct TimedOut: Error, CustomStringConvertible {
  var arguments: [String]
  var seconds: Double

  var description: String { "'subterfuge \(arguments.joined(separator: " "))' had not ended after \(seconds) s." }
}
