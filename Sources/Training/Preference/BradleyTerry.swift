internal import Foundation
internal import MLX

// Shapes: P pairs; every array [P].

/// The Bradley-Terry model of preferences: an answer of score a is preferred to one of score b with probability
/// sigmoid(a - b).
package enum BradleyTerry {
  /// The loss of each pair, [P]: -log sigmoid(chosen - rejected - margin) + centring * (chosen + rejected)^2.
  ///
  /// The second term keeps scores around 0, which the first leaves open (`center_rewards_coefficient` of TRL's
  /// `RewardTrainer`, after Eisenstein et al. 2023, arXiv 2312.09244).
  static func losses(
    chosen: MLXArray, rejected: MLXArray, margins: MLXArray, centring: Float
  ) throws -> MLXArray {
    let lead = try chosen - rejected - margins
    // log(1 + exp(-lead)) as a log-sum-exp: no overflow, and the right gradient where the lead is 0, as at the start.
    let loss = try stacked([MLXArray.zeros(lead.shape), lead * -1]).logSumExp(axis: 0)
    return try loss + square(chosen + rejected) * centring
  }

  /// -log sigmoid(lead), in nats.
  package static func loss(lead: Double) -> Double { max(-lead, 0) + log1p(exp(-abs(lead))) }

  /// The probability that the answer that leads by `lead` is preferred.
  package static func probability(lead: Double) -> Double { 1 / (1 + exp(-lead)) }
}
