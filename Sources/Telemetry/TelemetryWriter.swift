/// Receives the numbers of a training run as they come: one point of each named series for each step.
package protocol TelemetryWriter: Sendable {
  /// Appends the values of a step.
  ///
  /// - Parameters:
  ///   - run: the sequence of checkpoints that is trained, for example `exploit_only.2`.
  ///   - step: counted from 1 over the whole of the sequence.
  ///   - values: by name, for example `reward/total`, `kl`, `entropy`.
  func write(run: String, step: Int, values: [String: Double]) throws
}
