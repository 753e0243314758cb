internal import Foundation
internal import Glibc

/// Runs Python's own tools: pip fetches as the person has set it up (index, proxies, certificates).
struct Python: Sendable {
  let environment: [String: String]

  /// How a program ended.
  struct Outcome: Sendable {
    var status: Int32
    /// What it wrote to standard error.
    var complaints: String

    /// The last words about what went wrong, for a message.
    var lastWords: String {
      let lines = complaints.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
      let errors = lines.filter { $0.hasPrefix("ERROR") }
      return (errors.isEmpty ? lines.suffix(2) : errors.suffix(2)).joined(separator: " ")
    }
  }

  /// Runs `python3` to its end in a folder; temporary files go there as well.
  ///
  /// - Parameter output: the file that standard output is appended to.
  /// - Throws: `CancellationError` when the task is cancelled; the program is killed then.
  func run(_ arguments: [String], in folder: URL, appendingTo output: URL? = nil) async throws -> Outcome {
    try Task.checkCancellation()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.currentDirectoryURL = folder
    process.environment = environment.merging(["TMPDIR": folder.path]) { $1 }
    process.standardInput = FileHandle.nullDevice
    // A file, not a pipe: a pipe that nobody drains would stop the program.
    let complaints = folder.appending(path: "complaints")
    try DiskSpace.inWords(at: folder) { try Data().write(to: complaints) }
    process.standardError = try FileHandle(forWritingTo: complaints)
    process.standardOutput = try output.map(Self.appending) ?? FileHandle.nullDevice
    try await untilEnd(process)
    try Task.checkCancellation()
    return Outcome(
      status: process.terminationStatus, complaints: (try? String(contentsOf: complaints, encoding: .utf8)) ?? "")
  }

  private func untilEnd(_ process: Process) async throws {
    let identifier = ProcessIdentifier()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        process.terminationHandler = { _ in
          identifier.forget()
          continuation.resume()
        }
        do {
          try process.run()
          identifier.remember(process.processIdentifier)
        } catch {
          continuation.resume(throwing: HubError("python3 cannot be started: \(error.localizedDescription)"))
        }
      }
    } onCancel: {
      identifier.kill()
    }
  }

  private static func appending(_ file: URL) throws -> FileHandle {
    let handle = try DiskSpace.inWords(at: file) {
      if !FileManager.default.fileExists(atPath: file.path) { try Data().write(to: file) }
      return try FileHandle(forWritingTo: file)
    }
    try handle.seekToEnd()
    return handle
  }
}
