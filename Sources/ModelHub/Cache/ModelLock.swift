internal import Foundation
internal import Glibc

/// An advisory lock (`flock`) on a file: one process works on a model, the others wait. The kernel lets go of it when
/// the process ends, however it ends.
struct ModelLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock; `nil` when another process, or another part of this one, holds it.
  static func acquire(_ file: URL) throws -> ModelLock? {
    try DiskSpace.inWords(at: file) {
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    }
    // Not inherited: a child that outlives this process must not hold the lock.
    let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("cannot open", file) }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return ModelLock(descriptor: descriptor) }
    let isHeld = errno == EWOULDBLOCK
    let problem = failure("cannot lock", file)
    close(descriptor)
    guard isHeld else { throw problem }
    return nil
  }

  /// Takes the lock as soon as it is free. Calls `waiting` once if it is not free now.
  ///
  /// - Throws: `CancellationError` when the task is cancelled while waiting.
  static func acquire(_ file: URL, waiting: @Sendable () -> Void) async throws -> ModelLock {
    if let lock = try acquire(file) { return lock }
    waiting()
    while true {
      try await Task.sleep(for: .milliseconds(200))
      if let lock = try acquire(file) { return lock }
    }
  }

  /// Lets the next one in.
  func release() { close(descriptor) }

  private static func failure(_ what: String, _ file: URL) -> HubError {
    HubError("\(what) \(file.path): \(String(cString: strerror(errno))). Set SUBTERFUGE_MODELS to a writable folder.")
  }
}
