import Dispatch
import Foundation
import Synchronization

/// A value that takes time to compute, kept until the files that it was computed from change.
///
/// A reader waits for a moment and then gets the last value while the next one is computed on another thread. Values of a
/// run that is being written are computed again only after a pause, so that a page costs little however often it is asked for.
final class Refreshing<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var stamp: FileStamp?
    var failure: String?
    var seconds = 0.0
    var end = Date.distantPast
    var work: DispatchGroup?
  }

  /// The share of the time in which a changing value is being computed.
  private static var pauses: Double { 4 }
  /// The shortest time between two computations, in seconds.
  private static var shortestPause: Double { 0.5 }

  private let state = Mutex(State())
  private let compute: @Sendable () throws -> Value

  init(_ compute: @escaping @Sendable () throws -> Value) { self.compute = compute }

  /// Returns the value, or `nil` while the first one is being computed.
  ///
  /// - Parameter patience: how long to wait for a fresh value, in seconds.
  /// - Throws: `PageProblem` with the reason if it cannot be computed.
  func value(_ stamp: FileStamp, patience: Double) throws -> Value? {
    begin(stamp)?.wait(timeout: .now() + patience)
    return try state.withLock { state in
      if let value = state.value { return value }
      if let failure = state.failure { throw PageProblem(500, failure) }
      return nil
    }
  }

  /// Starts the computation if it is due; returns the work to wait for.
  @discardableResult
  private func begin(_ stamp: FileStamp) -> Waiting? {
    state.withLock { state in
      if let work = state.work { return Waiting(group: work) }
      if state.stamp == stamp { return nil }
      let pause = max(Self.shortestPause, Self.pauses * state.seconds)
      if state.stamp != nil, Date().timeIntervalSince(state.end) < pause { return nil }
      let work = DispatchGroup()
      work.enter()
      state.work = work
      Thread.detachNewThread { self.work(stamp, work) }
      return Waiting(group: work)
    }
  }

  private func work(_ stamp: FileStamp, _ group: DispatchGroup) {
    let start = Date()
    let result = Result { try compute() }
    state.withLock { state in
      switch result {
      case .success(let value): (state.value, state.failure) = (value, nil)
      case .failure(let error):
        (state.value, state.failure) = (nil, (error as? PageProblem)?.text ?? error.localizedDescription)
      }
      (state.stamp, state.work, state.end) = (stamp, nil, Date())
      state.seconds = Date().timeIntervalSince(start)
    }
    group.leave()
  }

  private struct Waiting {
    let group: DispatchGroup

    func wait(timeout: DispatchTime) { _ = group.wait(timeout: timeout) }
  }
}
