internal import Foundation

/// How much better actions and rollouts were than expected: pure functions of rewards and values.
package enum Advantages {
  /// Generalised advantage estimation (Schulman et al. 2016) of one rollout: A_t = sum over l of (gamma lambda)^l d_(t+l)
  /// with d_t = r_t + gamma V_(t+1) - V_t.
  ///
  /// - Parameters:
  ///   - rewards: of each action, in order.
  ///   - values: of the state before each action.
  ///   - next: of the state after the last action: 0 where the rollout ended.
  package static func generalized(
    rewards: [Float], values: [Float], next: Float, gamma: Float, lambda: Float
  ) -> [Float] {
    var advantages = rewards
    var (following, carried): (Float, Float) = (next, 0)
    for t in rewards.indices.reversed() {
      carried = rewards[t] + gamma * following - values[t] + gamma * lambda * carried
      advantages[t] = carried
      following = values[t]
    }
    return advantages
  }

  /// The mean over all actions of what was still to come, less the mean of their values.
  ///
  /// - Parameters:
  ///   - rewards: [rollouts][actions].
  ///   - values: of the state before each action, as `rewards`.
  /// - Returns: 0 without actions.
  package static func valueShift(rewards: [[Float]], values: [[Float]], gamma: Float) -> Float {
    let errors = zip(rewards, values).flatMap { generalized(rewards: $0, values: $1, next: 0, gamma: gamma, lambda: 1) }
    return Float(mean(errors))
  }

  /// The advantage of each rollout over the others of its group.
  ///
  /// - Parameters:
  ///   - groups: the group of each reward.
  ///   - scaled: divides by the standard deviation (of n - 1) of the group's rewards, plus 1e-6.
  /// - Returns: 0 for every member of a group whose rewards are all equal, or which has one member.
  package static func relative(
    rewards: [Float], groups: [Int], baseline: GRPO.Baseline, scaled: Bool
  ) -> [Float] {
    let members = Dictionary(grouping: rewards.indices) { groups[$0] }
    var advantages = [Float](repeating: 0, count: rewards.count)
    for group in members.values where !isFlat(group.map { rewards[$0] }) {
      let (count, sum) = (Double(group.count), group.reduce(0) { $0 + Double(rewards[$1]) })
      let deviation = scaled ? standardDeviation(group.map { rewards[$0] }) + 1e-6 : 1
      for index in group {
        let own = Double(rewards[index])
        let expected = baseline == .groupMean ? sum / count : (sum - own) / (count - 1)
        advantages[index] = Float((own - expected) / deviation)
      }
    }
    return advantages
  }

  /// The groups in which nothing can be learnt from comparison: all rewards are equal.
  package static func flatGroups(rewards: [Float], groups: [Int]) -> Set<Int> {
    let members = Dictionary(grouping: rewards.indices) { groups[$0] }
    return Set(members.filter { isFlat($0.value.map { rewards[$0] }) }.keys)
  }

  /// The same numbers shifted and scaled to mean 0 and deviation 1: (x - mean) / sqrt(variance of n - 1, plus 1e-8).
  package static func whitened(_ values: [Float]) -> [Float] {
    guard values.count > 1 else { return values.map { _ in 0 } }
    let centre = mean(values)
    let scale = 1 / (pow(standardDeviation(values), 2) + 1e-8).squareRoot()
    return values.map { Float((Double($0) - centre) * scale) }
  }

  /// The share of the variance of returns that the values explain: 1 - Var(returns - values) / Var(returns); 0 when the
  /// returns do not vary.
  package static func explainedVariance(values: [Float], returns: [Float]) -> Double {
    let whole = standardDeviation(returns)
    guard whole > 0 else { return 0 }
    return 1 - pow(standardDeviation(zip(returns, values).map { $0 - $1 }) / whole, 2)
  }

  /// 0 for none.
  static func mean(_ values: [Float]) -> Double {
    values.isEmpty ? 0 : values.reduce(0) { $0 + Double($1) } / Double(values.count)
  }

  /// With n - 1 in the denominator; 0 for fewer than two.
  static func standardDeviation(_ values: [Float]) -> Double {
    guard values.count > 1 else { return 0 }
    let centre = mean(values)
    return (values.reduce(0) { $0 + pow(Double($1) - centre, 2) } / Double(values.count - 1)).squareRoot()
  }

  private static func isFlat(_ rewards: [Float]) -> Bool { rewards.allSatisfy { $0 == rewards[0] } }
}
