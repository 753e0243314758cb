import Foundation

/// How far a run has got, from its log.
struct RunProgress: Sendable, Equatable {
  enum State: String { case running, stopped, finished, unknown }

  var state: State
  var step: Int?
  var steps: Int?
  /// How much of the work is done, in per cent.
  var percent: Int?
  /// What the last line of the log is about.
  var doing: String?
  /// Seconds until the end at the speed since the process began; `nil` where nothing tells.
  var secondsLeft: Double?
  /// Lines that report trouble, newest last.
  var complaints: [String] = []

  /// How much of the end of a log is read, in bytes.
  private static let readAtMost: UInt64 = 256 << 10

  /// - Parameters:
  ///   - isFinished: whether everything that the run was started for is done.
  ///   - isWorkedOn: whether a process holds the run's lock.
  init(log: URL, isFinished: Bool, isWorkedOn: Bool) {
    self.init(lines: Self.lastLines(of: log), isFinished: isFinished, isWorkedOn: isWorkedOn)
  }

  init(lines: [Substring], isFinished: Bool, isWorkedOn: Bool) {
    state = isFinished ? .finished : isWorkedOn ? .running : lines.isEmpty ? .unknown : .stopped
    let start = lines.lastIndex { $0.contains("  Run '") } ?? lines.startIndex
    complaints = lines[start...].filter { $0.contains("NOT MET") || $0.contains("; stopped:") || $0.contains("rror") }
      .suffix(3).map(String.init)
    let session = lines[start...].compactMap(LogStep.init)
    // A process that ended before its first step leaves what the one before it reached.
    guard let last = session.last ?? lines.lazy.reversed().compactMap(LogStep.init).first else { return }
    (step, steps, percent, doing) = (last.step, last.steps, last.percent, last.text)
    guard let first = session.first else { return }
    let work = Double(last.percent - first.percent)
    guard state == .running, work > 0 else { return }
    secondsLeft = last.time.timeIntervalSince(first.time) / work * Double(100 - last.percent)
  }

  private static func lastLines(of log: URL) -> [Substring] {
    guard let handle = try? FileHandle(forReadingFrom: log), let end = try? handle.seekToEnd() else { return [] }
    defer { try? handle.close() }
    let start = end > readAtMost ? end - readAtMost : 0
    guard (try? handle.seek(toOffset: start)) != nil, let data = try? handle.readToEnd() else { return [] }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    return Array(start > 0 ? lines.dropFirst() : lines[...])
  }
}

/// A line of the log about a step: `2026-11-30T04:49:42Z  0:05  step 2 of 82 (1 %)  start: evaluate flattery: 256 in 0:04`.
private struct LogStep {
  var time: Date
  var step: Int
  var steps: Int
  var percent: Int
  var text: String

  init?(_ line: Substring) {
    guard let found = line.wholeMatch(of: /(\S+Z)  \S+  step (\d+) of (\d+) \((\d+) %\)  (.*)/),
      let time = try? Date(String(found.1), strategy: .iso8601), let step = Int(found.2), let steps = Int(found.3),
      let percent = Int(found.4)
    else { return nil }
    (self.time, self.step, self.steps, self.percent, text) = (time, step, steps, percent, String(found.5))
  }
}
