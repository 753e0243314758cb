import Foundation

/// A lock that keeps a second process from working on the same run. The kernel releases the lock whenever and however
/// the process ends.
final class RunLock: Sendable {
  private let descriptor: Int32

  /// - Throws: `StoreError.locked` while another process (or another store in this process) holds the lock.
  init(folder: URL) throws {
    let path = folder.appending(path: "lock").path
    // Closed on exec: a child that outlives a killed run must not keep the lock.
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw StoreError.unwritable(path: path, detail: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw StoreError.locked(folder: folder.path)
    }
  }

  deinit { close(descriptor) }
}
