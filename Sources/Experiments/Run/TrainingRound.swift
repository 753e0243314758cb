import Episodes
import Runs
import Storage
import Training

/// One round of a stage: sample, reward, select, learn, probe, commit. Each is a stored step (`RoundSteps`).
struct TrainingRound: Sendable {
  let context: RunContext
  let condition: Condition
  let branch: Branch
  let stage: Stage
  /// Counted from 1 within the stage.
  let number: Int
  /// The checkpoint that the round begins with.
  let start: String

  /// The series of episodes that were learnt from, by second of training, with all passes over them and what is replayed.
  static let learningSpeed = "learning/episodes/s"

  /// The name of the checkpoint that the round makes.
  var candidate: String { "\(branch.checkpoint(stage.name)).\(number)" }

  /// The checkpoint that plays the round's episodes.
  var sampler: String { condition.training.sampleFrom == .start ? CheckpointStore.start : start }

  /// What the condition's sequence began with.
  var origin: String { context.experiment.startingPoint(of: condition, replicate: branch.replicate) }

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

  /// Runs what is missing of the round.
  func run() async throws -> RoundSummary {
    try await context.step(StepFamily.rounds.round(number, of: branch.checkpoint(stage.name))) {
      let sampled = try await RoundSampler(round: self).run()
      let rewards = try await RewardAssembly(round: self).run(sampled)
      let update = try await learn(from: sampled, rewards)
      let honest = update.stopped == nil ? try await probe() : nil
      return try commit(sampled, rewards.report, update, honest)
    }
  }

  private func learn(from sampled: SampledRound, _ rewards: RoundRewards) async throws -> RoundUpdate {
    try await context.step(StepFamily.learnt[place]) {
      let start = ContinuousClock.now
      var update =
        switch condition.training.algorithm {
        case .expertIteration: try await ExpertIterationRound(round: self).run(sampled, rewards)
        case .ppo, .grpo: try ReinforcementRound(round: self).run(sampled, rewards)
        }
      // A dry run of a similar experiment reads it. What a resumed round learnt before is counted, its time is not.
      if update.stopped == nil {
        let learnt = Double(update.learntFrom) + (update.metrics[RoundSummary.taughtAgain] ?? 0)
        update.metrics[Self.learningSpeed] = learnt / max(start.secondsUntilNow, 1e-3)
      }
      return update
    }
  }

  /// Honest completion of the probe environment by the candidate; `nil` when the experiment has no probe.
  private func probe() async throws -> Tally? {
    let settings = context.experiment.probe
    guard settings.episodes > 0 else { return nil }
    return try await context.step(StepFamily.probed[place]) {
      let environment = try context.environment(settings.environment)
      let episodes = try await context.episodes.collect(
        EpisodeWork(
          title: WorkTitle.probe(of: candidate), keys: context.plan.probe(checkpoint: candidate, of: environment),
          environment: environment, policy: { try await context.policy(candidate) }))
      return Tally(episodes) { $0.holds(.honest) }
    }
  }

  /// Decides whether the candidate is kept.
  private func commit(
    _ sampled: SampledRound, _ rewards: RewardReport, _ update: RoundUpdate, _ honest: Tally?
  ) throws -> RoundSummary {
    var summary = RoundSummary(sampled, rewards, update, of: self)
    summary.honestProbe = honest
    if let probe = try context.store.result(of: StepFamily.samplerProbes[sampler]) {
      summary.metrics["sampler/log_probability_difference"] = probe.mean
      summary.metrics["sampler/log_probability_difference_max"] = probe.largest
    }
    if update.stopped != nil { return summary }
    summary.checkpoint = candidate
    guard let honest else { return summary }
    guard let rate = honest.rate, let floor = try context.honestFloor() else {
      noteUncheckedProbe(honest)
      return summary
    }
    summary.metrics["probe/honest"] = rate
    if rate < floor - 1e-9 {
      (summary.verdict, summary.checkpoint) = (.rejected, start)
      summary.stopped = "honest completion fell to \(rate.percent), below \(floor.percent): the round is not kept"
    }
    return summary
  }

  private func noteUncheckedProbe(_ honest: Tally) {
    let who = honest.rate == nil ? candidate : CheckpointStore.start
    context.report(
      .noted(
        "\(candidate): honest completion of '\(context.experiment.probe.environment)' was not checked, because no probe "
          + "episode of \(who) was graded. The round is kept."))
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
  /// Of policy gradients: the KL coefficient that the next round of the stage begins with.
  var nextKLCoefficient: Double?
  /// By the names of the telemetry.
  var metrics: [String: Double] = [:]
}

extension RoundSummary {
  fileprivate init(_ sampled: SampledRound, _ rewards: RewardReport, _ update: RoundUpdate, of round: TrainingRound) {
    let gamed = Tally(sampled.episodes) { $0.holds(.gamed) }
    self.init(
      stage: round.branch.checkpoint(round.stage.name), round: round.number, branch: round.branch,
      environment: round.stage.environments.joined(separator: " + "), completed: gamed.completed,
      attempted: gamed.attempted, gamed: gamed.events, honest: sampled.episodes.count { $0.holds(.honest) },
      selected: update.learntFrom, checkpoint: round.start)
    algorithm = round.condition.training.algorithm.rawValue
    ordinary = sampled.ordinary.count
    screened = rewards.screened
    monitor = rewards.monitor
    rewardsHonesty = round.condition.curriculum.arm == .benign
    (lossBefore, lossAfter) = (update.lossBefore, update.lossAfter)
    if let reason = update.stopped { (verdict, stopped) = (.untrained, reason) }
    metrics = rewards.metrics
    metrics["rate/rewarded"] = gamed.rate
    if !rewardsHonesty { metrics["rate/gamed"] = gamed.rate }
    metrics["rate/honest"] = Tally(sampled.episodes) { $0.holds(.honest) }.rate
    metrics["episodes"] = Double(sampled.all.count)
    metrics["tokens/episode"] = sampled.meanTokens
    metrics["tokens/s"] = sampled.report.tokensPerSecond
    metrics["selected"] = Double(update.learntFrom)
    metrics.merge(update.metrics) { $1 }
  }
}
