internal import Dispatch

/// Where an actor computes that keeps a core busy for long: beside the pool of threads that all other tasks share, which has
/// one for each core, so that they go on meanwhile.
final class OwnThread: SerialExecutor {
  private let queue: DispatchQueue

  init(_ label: String) { queue = DispatchQueue(label: label, qos: .userInitiated) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
