import Foundation
import ModelHub
import Synchronization

/// Prints how a fetch goes: a bar that is written over on a terminal, plain lines elsewhere.
final class FetchProgressPrinter: Sendable {
  private struct State {
    var file = ""
    var total: Int64 = 0
    var done: Int64 = 0
    /// What was here when the first bytes came, so that the rate counts only what this fetch brought.
    var before: Int64?
    var began = ContinuousClock.now
    var shown = ContinuousClock.now
    var tenths: Int64 = 0
    var isOpen = false
  }

  private let name: String
  private let state = Mutex(State())

  init(_ name: String) { self.name = name }

  func report(_ event: FetchEvent) {
    switch event {
    case .waiting: Console.error("\(name): another process is fetching it; waiting for that one.")
    case .planned(let files, let bytes):
      state.withLock { $0.total = bytes }
      Console.error("\(name): \(files) files, \(bytes.megabytes)")
    case .fetching(let file): begin("fetching \(file)", file)
    case .checking(let file): begin("checking \(file)", "checking \(file)")
    case .retrying(let file, let reason, let seconds):
      line("\(name): \(file): \(reason); trying again in \(String(format: "%.0f", seconds)) s")
    case .advanced(let bytes): advance(bytes)
    }
  }

  /// Takes the bar away.
  func end() {
    let wasOpen = state.withLock { state in
      defer { state.isOpen = false }
      return state.isOpen
    }
    if wasOpen { Console.overwrite("") }
  }

  private func begin(_ plain: String, _ file: String) {
    state.withLock { $0.file = file }
    if Console.isTerminal { show(state.withLock { bar(&$0) }) } else { Console.error("\(name): \(plain)") }
  }

  private func advance(_ bytes: Int64) {
    let text: String? = state.withLock { state in
      let now = ContinuousClock.now
      if state.before == nil { (state.before, state.began) = (bytes, now) }
      state.done = bytes
      if Console.isTerminal {
        guard now - state.shown > .milliseconds(200) else { return nil }
        state.shown = now
        return bar(&state)
      }
      let tenths = state.total > 0 ? bytes * 10 / state.total : 0
      guard tenths > state.tenths else { return nil }
      state.tenths = tenths
      return "\(name): \(amount(state))"
    }
    guard let text else { return }
    if Console.isTerminal { show(text) } else { Console.error(text) }
  }

  private func show(_ text: String) {
    state.withLock { $0.isOpen = true }
    Console.overwrite(text)
  }

  private func line(_ text: String) {
    end()
    Console.error(text)
  }

  /// The bar, no longer than the terminal is wide: a line that wraps cannot be written over.
  private func bar(_ state: inout State) -> String {
    let width: Int64 = 16
    let full = Int(state.total > 0 ? min(width, state.done * width / state.total) : 0)
    let bar = String(repeating: "=", count: full) + String(repeating: " ", count: Int(width) - full)
    return String("[\(bar)] \(amount(state))  \(state.file)".prefix(Self.columns - 1))
  }

  private static var columns: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1 ? Int(size.ws_col) : 80
  }

  private func amount(_ state: State) -> String {
    let percent = state.total > 0 ? state.done * 100 / state.total : 0
    let text = "\(percent) %, \(state.done.megabytes) of \(state.total.megabytes)"
    // The first moments say nothing about the rate.
    let brought = state.done - (state.before ?? 0)
    guard brought > 1_000_000 else { return text }
    let rate = Double(brought) / max(0.001, (ContinuousClock.now - state.began) / .seconds(1))
    return text + ", \(Int64(rate).megabytes)/s, \((Double(state.total - state.done) / rate).asDuration) left"
  }
}
