package import Foundation

/// What was measured in one step of a run.
package struct TelemetryStep: Sendable, Hashable {
  /// The sequence of checkpoints that is trained, for example `exploit_only.2`.
  package var run: String
  /// Counted from 1 over the whole of the sequence.
  package var step: Int
  /// By the names that `Documentation/Telemetry.md` lists.
  package var values: [String: Double]
  /// When it was measured.
  package var time: Date

  package init(run: String, step: Int, values: [String: Double], time: Date = Date()) {
    self.run = run
    self.step = step
    self.values = values
    self.time = time
  }
}
