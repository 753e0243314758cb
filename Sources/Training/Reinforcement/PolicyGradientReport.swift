/// What one round of reinforcement did. Documentation/Reinforcement.md defines each metric.
package struct PolicyGradientReport: Sendable, Codable, Hashable {
  /// Means over the round's steps, and facts of its rollouts, by name.
  package var metrics: [String: Double]
  /// The KL coefficient of the next round.
  package var klCoefficient: Double
  /// Steps of the optimiser.
  package var steps: Int
}

/// The progress of reinforcement: the metrics of each step alone (`policy_loss`, `approx_kl`, `gradient_norm` and the like)
/// stand in the place of its loss.
package typealias PolicyGradientProgress = StepProgress<[String: Double]>

/// Weighted means by name.
struct Means: Sendable, Codable, Hashable {
  private var sums: [String: Double] = [:]
  private var weights: [String: Double] = [:]

  mutating func add(_ values: [String: Double], weight: Double = 1) {
    for (name, value) in values {
      sums[name, default: 0] += value * weight
      weights[name, default: 0] += weight
    }
  }

  var values: [String: Double] {
    Dictionary(uniqueKeysWithValues: sums.map { ($0.key, $0.value / max(weights[$0.key] ?? 0, .leastNormalMagnitude)) })
  }
}
