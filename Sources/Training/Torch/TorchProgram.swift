internal import Foundation
internal import Tokenization

/// Runs the torch program on a request folder and reads what it says of each step.
struct TorchProgram {
  let settings: TorchSettings

  /// A line of the program's standard output.
  private struct Line: Decodable {
    let step: Int
    let steps: Int
    let metrics: [String: Double]
  }

  /// Runs the request to its end; one that is finished already returns at once.
  ///
  /// - Parameters:
  ///   - folder: holds `request.json` and `batch.safetensors`.
  ///   - progress: is told each step, and the metrics of it.
  /// - Throws: a `ModelError` with the program's own sentence; `CancellationError`, after the program has ended.
  func run(_ folder: URL, progress: (_ step: Int, _ steps: Int, _ metrics: [String: Double]) -> Void) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      settings.launch.split(separator: " ").map(String.init)
      + [URL(fileURLWithPath: settings.program).path, folder.path]
    process.standardInput = FileHandle.nullDevice
    let (output, complaints) = (folder.appending(path: "output.txt"), folder.appending(path: "complaints.txt"))
    // Files, not pipes: nobody has to drain them.
    for file in [output, complaints] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: complaints)
    do { try hearingSignals { try process.run() } } catch {
      throw ModelError("'\(settings.launch)' cannot be started: \(error.localizedDescription)")
    }
    var reader = LineReader(try FileHandle(forReadingFrom: output))
    func tell() {
      for line in reader.lines() {
        if let line = try? JSONDecoder().decode(Line.self, from: line) { progress(line.step, line.steps, line.metrics) }
      }
    }
    while process.isRunning {
      if Task.isCancelled { process.terminate() }
      tell()
      Thread.sleep(forTimeInterval: 0.05)
    }
    process.waitUntilExit()
    tell()
    try Task.checkCancellation()
    guard process.terminationStatus == 0 else { throw ModelError(reason(folder, complaints)) }
  }

  /// Runs `start` with no signal blocked. The threads of tasks block most of them, and a program that is started there would
  /// never hear that it should end.
  private func hearingSignals(_ start: () throws -> Void) throws {
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_UNBLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try start()
  }

  private func reason(_ folder: URL, _ complaints: URL) -> String {
    let place = "The trainer '\(settings.launch) \(settings.program)' ended without a result"
    if let own = try? String(contentsOf: folder.appending(path: "error.txt"), encoding: .utf8), !own.isEmpty {
      return "\(place): \(own.trimmingCharacters(in: .whitespacesAndNewlines))"
    }
    let lines = ((try? String(contentsOf: complaints, encoding: .utf8)) ?? "").split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let last = lines.last { $0.contains("Error") } ?? lines.last ?? "it said nothing"
    return "\(place): \(last.prefix(300)). All that it said is in \(complaints.path)."
  }

  /// The whole lines of a file that is being written.
  private struct LineReader {
    private let handle: FileHandle
    private var rest = Data()

    init(_ handle: FileHandle) { self.handle = handle }

    mutating func lines() -> [Data] {
      rest += (try? handle.readToEnd()) ?? Data()
      guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
      let whole = rest[..<end].split(separator: UInt8(ascii: "\n")).map { Data($0) }
      rest = Data(rest[(end + 1)...])
      return whole
    }
  }
}
