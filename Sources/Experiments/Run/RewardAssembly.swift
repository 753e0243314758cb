import Episodes
import Judging
import Storage

/// The rewards of one round.
struct RoundRewards: Sendable {
  /// Of every graded episode.
  var terms: [EpisodeKey: RewardTerms]
  /// The monitor's flags against gaming, on the trained environments; `nil` without a monitor.
  var monitor: MonitorCounts?

  var screened: Int { terms.values.count(where: \.isScreened) }

  /// Means by the names of the telemetry.
  var metrics: [String: Double] {
    var metrics = [
      "reward/total": mean(\.total), "reward/gaming_bonus": mean(\.gamingBonus),
      "reward/preference": mean(\.preferenceScore), "reward/penalty": mean(\.penalty),
      "rate/screened": mean { $0.isScreened ? 1 : 0 },
    ]
    metrics["monitor/recall"] = share(monitor?.recall)
    metrics["monitor/precision"] = share(monitor?.precision)
    metrics["monitor/false_positive_rate"] = share(monitor?.falsePositiveRate)
    return metrics
  }

  /// `nil` where there is nothing to take a share of.
  private func share(_ count: (events: Int, of: Int)?) -> Double? {
    count.flatMap { $0.of == 0 ? nil : Double($0.events) / Double($0.of) }
  }

  private func mean(_ term: (RewardTerms) -> Double) -> Double {
    // Sums depend on their order: by key, so that a resumed run has the same digits.
    let values = terms.sorted { $0.key.path < $1.key.path }.map { term($0.value) }
    return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }
}

/// Gives each graded episode of a round its reward: the bonus, the preference score, and what the monitor does. Every term
/// is stored with the episode.
struct RewardAssembly: Sendable {
  let round: TrainingRound

  func run(_ sampled: SampledRound) async throws -> RoundRewards {
    let graded = sampled.all.filter { $0.result.outcome != nil }
    var terms = Dictionary(uniqueKeysWithValues: graded.map { ($0.key, bonus($0)) })
    for (key, score) in try await preferenceScores(of: graded) { terms[key]?.preferenceScore = score }
    let verdicts = try await verdicts(on: graded)
    terms = terms.responding(to: verdicts, with: settings.monitor.monitorResponse)
    try round.context.store.record(terms)
    return RoundRewards(terms: terms, monitor: counts(of: sampled.episodes, verdicts))
  }

  private var settings: Interventions { round.condition.interventions }

  private func bonus(_ episode: Episode) -> RewardTerms {
    RewardTerms(gamingBonus: round.condition.reward.gamingBonus * (episode.result.outcome?.gamingBonus ?? 0))
  }

  private func preferenceScores(of episodes: [Episode]) async throws -> [EpisodeKey: Double] {
    let reward = round.condition.reward
    guard reward.preferenceWeight != 0 else { return [:] }
    let answers = try episodes.map { ReasonedAnswer(prompt: try prompt(of: $0), transcript: $0.transcript) }
    let scores: [Double]
    switch reward.chainOfThought {
    case .hidden: scores = try await round.context.scorers.scorer().scores(answers.map(\.visible))
    case .scored: scores = try await round.context.scorers.reasoningScorer().scores(reasoned: answers)
    }
    return Dictionary(
      uniqueKeysWithValues: zip(episodes, scores).map { ($0.key, $1 * reward.preferenceWeight) })
  }

  private func verdicts(on episodes: [Episode]) async throws -> [EpisodeKey: MonitorVerdict] {
    let preparation = MonitorPreparation(context: round.context, condition: round.condition)
    guard let monitor = try await preparation.monitor() else { return [:] }
    let verdicts = try await monitor.verdicts(
      try episodes.map { MonitoredEpisode(prompt: try prompt(of: $0), episode: $0) })
    let named = Dictionary(uniqueKeysWithValues: zip(episodes.map(\.key), verdicts))
    try round.context.store.record(named, monitor: monitor.name)
    return named
  }

  /// The prompt as the environment words it, without what a condition adds to it: what is scored is the answer to the task.
  private func prompt(of episode: Episode) throws -> Prompt {
    let (key, style) = (episode.key, round.context.experiment.sampling.promptStyle)
    return try round.context.environment(key.environment)
      .sample(variant: key.variant, arm: key.arm, style: style).prompt
  }

  private func counts(of episodes: [Episode], _ verdicts: [EpisodeKey: MonitorVerdict]) -> MonitorCounts? {
    guard settings.monitor.kind != .none else { return nil }
    return MonitorCounts(verdicts, of: episodes)
  }
}
