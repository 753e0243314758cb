import Dispatch
import Synchronization

/// What waits for a worker: first come, first served.
final class JobQueue: Sendable {
  struct Job: Sendable {
    let request: [UInt8]
    let answer: CheckedContinuation<WireFormat.Response, any Error>
  }

  private struct State {
    /// In order of arrival. What was taken leaves `nil` behind, so that its files are freed at once.
    var waiting: [Job?] = []
    var next = 0
    var isClosed = false
  }

  private let state = Mutex(State())
  /// Counts the waiting jobs; one more for each worker that is to end.
  private let available = DispatchSemaphore(value: 0)

  /// Bytes of the requests that wait.
  var heldBytes: Int { state.withLock { $0.waiting.reduce(0) { $0 + ($1?.request.count ?? 0) } } }

  /// Waits for an answer by some worker.
  ///
  /// - Throws: `SandboxError.closed` when there are no workers any more.
  func answer(to request: [UInt8]) async throws -> WireFormat.Response {
    try await withCheckedThrowingContinuation { continuation in
      let job = Job(request: request, answer: continuation)
      let accepted = state.withLock { state in
        if !state.isClosed { state.waiting.append(job) }
        return !state.isClosed
      }
      if accepted { available.signal() } else { continuation.resume(throwing: SandboxError.closed) }
    }
  }

  /// Blocks the calling thread until there is a job; `nil` when the queue is closed.
  func take() -> Job? {
    available.wait()
    return state.withLock { state in
      guard !state.isClosed else { return nil }
      let job = state.waiting[state.next]
      state.waiting[state.next] = nil
      state.next += 1
      if state.next > 1024 {
        state.waiting.removeFirst(state.next)
        state.next = 0
      }
      return job
    }
  }

  /// Refuses what is waiting and lets `workers` threads go.
  func close(workers: Int) {
    let refused = state.withLock { state in
      let refused = state.isClosed ? [] : state.waiting[state.next...].compactMap(\.self)
      state = State(isClosed: true)
      return refused
    }
    for job in refused { job.answer.resume(throwing: SandboxError.closed) }
    for _ in 0..<workers { available.signal() }
  }
}
