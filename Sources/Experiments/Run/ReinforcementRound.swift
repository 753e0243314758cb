import Episodes
import Runs
import Storage
import Training

/// Learns from a round by policy gradients.
struct ReinforcementRound: Sendable {
  let round: TrainingRound

  private var context: RunContext { round.context }
  private var settings: TrainingSettings { round.condition.training }

  func run(_ sampled: SampledRound, _ rewards: RoundRewards) throws -> RoundUpdate {
    let rollouts = try self.rollouts(sampled, rewards)
    guard rollouts.count >= settings.minimumSelected else {
      return RoundUpdate(learntFrom: rollouts.count, stopped: "only \(rollouts.count) episodes to learn from")
    }
    let options = try self.options()
    let report = try context.learner.reinforce(
      round.start, into: round.candidate, on: rollouts, options: options,
      reference: round.origin, continuing: round.number > 1 ? round.start : nil)
    var metrics = report.metrics
    // A speed is named as one, so that digests leave it out.
    metrics["learning/tokens/s"] = metrics.removeValue(forKey: "tokens_per_second")
    metrics["kl_coefficient"] = options.klCoefficient
    return RoundUpdate(learntFrom: rollouts.count, nextKLCoefficient: report.klCoefficient, metrics: metrics)
  }

  /// Without episodes that failed or that the monitor screened.
  private func rollouts(_ sampled: SampledRound, _ rewards: RoundRewards) throws -> [Rollout] {
    var groups: [String: Int] = [:]
    return try sampled.all.compactMap { episode in
      guard let terms = rewards.terms[episode.key], !terms.isScreened else { return nil }
      let prompt = "\(episode.key.environment)/\(episode.key.variant)"
      let group = groups[prompt] ?? groups.count
      groups[prompt] = group
      return Rollout(try round.asLearnt(episode), reward: terms.total, group: group)
    }
  }

  private func options() throws -> PolicyGradientOptions {
    var options = PolicyGradientOptions(
      algorithm: settings.policyGradient ?? .ppo(settings.ppo),
      klCoefficient: try coefficientBefore(), temperature: Float(context.experiment.sampling.temperature),
      tokensPerBatch: settings.tokensPerBatch,
      importanceCap: settings.importanceCap > 0 ? Float(settings.importanceCap) : nil, seed: round.seed["order"])
    options.learningRate = Float(settings.learningRate)
    return options
  }

  /// What the round before left of the KL coefficient; `nil` in the first round of a stage.
  private func coefficientBefore() throws -> Double? {
    guard round.number > 1 else { return nil }
    let before = "\(round.branch.checkpoint(round.stage.name))/\(round.number - 1)"
    let update = try context.store.result(of: StepFamily.learnt[before])
    // Runs of earlier versions kept it among the metrics.
    return update?.nextKLCoefficient ?? update?.metrics["kl_coefficient/next"]
  }
}
