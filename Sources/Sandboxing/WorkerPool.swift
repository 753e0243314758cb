import Foundation
import Synchronization

/// Threads that each own one server process of a kind and take jobs from one queue.
///
/// A server that dies fails the job it had; the job is not run again. The next job gets a new server.
final class WorkerPool: Sendable {
  private let command: BubblewrapCommand
  private let queue = JobQueue()
  private let running = DispatchGroup()
  private let state = Mutex(State())

  private struct State {
    var threads = 0
    var processes: [Int: pid_t] = [:]
    var loadedModules: Set<String> = []
  }

  init(_ command: BubblewrapCommand) { self.command = command }

  /// Names of loaded Python modules, the same in every worker; empty for commands.
  var loadedModules: Set<String> { state.withLock { $0.loadedModules } }

  /// The outermost process of each worker.
  var processes: [pid_t] { state.withLock { Array($0.processes.values) } }

  /// Starts the workers and waits until all are ready.
  ///
  /// - Throws: `SandboxError.unavailable` when a server cannot be started; the pool is closed then.
  func start(workers: Int) async throws {
    for index in 0..<workers {
      do { try await startThread(index) } catch {
        await close()
        throw error
      }
    }
  }

  func run(_ request: [UInt8]) async throws -> WireFormat.Response { try await queue.answer(to: request) }

  /// Ends the workers and waits for their processes to be gone. What runs is ended in the middle.
  func close() async {
    queue.close(workers: state.withLock { $0.threads })
    // Under the lock: a number stays in the table only as long as its process has not been waited for.
    state.withLock { for process in $0.processes.values { kill(process, SIGKILL) } }
    await withCheckedContinuation { done in running.notify(queue: .global()) { done.resume() } }
  }

  private func startThread(_ index: Int) async throws {
    try await withCheckedThrowingContinuation { (ready: CheckedContinuation<Void, any Error>) in
      running.enter()
      state.withLock { $0.threads += 1 }
      Thread { [self] in
        defer { running.leave() }
        do {
          let process = try startProcess(index)
          ready.resume()
          work(index, process)
        } catch { ready.resume(throwing: error) }
      }.start()
    }
  }

  private func startProcess(_ index: Int) throws -> WorkerProcess {
    let process = try WorkerProcess(command)
    state.withLock {
      $0.processes[index] = process.identifier
      $0.loadedModules = process.loadedModules
    }
    return process
  }

  /// The life of a worker's thread.
  private func work(_ index: Int, _ first: WorkerProcess) {
    var process: WorkerProcess? = first
    while let job = queue.take() {
      do {
        let current = try process ?? startProcess(index)
        process = current
        job.answer.resume(returning: try current.exchange(job.request))
      } catch is WorkerProcess.ConnectionLost {
        state.withLock { $0.processes[index] = nil }
        let words = process?.end() ?? ""
        process = nil
        job.answer.resume(throwing: SandboxError.workerDied(words.isEmpty ? "it said nothing" : words))
      } catch { job.answer.resume(throwing: error) }
    }
    state.withLock { $0.processes[index] = nil }
    process?.end()
  }
}
