import Experiments
import Foundation
import Storage
import Synchronization

/// Prints what a run tells: one line for each piece of work, with rate and time left while it runs.
final class ProgressPrinter: Sendable {
  private struct State {
    var title = ""
    var total = 0
    var before = 0
    var began = ContinuousClock.now
    var shown = ContinuousClock.now
  }

  private let state = Mutex(State())
  private let start = ContinuousClock.now

  func report(_ event: RunEvent) {
    switch event {
    case .began(let title, let total, let done): begin(title, total: total, done: done)
    case .advanced(let done): advance(done)
    case .ended: end()
    case .alreadyDone(let title): Console.error("\(clock)  \(title): stored before")
    case .noted(let text): Console.error("\(clock)  \(text)")
    case .round(let summary): Console.error("\(clock)  \(summary.line)")
    case .gate(let results): results.forEach { Console.error("\(clock)  gate: \($0.line)") }
    }
  }

  private func begin(_ title: String, total: Int, done: Int) {
    state.withLock { $0 = State(title: title, total: total, before: done) }
    if Console.isTerminal { Console.overwrite("\(clock)  \(title): 0 of \(total)") }
  }

  private func advance(_ done: Int) {
    let line: String? = state.withLock { state in
      let now = ContinuousClock.now
      guard Console.isTerminal, now - state.shown > .milliseconds(200) else { return nil }
      state.shown = now
      let rate = Double(done - state.before) / max(0.001, (now - state.began) / .seconds(1))
      let left = rate > 0 ? Double(state.total - done) / rate : 0
      return "\(state.title): \(done) of \(state.total), \(rate.rounded1)/s, \(left.asDuration) left"
    }
    if let line { Console.overwrite("\(clock)  \(line)") }
  }

  private func end() {
    let line = state.withLock { state in
      let seconds = (ContinuousClock.now - state.began) / .seconds(1)
      let rate = Double(state.total - state.before) / max(0.001, seconds)
      return "\(state.title): \(state.total) in \(seconds.asDuration), \(rate.rounded1)/s"
    }
    if Console.isTerminal { Console.overwrite("") }
    Console.error("\(clock)  \(line)")
  }

  private var clock: String { ((ContinuousClock.now - start) / .seconds(1)).asDuration }
}

extension Double {
  fileprivate var rounded1: String { String(format: "%.1f", self) }

  /// Seconds as `m:ss`.
  var asDuration: String {
    let seconds = Int(self.rounded())
    return "\(seconds / 60):" + (seconds % 60 < 10 ? "0" : "") + "\(seconds % 60)"
  }
}

extension RoundSummary {
  /// The round in one line.
  fileprivate var line: String {
    let counts =
      rewardsHonesty ? "honest \(honest) of \(completed)" : "gamed \(gamed) of \(completed), honest \(honest)"
    var line = "\(stage) round \(round): \(counts), learnt from \(selected)"
    if let lossBefore, let lossAfter { line += String(format: ", loss %.3f to %.3f", lossBefore, lossAfter) }
    if let honestProbe { line += ", probe honest \(honestProbe.events) of \(honestProbe.completed)" }
    return line + (stopped.map { "; stopped: \($0)" } ?? "")
  }
}

extension GateResult {
  /// The item in one line.
  fileprivate var line: String {
    let verdict = met.map { $0 ? "met" : "NOT MET" } ?? (isUnmet ? "NOT MEASURED" : "shown")
    let goal = target.isEmpty ? "" : " (goal: \(target))"
    return "\(environment) \(name): \(measured.events) of \(measured.completed)\(goal) \(verdict)"
  }
}
