package import Foundation
internal import MLX

/// What a training run tells its caller after each step.
package struct StepProgress<Loss: Sendable>: Sendable {
  /// Steps done, counted from 1.
  package let step: Int
  /// Steps that there will be.
  package let steps: Int
  package let loss: Loss
}

/// What the caller wants next.
package enum TrainingVerdict: Sendable {
  case more
  /// Ends training here; what has been learned is kept.
  case stop
}

/// Where a training run keeps its state, so that one that was killed or cancelled goes on from there.
package struct StateFile: Sendable {
  package var url: URL
  /// Steps between two writes.
  package var interval: Int

  package init(_ url: URL, interval: Int = 20) {
    self.url = url
    self.interval = max(1, interval)
  }
}

/// A training in steps that keeps its state on the way. Every training of this process is one.
protocol ResumableTraining {
  associatedtype Loss: Sendable

  /// Steps done, those of earlier processes among them.
  var step: Int { get }
  /// Steps that there will be.
  var steps: Int { get }
  /// `nil` keeps no state.
  var state: StateFile? { get }
  /// Takes the next step.
  mutating func advance() throws -> Loss
  /// Writes everything that the next step depends on.
  func save(to file: URL) throws
}

extension ResumableTraining {
  /// Takes the steps that are left, or those until `progress` says stop. The state is written every so many steps, and
  /// when the task is cancelled.
  mutating func finish(_ progress: (StepProgress<Loss>) -> TrainingVerdict) throws {
    try Memory.reusing {
      while step < steps {
        if Task.isCancelled {
          try save()
          throw CancellationError()
        }
        let loss = try advance()
        if let state, step % state.interval == 0 { try save() }
        if case .stop = progress(StepProgress(step: step, steps: steps, loss: loss)) { return }
      }
    }
  }

  func save() throws {
    if let state { try save(to: state.url) }
  }
}
