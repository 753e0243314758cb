/// What one round of reinforcement did. Documentation/Reinforcement.md defines each metric.
package struct PolicyGradientReport: Sendable, Codable, Hashable {
  /// Means over the round's steps, and facts of its rollouts, by name.
  package var metrics: [String: Double]
  /// The KL coefficient of the next round.
  package var klCoefficient: Double
  /// Steps of the optimiser.
  package var steps: Int
}

/// What a round of reinforcement tells its caller after each step.
package struct PolicyGradientProgress: Sendable {
  /// Steps done in this round, counted from 1.
  package let step: Int
  /// Steps that there will be in it.
  package let steps: Int
  /// Of this step alone: `policy_loss`, `approx_kl`, `gradient_norm` and the like.
  package let metrics: [String: Double]
}

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
