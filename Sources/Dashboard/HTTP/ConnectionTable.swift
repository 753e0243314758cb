import Foundation
import Synchronization

/// The open connections. When there are as many as the limit allows, a new one takes the place of the one that has waited
/// longest for a request, those that never showed the token first: idle connections of others cannot lock the reader out.
final class ConnectionTable: Sendable {
  private struct Entry {
    /// When the server began to wait for a request; `nil` while one is being answered.
    var waitsSince: ContinuousClock.Instant?
    /// Whether the token was shown.
    var isKnown = false
  }

  private let limit: Int
  private let entries = Mutex<[Int32: Entry]>([:])

  init(limit: Int) { self.limit = limit }

  /// Takes a connection in; `false` if every other one is being answered.
  func add(_ file: Int32) -> Bool {
    entries.withLock { entries in
      if entries.count >= limit {
        let waiting = entries.filter { $0.value.waitsSince != nil }
        let now = ContinuousClock.now
        let oldest = waiting.min {
          ($0.value.isKnown ? 1 : 0, $0.value.waitsSince ?? now) < (
            $1.value.isKnown ? 1 : 0, $1.value.waitsSince ?? now
          )
        }
        guard let oldest else { return false }
        // Its thread wakes up, finds the end and closes the file, which then has no entry any more.
        shutdown(oldest.key, Int32(SHUT_RDWR))
        entries[oldest.key] = nil
      }
      entries[file] = Entry(waitsSince: .now)
      return true
    }
  }

  /// The server waits for the next request of a connection.
  func waits(_ file: Int32, isKnown: Bool) {
    entries.withLock { entries in
      entries[file]?.waitsSince = .now
      entries[file]?.isKnown = isKnown
    }
  }

  /// A request of the connection is being answered.
  func answers(_ file: Int32) { entries.withLock { $0[file]?.waitsSince = nil } }

  /// Removes a connection and closes it.
  func close(_ file: Int32) {
    entries.withLock { entries in
      entries[file] = nil
      Foundation.close(file)
    }
  }

  /// Ends every connection.
  func stop() { entries.withLock { for file in $0.keys { shutdown(file, Int32(SHUT_RDWR)) } } }
}
