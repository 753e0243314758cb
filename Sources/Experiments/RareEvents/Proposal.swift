import Episodes

/// Who else than the target draws trajectories of importance sampling.
package enum Proposal: Sendable, Codable, Hashable {
  /// The target at another temperature; above that of the target it wanders more.
  case temperature(Double)
  /// Another checkpoint with the same tokenizer: a path or a name as the target's.
  case checkpoint(String)
  /// The target, fine-tuned in stages on those trajectories that come closest to the event (cross-entropy method); those
  /// before it in the list draw the first stage's.
  ///
  /// - Parameters:
  ///   - episodes: trajectories of each stage.
  ///   - epochs: how often those that come closest are learnt.
  case adapted(stages: Int, episodes: Int, epochs: Int)
}
