internal import Foundation
internal import Glibc
internal import Synchronization

/// A child that is killed at most while it runs, whichever comes first, its start or the wish to end it.
final class ProcessIdentifier: Sendable {
  private enum State { case notStarted, unwanted, running(pid_t), ended }
  private let state = Mutex(State.notStarted)

  /// The child runs now.
  func remember(_ identifier: pid_t) {
    state.withLock { state in
      switch state {
      case .notStarted: state = .running(identifier)
      // SIGKILL: a child inherits that this program ignores the gentler signals.
      case .unwanted: Glibc.kill(identifier, SIGKILL)
      case .running, .ended: break
      }
    }
  }

  /// The child has ended; its number may belong to another process now.
  func forget() { state.withLock { $0 = .ended } }

  /// Ends the child, now or as soon as it has started.
  func kill() {
    state.withLock { state in
      switch state {
      case .notStarted: state = .unwanted
      case .running(let identifier): Glibc.kill(identifier, SIGKILL)
      case .unwanted, .ended: break
      }
    }
  }
}
