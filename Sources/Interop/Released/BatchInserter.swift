import Dispatch
import Episodes
import Storage
import Synchronization

/// Stores batches of episodes in order on a thread of its own, while the next ones are read.
final class BatchInserter: Sendable {
  /// Batches that may wait or be written: reading stops there, so memory stays flat.
  private static let most = 2

  private let store: RunStore
  private let queue = DispatchQueue(label: "import")
  private let room = DispatchSemaphore(value: BatchInserter.most)
  private let failure = Mutex<(any Error)?>(nil)

  init(_ store: RunStore) { self.store = store }

  /// - Throws: what went wrong with an earlier batch.
  func insert(_ episodes: [Episode]) throws {
    try check()
    room.wait()
    queue.async { [self] in
      defer { room.signal() }
      guard failure.withLock({ $0 == nil }) else { return }
      do { try store.insert(episodes) } catch { failure.withLock { $0 = error } }
    }
  }

  /// Waits until everything is stored.
  ///
  /// - Throws: what went wrong.
  func finish() throws {
    queue.sync {}
    try check()
  }

  private func check() throws {
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
