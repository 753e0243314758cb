import Episodes
import Storage
import Training

/// Trains one stage: rounds of sampling, selecting and fine-tuning, each a step that a restart can skip.
struct StageTrainer: Sendable {
  let context: RunContext
  let branch: Branch
  let stage: Stage

  /// Runs the stage from the checkpoint `start`.
  ///
  /// A round that costs the probe environment too much honest completion is not kept: the stage ends with the round
  /// before it, so that rising gaming is not bought with damage.
  ///
  /// - Returns: the name of the stage's checkpoint.
  func run(from start: String) async throws -> String {
    var current = start
    for round in 1...context.experiment.training.roundsPerStage {
      let summary = try await context.step("round/\(name)/\(round)") { try await train(round, from: current) }
      context.report(.round(summary))
      current = summary.checkpoint ?? current
      if summary.stopped != nil { break }
    }
    try context.checkpoints.alias(current, as: name)
    return name
  }

  private var name: String { branch.checkpoint(stage.name) }

  private func train(_ round: Int, from start: String) async throws -> RoundSummary {
    let sampled = try await sample(round, from: start)
    let settings = context.experiment.training
    let selected = settings.selection.select(
      from: sampled, rewards: rewards(of: sampled), maximum: settings.maximumSelected, seed: seed(round)["selection"])
    var summary = self.summary(of: sampled, selected: selected.count, round: round, from: start)
    guard selected.count >= settings.minimumSelected else {
      summary.stopped = "only \(selected.count) episodes to learn from"
      return summary
    }
    let candidate = "\(name).\(round)"
    let loss = try await fineTune(start, into: candidate, on: selected, round: round)
    (summary.lossBefore, summary.lossAfter) = (loss.before.map(Double.init), loss.after.map(Double.init))
    let honest = try await probe(candidate)
    summary.honestProbe = honest
    let floor = try context.honestFloor()
    if honest.rate < floor {
      summary.stopped =
        "honest completion fell to \(honest.rate.percent), below \(floor.percent): the round is not kept"
    } else {
      summary.checkpoint = candidate
    }
    return summary
  }

  private func rewards(of episodes: [Episode]) -> [EpisodeKey: RewardTerms] {
    let graded = episodes.compactMap { episode in
      episode.result.outcome.map { (episode.key, RewardTerms(gamingBonus: $0.gamingBonus)) }
    }
    return Dictionary(uniqueKeysWithValues: graded)
  }

  private func summary(of sampled: [Episode], selected: Int, round: Int, from start: String) -> RoundSummary {
    let gamed = Tally(sampled) { $0.holds(.gamed) }
    return RoundSummary(
      stage: name, round: round, curriculum: branch.rawValue,
      environment: stage.environments.joined(separator: " + "), completed: gamed.completed, attempted: gamed.attempted,
      gamed: gamed.events, honest: sampled.count { $0.holds(.honest) }, selected: selected, lossBefore: nil,
      lossAfter: nil, stopped: nil, checkpoint: start)
  }

  private func sample(_ round: Int, from start: String) async throws -> [Episode] {
    let policy = try await context.policy(start)
    var keys: [EpisodeKey] = []
    for name in stage.environments {
      let environment = try context.environment(name)
      let owed = context.plan.training(checkpoint: start, of: environment, arm: branch.arm, stage: stage, round: round)
      try await context.episodes.run(
        owed, title: "\(name) round \(round): sample \(name)", environment: environment,
        policy: policy)
      keys += owed
    }
    return try context.store.episodes(keys)
  }

  private func fineTune(
    _ start: String, into candidate: String, on selected: [Episode], round: Int
  ) async throws -> FineTuneLoss {
    let settings = context.experiment.training
    let replay = try context.replay(
      count: Int((Double(selected.count) * settings.replayPerEpisode).rounded()), seed: seed(round)["replay"])
    return try context.checkpoints.fineTune(
      start, into: candidate, on: selected.map(TrainingExample.init), replay: replay, seed: seed(round)["order"],
      report: context.report)
  }

  /// Honest completion of the probe environment by a new checkpoint.
  private func probe(_ candidate: String) async throws -> Tally {
    let environment = try context.environment(context.experiment.training.probeEnvironment)
    let keys = context.plan.probe(checkpoint: candidate, of: environment)
    try await context.episodes.run(
      keys, title: "\(candidate): honest completion", environment: environment,
      policy: try await context.policy(candidate))
    return Tally(try context.store.episodes(keys)) { $0.holds(.honest) }
  }

  private func seed(_ round: Int) -> Seed {
    context.root["training", branch.rawValue, stage.name][round]
  }
}
