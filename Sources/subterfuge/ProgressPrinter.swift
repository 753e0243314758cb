import ArgumentParser
import Experiments
import Foundation
import Runs
import Storage
import Synchronization

/// Prints what a run reports, and keeps the same lines in the run's log.
///
/// A terminal shows the current piece of work on one line that is overwritten. Output that is not a terminal gets a line
/// a minute while a piece of work lasts.
final class ProgressPrinter: Sendable {
  private struct State: Sendable {
    var title = ""
    var total = 0
    var before = 0
    var done = 0
    /// What is done of the work that follows.
    var ahead = 0
    var began = ContinuousClock.now
    /// When the terminal's line was last overwritten.
    var shown = ContinuousClock.now
    /// When a line about the piece of work was last kept.
    var kept = ContinuousClock.now
    var isWorking = false
  }

  private let state = Mutex(State())
  private let log: Mutex<RunLog?>
  private let start = ContinuousClock.now
  private let detail: ProgressOptions.Detail
  private let plan: ProgressPlan

  /// - Parameters:
  ///   - folder: the run's folder, in which the log is kept; `nil`: no log.
  ///   - plan: the pieces of work of the whole run.
  init(
    _ detail: ProgressOptions.Detail = .usual, folder: RunFolder? = nil, plan: ProgressPlan = ProgressPlan()
  ) {
    self.detail = detail
    self.plan = plan
    log = Mutex(folder.map(RunLog.init))
    // A thread of its own: training may keep every thread of the concurrency pool busy.
    Thread.detachNewThread { [weak self] in
      while self != nil {
        sleep(1)
        self?.keepProgress()
      }
    }
  }

  func report(_ event: RunEvent) {
    switch event {
    case .began(let title, let total, let done): begin(title, total: total, done: done)
    case .advanced(let done, let ahead): advance(done, ahead: ahead)
    case .ended: end()
    case .alreadyDone(let title): say("\(plan.place(of: title, done: 0))\(title): stored before")
    case .noted(let text): say(text)
    case .round(let summary): (detail == .verbose ? [summary.line] + summary.metricLines : [summary.line]).forEach(say)
    case .gate(let results): results.forEach { say("gate: \($0.line)") }
    }
  }

  /// Prints a line with the time since the start, and keeps it in the log.
  func say(_ text: String) {
    let line = "\(clock)  \(text)"
    log.withLock { $0?.append(line) }
    if detail != .quiet { Console.error(line) }
  }

  /// Does the work, and keeps in the log why it failed, for those who look at the run later. The error is printed where it
  /// ends the program.
  func keepingErrors<Value>(_ work: () async throws -> Value) async throws -> Value {
    do { return try await work() } catch {
      if !(error is CancellationError) {
        let words = Subterfuge.message(for: error).split(whereSeparator: \.isNewline).joined(separator: " ")
        log.withLock { $0?.append("\(clock)  Error: \(words)") }
      }
      throw error
    }
  }

  private func begin(_ title: String, total: Int, done: Int) {
    state.withLock { $0 = State(title: title, total: total, before: done, done: done, isWorking: true) }
    overwrite("\(clock)  \(plan.place(of: title, done: done))\(title): \(done) of \(total)")
  }

  private func advance(_ done: Int, ahead: Int) {
    let isDue = state.withLock { state in
      let now = ContinuousClock.now
      state.done = done
      state.ahead = ahead
      guard now - state.shown > .milliseconds(200) else { return false }
      state.shown = now
      return true
    }
    if isDue { overwrite("\(clock)  \(state.withLock { line(of: $0) })") }
  }

  /// Keeps a line about a piece of work that lasts.
  private func keepProgress() {
    let interval = Duration.seconds(detail == .verbose ? 10 : 60)
    let line: String? = state.withLock { state in
      let now = ContinuousClock.now
      guard state.isWorking, now - state.kept >= interval else { return nil }
      state.kept = now
      return self.line(of: state)
    }
    guard let line else { return }
    log.withLock { $0?.append("\(clock)  \(line)") }
    if !Console.isTerminal, detail != .quiet { Console.error("\(clock)  \(line)") }
  }

  private func line(of state: State) -> String {
    let played = state.done - state.before + state.ahead
    let rate = Double(played) / max(0.001, (ContinuousClock.now - state.began) / .seconds(1))
    // The last of a work end while the next one is played: no rate says when.
    let left = rate > 0 && state.ahead == 0 ? ", \((Double(state.total - state.done) / rate).asDuration) left" : ""
    let ahead = state.ahead > 0 ? " (and \(state.ahead) of what follows)" : ""
    return "\(place(of: state))\(state.title): \(state.done) of \(state.total)\(ahead), \(rate.rounded1)/s\(left)"
  }

  private func end() {
    let line = state.withLock { state in
      state.isWorking = false
      guard state.before < state.total else {
        return "\(place(of: state))\(state.title): \(state.total), played beside the work before"
      }
      let seconds = (ContinuousClock.now - state.began) / .seconds(1)
      let rate = Double(state.total - state.before) / max(0.001, seconds)
      return "\(place(of: state))\(state.title): \(state.total) in \(seconds.asDuration), \(rate.rounded1)/s"
    }
    overwrite("")
    say(line)
  }

  private func place(of state: State) -> String { plan.place(of: state.title, done: state.done + state.ahead) }

  private func overwrite(_ line: String) {
    if Console.isTerminal, detail != .quiet { Console.overwrite(line) }
  }

  private var clock: String { ((ContinuousClock.now - start) / .seconds(1)).asDuration }
}

extension Double {
  /// With one decimal.
  var rounded1: String { String(format: "%.1f", self) }

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
    if let again = metrics[RoundSummary.taughtAgain] { line += " and \(Int(again)) taught before" }
    if let lossBefore, let lossAfter { line += String(format: ", loss %.3f to %.3f", lossBefore, lossAfter) }
    if let honestProbe { line += ", probe honest \(honestProbe.events) of \(honestProbe.completed)" }
    return line + (stopped.map { "; stopped: \($0)" } ?? "")
  }

  /// A line for each metric.
  fileprivate var metricLines: [String] {
    metrics.sorted { $0.key < $1.key }.map { "  \($0.key) \(String(format: "%.5g", $0.value))" }
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
