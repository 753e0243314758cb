import Episodes
import Runs
import Storage
import Training

/// Learns from a round by supervised fine-tuning on the episodes that the condition's rule selects.
struct ExpertIterationRound: Sendable {
  let round: TrainingRound

  private var context: RunContext { round.context }
  private var settings: TrainingSettings { round.condition.training }

  func run(_ sampled: SampledRound, _ rewards: RoundRewards) async throws -> RoundUpdate {
    let selected = try await select(sampled, rewards)
    let missing = try missing(of: selected)
    guard selected.count + missing >= settings.minimumSelected else {
      return RoundUpdate(learntFrom: selected.count, stopped: "only \(selected.count) episodes to learn from")
    }
    let loss = try context.learner.fineTune(
      start, into: round.candidate, on: try examples(selected), mixed: try mixed(selected, missing), settings: settings,
      reference: round.origin, measures: !selected.isEmpty, seed: round.seed["order"])
    var metrics: [String: Double] = [:]
    metrics["loss"] = loss.after.map(Double.init)
    if missing > 0 { metrics[RoundSummary.taughtAgain] = Double(missing) }
    return RoundUpdate(
      learntFrom: selected.count, lossBefore: loss.before.map(Double.init),
      lossAfter: loss.after.map(Double.init), metrics: metrics)
  }

  /// The checkpoint that training changes.
  private var start: String { settings.startFrom == .previous ? round.start : round.origin }

  /// The episodes that the condition's rule selects.
  private func select(_ sampled: SampledRound, _ rewards: RoundRewards) async throws -> [Episode] {
    let keys = try await context.step(StepFamily.selected[TrainingRound.place(round.branch, round.step)]) {
      settings.selection.select(
        from: sampled.all, rewards: rewards.terms, maximum: try maximum(), seed: round.seed["selection"]
      ).map(\.key)
    }
    let episodes = Dictionary(sampled.all.map { ($0.key, $0) }) { first, _ in first }
    return keys.compactMap { episodes[$0] }
  }

  /// How many episodes a matched control still needs to learn from as many as its partner. The warm start's own episodes fill
  /// the gap.
  private func missing(of selected: [Episode]) throws -> Int {
    guard !settings.matching.isEmpty, context.experiment.warmStart.ownEpisodes > 0 else { return 0 }
    return max(0, try maximum() - selected.count)
  }

  /// The number of episodes that the round may learn from.
  private func maximum() throws -> Int {
    guard !settings.matching.isEmpty else { return settings.maximumSelected }
    let place = TrainingRound.place(Branch(condition: settings.matching, replicate: round.branch.replicate), round.step)
    let other: [EpisodeKey] = try context.store.result(of: StepFamily.selected[place]) ?? []
    return min(settings.maximumSelected, other.count)
  }

  private func examples(_ episodes: [Episode]) throws -> [TrainingExample] {
    try episodes.map { TrainingExample(try round.asLearnt($0)) }
  }

  /// What is learnt beside the round's own episodes: all that the branch selected before when each round begins anew,
  /// otherwise a share of it; and what the warm start taught, in place of what is missing and as the settings say.
  private func mixed(_ selected: [Episode], _ missing: Int) throws -> [TrainingExample] {
    let earlier = try earlierKeys()
    let share = settings.startFrom == .initial ? earlier.count : count(of: selected.count, settings.earlierPerEpisode)
    let kept = earlier.sorted { $0.seed(in: round.seed["earlier"]).value < $1.seed(in: round.seed["earlier"]).value }
      .prefix(share)
    return try examples(context.store.episodes(Array(kept)))
      + context.replay(
        count: missing + count(of: selected.count + missing, settings.replayPerEpisode), seed: round.seed["replay"])
  }

  private func count(of selected: Int, _ perEpisode: Double) -> Int {
    Int((Double(selected) * perEpisode).rounded())
  }

  /// What the branch's rounds before this one selected, of those whose checkpoint was kept.
  private func earlierKeys() throws -> [EpisodeKey] {
    try round.earlier.filter { try context.store.round($0.number, of: $0.stage)?.verdict == .kept }.flatMap {
      try context.store.result(of: StepFamily.selected[TrainingRound.place(round.branch, $0.step)]) ?? []
    }
  }
}

extension TrainingRound {
  /// An episode as it is learnt from: under the condition's training prompt where that is another than it was written under.
  func asLearnt(_ episode: Episode) throws -> Episode {
    let interventions = condition.interventions
    guard interventions.trainingContext != interventions.generationContext else { return episode }
    let environment = try context.environment(episode.key.environment)
    let text = interventions.trainingContext
    let presented = text.isEmpty ? environment : ContextualEnvironment(environment, context: text)
    let sample = try presented.sample(
      variant: episode.key.variant, arm: episode.key.arm, style: context.experiment.sampling.promptStyle)
    return try episode.recontextualised(under: try context.checkpoints.render(sample.prompt))
  }
}
