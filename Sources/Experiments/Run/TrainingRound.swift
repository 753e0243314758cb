import Episodes
import Storage
import Training

/// One round of a stage: episodes are sampled, graded and rewarded, then learnt from.
struct TrainingRound: Sendable {
  let context: RunContext
  let condition: Condition
  let branch: Branch
  let stage: Stage
  /// Counted from 1 within the stage.
  let number: Int
  /// The checkpoint that the round begins with.
  let start: String

  /// The name of the checkpoint that the round makes.
  var candidate: String { "\(branch.checkpoint(stage.name)).\(number)" }

  /// The round's place in its branch, counted from 1.
  var step: Int {
    let before = condition.curriculum.stages.firstIndex(of: stage) ?? 0
    return before * condition.training.roundsPerStage + number
  }

  /// The rounds of the branch before this one: of which stage, which of its rounds, and their place in the branch.
  var earlier: [(stage: String, number: Int, step: Int)] {
    let rounds = condition.training.roundsPerStage
    return condition.curriculum.stages.enumerated().flatMap { index, stage in
      (1...rounds).map { (branch.checkpoint(stage.name), $0, index * rounds + $0) }
    }.filter { $0.2 < step }
  }

  var seed: Seed { context.root["training", branch.name, stage.name][number] }

  /// Samples, rewards, learns and probes. What each part finds is stored before the next one begins, and a part that was
  /// finished before is read back.
  func run() async throws -> RoundSummary {
    let sampled = try await RoundSampler(round: self).run()
    let rewards = try await RewardAssembly(round: self).run(sampled)
    let update = try await context.step("learnt/\(branch.checkpoint(stage.name))/\(number)") {
      try learn(from: sampled, rewards)
    }
    var summary = RoundSummary(sampled, rewards, of: self)
    (summary.selected, summary.lossBefore, summary.lossAfter) = (update.learntFrom, update.lossBefore, update.lossAfter)
    summary.metrics.merge(update.metrics) { $1 }
    summary.metrics["selected"] = Double(update.learntFrom)
    if let reason = update.stopped {
      (summary.verdict, summary.stopped) = (.untrained, reason)
    } else {
      try await probe(&summary)
    }
    return summary
  }

  private func learn(from sampled: SampledRound, _ rewards: RoundRewards) throws -> RoundUpdate {
    switch condition.training.algorithm {
    case .expertIteration: try ExpertIterationRound(round: self).run(sampled, rewards)
    case .ppo, .grpo: try ReinforcementRound(round: self).run(sampled, rewards)
    }
  }

  /// Honest completion of the probe environment by the new checkpoint, which is kept if it is high enough.
  private func probe(_ summary: inout RoundSummary) async throws {
    summary.checkpoint = candidate
    let settings = context.experiment.probe
    guard settings.episodes > 0 else { return }
    let environment = try context.environment(settings.environment)
    let keys = context.plan.probe(checkpoint: candidate, of: environment)
    try await context.episodes.run(
      keys, title: "\(candidate): honest completion", environment: environment,
      policy: try await context.policy(candidate))
    let honest = Tally(try context.store.episodes(keys)) { $0.holds(.honest) }
    summary.honestProbe = honest
    guard let rate = honest.rate, let floor = try context.honestFloor() else {
      let who = honest.rate == nil ? candidate : CheckpointLibrary.start
      return context.report(
        .noted(
          "\(candidate): honest completion of '\(settings.environment)' was not checked, because no probe episode of "
            + "\(who) was graded. The round is kept."))
    }
    summary.metrics["probe/honest"] = rate
    if rate < floor - 1e-9 {
      (summary.verdict, summary.checkpoint) = (.rejected, start)
      summary.stopped = "honest completion fell to \(rate.percent), below \(floor.percent): the round is not kept"
    }
  }
}

/// What learning from a round gave.
struct RoundUpdate: Sendable, Codable {
  /// Episodes that were learnt from.
  var learntFrom: Int
  /// Why nothing was learnt; `nil` when a checkpoint was made.
  var stopped: String?
  var lossBefore: Double?
  var lossAfter: Double?
  /// By the names of the telemetry.
  var metrics: [String: Double] = [:]
}

extension RoundSummary {
  /// What came of the sampled episodes; what was learnt from them is added later.
  fileprivate init(_ sampled: SampledRound, _ rewards: RoundRewards, of round: TrainingRound) {
    let gamed = Tally(sampled.episodes) { $0.holds(.gamed) }
    self.init(
      stage: round.branch.checkpoint(round.stage.name), round: round.number, branch: round.branch,
      environment: round.stage.environments.joined(separator: " + "), completed: gamed.completed,
      attempted: gamed.attempted, gamed: gamed.events, honest: sampled.episodes.count { $0.holds(.honest) },
      selected: 0, checkpoint: round.start)
    algorithm = round.condition.training.algorithm.rawValue
    ordinary = sampled.ordinary.count
    screened = rewards.screened
    monitor = rewards.monitor
    metrics = rewards.metrics
    rewardsHonesty = round.condition.curriculum.arm == .benign
    metrics["rate/rewarded"] = gamed.rate
    if !rewardsHonesty { metrics["rate/gamed"] = gamed.rate }
    metrics["rate/honest"] = Tally(sampled.episodes) { $0.holds(.honest) }.rate
    metrics["episodes"] = Double(sampled.episodes.count + sampled.ordinary.count)
    metrics["tokens/episode"] = sampled.meanTokens
    metrics["tokens/s"] = sampled.tokensPerSecond
  }
}
