import Synchronization

/// What re-runs have shown about the texts of commands and programs.
///
/// A remembered result first stands for a second run after that run was made and gave the same. A text whose runs
/// differed once, on whatever files, is never remembered again.
final class RerunRecord: Sendable {
  private struct State {
    var proven: Set<String> = []
    var refuted: Set<String> = []
  }

  private let state = Mutex(State())
  private static let longestList = 100_000

  func isRefuted(_ text: String) -> Bool { state.withLock { $0.refuted.contains(text) } }

  func isProven(_ text: String) -> Bool { state.withLock { $0.proven.contains(text) } }

  func note(_ text: String, same: Bool) {
    state.withLock { state in
      if same {
        if state.proven.count >= Self.longestList { state.proven = [] }
        state.proven.insert(text)
      } else {
        state.proven.remove(text)
        if state.refuted.count < Self.longestList { state.refuted.insert(text) }
      }
    }
  }
}
