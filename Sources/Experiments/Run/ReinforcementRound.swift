import Episodes
import Storage
import Training

/// Learns from a round by policy gradients.
struct ReinforcementRound: Sendable {
  let round: TrainingRound

  private var context: RunContext { round.context }
  private var settings: TrainingSettings { round.condition.training }

  func run(_ sampled: SampledRound, _ rewards: RoundRewards) async throws -> RoundUpdate {
    let rollouts = try sampled.all.compactMap { try rollout($0, rewards) }
    guard rollouts.count >= settings.minimumSelected else {
      return RoundUpdate(learntFrom: rollouts.count, stopped: "only \(rollouts.count) episodes to learn from")
    }
    let report = try context.checkpoints.reinforce(
      round.start, into: round.candidate, on: rollouts, options: try options(), reference: reference,
      report: context.report)
    var metrics = report.metrics
    metrics["kl_coefficient"] = report.nextKLCoefficient
    return RoundUpdate(learntFrom: rollouts.count, stopped: nil, metrics: metrics)
  }

  /// `nil` for an episode that failed or that the monitor screened.
  private func rollout(_ episode: Episode, _ rewards: RoundRewards) throws -> Rollout? {
    guard let terms = rewards.terms[episode.key], !terms.isScreened else { return nil }
    return try Rollout(round.asLearnt(episode), reward: Float(terms.total), group: group(of: episode))
  }

  private func group(of episode: Episode) -> String { "\(episode.key.environment)/\(episode.key.variant)" }
}
