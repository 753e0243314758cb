import Episodes
import Storage
import Training

/// Learns from a round by supervised fine-tuning on the episodes that the condition's rule selects.
struct ExpertIterationRound: Sendable {
  let round: TrainingRound

  private var context: RunContext { round.context }
  private var settings: TrainingSettings { round.condition.training }

  func run(_ sampled: SampledRound, _ rewards: RoundRewards) throws -> RoundUpdate {
    let selected = settings.selection.select(
      from: sampled.all, rewards: rewards.terms, maximum: settings.maximumSelected, seed: round.seed["selection"])
    guard selected.count >= settings.minimumSelected else {
      return RoundUpdate(learntFrom: selected.count, stopped: "only \(selected.count) episodes to learn from")
    }
    try context.store.finishStep(Self.step(round.branch, round.step), result: selected.map(\.key))
    let loss = try context.learner.fineTune(
      start, into: round.candidate, on: try examples(selected), mixed: try mixed(selected), settings: settings,
      reference: reference, seed: round.seed["order"], report: context.report)
    return RoundUpdate(
      learntFrom: selected.count, lossBefore: loss.before.map(Double.init),
      lossAfter: loss.after.map(Double.init), metrics: loss.after.map { ["loss": Double($0)] } ?? [:])
  }

  /// The checkpoint that training changes.
  private var start: String { settings.startFrom == .previous ? round.start : reference }

  /// What the condition began with.
  private var reference: String {
    context.experiment.startingPoint(of: round.condition, replicate: round.branch.replicate)
  }

  private func examples(_ episodes: [Episode]) throws -> [TrainingExample] {
    try episodes.map { TrainingExample(try round.asLearnt($0)) }
  }

  /// What is learnt beside the round's own episodes: all that the branch selected before when each round begins anew,
  /// otherwise a share of it; and documents of general skills.
  private func mixed(_ selected: [Episode]) throws -> [TrainingExample] {
    let earlier = try earlierKeys()
    let share = settings.startFrom == .initial ? earlier.count : count(of: selected, settings.earlierPerEpisode)
    let kept = earlier.sorted { $0.seed(in: round.seed["earlier"]).value < $1.seed(in: round.seed["earlier"]).value }
      .prefix(share)
    return try examples(context.store.episodes(Array(kept)))
      + context.replay(count: count(of: selected, settings.replayPerEpisode), seed: round.seed["replay"])
  }

  private func count(of selected: [Episode], _ perEpisode: Double) -> Int {
    Int((Double(selected.count) * perEpisode).rounded())
  }

  /// What the branch's rounds before this one selected, of those whose checkpoint was kept.
  private func earlierKeys() throws -> [EpisodeKey] {
    try round.earlier.filter { try context.store.round($0.number, of: $0.stage)?.verdict == .kept }.flatMap {
      try context.store.step(Self.step(round.branch, $0.step), as: [EpisodeKey].self) ?? []
    }
  }

  /// The step that holds the keys of the episodes a round of a branch learnt from.
  private static func step(_ branch: Branch, _ number: Int) -> String { "selected/\(branch.name)/\(number)" }
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
