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

  /// Whether some process holds the lock of a folder. Asking never takes the lock, so a run can start meanwhile.
  static func isHeld(in folder: URL) -> Bool {
    var status = stat()
    guard stat(folder.appending(path: "lock").path, &status) == 0,
      let locks = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
    else { return false }
    // `1: FLOCK  ADVISORY  WRITE 1234 00:2f:123456 0 EOF`; overlay file systems report other device numbers.
    return locks.split(separator: "\n").contains { line in
      line.contains("FLOCK") && line.contains(":\(status.st_ino) ")
    }
  }

  deinit { close(descriptor) }
}
