package import Runs
import Storage

/// What a running experiment tells whoever watches it. The runner prints nothing itself.
package enum RunEvent: Sendable {
  /// A named piece of work begins, out of this many episodes (or steps), of which so many were stored before.
  case began(String, total: Int, done: Int)
  /// So many of it are done, and so many of the work that follows it.
  case advanced(done: Int, ahead: Int = 0)
  case ended(String)
  /// Work that an earlier process finished.
  case alreadyDone(String)
  /// What a piece of work found, in a sentence.
  case noted(String)
  case round(RoundSummary)
  case gate([GateResult])
}
