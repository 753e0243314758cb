/// How a probe is trained.
package struct ProbeOptions: Sendable, Codable, Hashable {
  /// The layer whose states are read, counted from 1; 0 for the last.
  package var layer: Int
  /// The L2 penalty on the weights of standardised states.
  package var penalty: Double
  /// The share of prompts with pairs, at least one, that is held out: all figures come from prompts not trained on.
  package var heldOutShare: Double
  /// The threshold flags at most this share of the honest episodes of prompts not trained on.
  package var falsePositiveRate: Double
  /// Probes that are trained on shuffled labels as a control.
  package var shuffles: Int

  package init(
    layer: Int = 0, penalty: Double = 1, heldOutShare: Double = 0.4, falsePositiveRate: Double = 0.05,
    shuffles: Int = 20
  ) {
    self.layer = layer
    self.penalty = penalty
    self.heldOutShare = heldOutShare
    self.falsePositiveRate = falsePositiveRate
    self.shuffles = shuffles
  }

  /// What is wrong with them, a sentence each.
  ///
  /// - Parameter path: where they stand in a file, for example `interventions.monitor.probe`.
  package func problems(at path: String) -> [String] {
    let rules = [
      (layer >= 0, "layer must be 0 (the last) or a layer's number."),
      (penalty > 0 && penalty.isFinite, "penalty must be above 0."),
      (heldOutShare > 0 && heldOutShare < 1, "heldOutShare must lie between 0 and 1."),
      ((0..<1).contains(falsePositiveRate), "falsePositiveRate must be 0 or more and below 1."),
      ((0...10_000).contains(shuffles), "shuffles must lie between 0 and 10,000."),
    ]
    return rules.filter { !$0.0 }.map { "\(path).\($0.1)" }
  }
}
