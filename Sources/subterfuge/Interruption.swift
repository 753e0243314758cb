import Dispatch
import Foundation
import Glibc

/// Ctrl-C: the first asks the work to stop cleanly, the second ends the process at once.
enum Interruption {
  /// The work was stopped by a signal; everything finished is stored.
  struct Stopped: Error, CustomStringConvertible {
    let description = "Stopped. Finished work is stored. Run the same command again to resume."
  }

  /// Runs `work` and cancels it on SIGINT or SIGTERM.
  ///
  /// - Throws: `Stopped` when a signal ended it, otherwise what `work` throws.
  static func run(_ work: sending @escaping () async throws -> Void) async throws {
    let task = Task { try await work() }
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        // Not `exit`: it would destroy what other threads still compute with. The store survives any end of a process.
        if task.isCancelled { _exit(130) }
        Console.error("Stopping after finished work is stored. Press Ctrl-C again to stop at once.")
        task.cancel()
      }
      source.resume()
      return source
    }
    defer { sources.forEach { $0.cancel() } }
    do {
      try await task.value
    } catch is CancellationError {
      throw Stopped()
    }
  }
}
