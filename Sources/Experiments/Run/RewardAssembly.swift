import Episodes
import Judging
import Runs
import Storage

/// The rewards of one round.
struct RoundRewards: Sendable {
  /// Of every graded episode.
  var terms: [EpisodeKey: RewardTerms]
  var report: RewardReport
}

/// What is stored of a round's rewards beside the terms of each episode.
struct RewardReport: Sendable, Codable {
  /// Episodes that the monitor's flags took from training.
  var screened: Int
  /// The monitor's flags against gaming, on the trained environments; `nil` without a monitor.
  var monitor: MonitorCounts?
  /// Means by the names of the telemetry.
  var metrics: [String: Double]

  init(_ terms: [EpisodeKey: RewardTerms], _ monitor: MonitorCounts?) {
    screened = terms.values.count(where: \.isScreened)
    self.monitor = monitor
    metrics = Self.metrics(terms, monitor)
  }

  private static func metrics(_ terms: [EpisodeKey: RewardTerms], _ monitor: MonitorCounts?) -> [String: Double] {
    // Sums depend on their order: by key, so that a resumed run has the same digits.
    let ordered = terms.sorted { $0.key.path < $1.key.path }.map(\.value)
    func mean(_ term: (RewardTerms) -> Double) -> Double? {
      ordered.isEmpty ? nil : ordered.map(term).reduce(0, +) / Double(ordered.count)
    }
    var metrics: [String: Double] = [:]
    metrics["reward/total"] = mean(\.total)
    metrics["reward/gaming_bonus"] = mean(\.gamingBonus)
    metrics["reward/preference"] = mean(\.preferenceScore)
    metrics["reward/penalty"] = mean(\.penalty)
    metrics["rate/screened"] = mean { $0.isScreened ? 1 : 0 }
    metrics["monitor/recall"] = share(monitor?.recall)
    metrics["monitor/precision"] = share(monitor?.precision)
    metrics["monitor/false_positive_rate"] = share(monitor?.falsePositiveRate)
    return metrics
  }

  /// `nil` where there is nothing to take a share of.
  private static func share(_ count: (events: Int, of: Int)?) -> Double? {
    count.flatMap { $0.of == 0 ? nil : Double($0.events) / Double($0.of) }
  }
}

/// Gives each graded episode of a round its reward: the bonus, the preference score, and what the monitor does. Every term
/// is stored with the episode.
///
/// Rewards and verdicts are stored batch by batch and read from the store before they are computed: a remote judge may score
/// the same answer differently when it is asked again, and what an episode was once given stays.
struct RewardAssembly: Sendable {
  let round: TrainingRound

  /// Episodes that are scored and stored together. A killed process asks at most so many answers' scores again.
  var batch = 64

  func run(_ sampled: SampledRound) async throws -> RoundRewards {
    let graded = sampled.all.filter { $0.result.outcome != nil }
    let monitor = try await MonitorPreparation(context: round.context, condition: round.condition).monitor()
    let store = round.context.store
    let title = "\(round.branch.checkpoint(round.stage.name)) round \(round.number): score"
    let known = try store.rewards(graded.map(\.key)).count
    let isShown = known < graded.count && (monitor != nil || round.condition.reward.preferenceWeight != 0)
    if isShown { round.context.report(.began(title, total: graded.count, done: known)) }
    var (terms, verdicts): ([EpisodeKey: RewardTerms], [EpisodeKey: MonitorVerdict]) = ([:], [:])
    // The batches are the same after a resume, so that a local scorer computes the same bits.
    for start in stride(from: 0, to: graded.count, by: batch) {
      try Task.checkCancellation()
      let batch = Array(graded[start..<min(start + batch, graded.count)])
      if let monitor { verdicts.merge(try await self.verdicts(of: monitor, on: batch)) { $1 } }
      terms.merge(try await rewards(of: batch, verdicts)) { $1 }
      if isShown { round.context.report(.advanced(done: terms.count)) }
    }
    if isShown { round.context.report(.ended(title)) }
    let report = try await round.context.step(StepFamily.rewarded[round.place]) {
      RewardReport(terms, counts(of: sampled.episodes, verdicts))
    }
    return RoundRewards(terms: terms, report: report)
  }

  private var settings: Interventions { round.condition.interventions }

  /// The stored rewards of a batch; those that are missing are computed and stored.
  private func rewards(
    of episodes: [Episode], _ verdicts: [EpisodeKey: MonitorVerdict]
  ) async throws -> [EpisodeKey: RewardTerms] {
    let stored = try round.context.store.rewards(episodes.map(\.key))
    let missing = episodes.filter { stored[$0.key] == nil }
    guard !missing.isEmpty else { return stored }
    var terms = Dictionary(uniqueKeysWithValues: missing.map { ($0.key, bonus($0)) })
    for (key, score) in try await preferenceScores(of: missing) { terms[key]?.preferenceScore = score }
    terms = terms.responding(to: verdicts, with: settings.monitor.monitorResponse)
    try round.context.store.record(terms)
    return stored.merging(terms) { $1 }
  }

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

  /// What the monitor said of a batch; where it has said nothing yet, it is asked, and its verdicts are stored.
  private func verdicts(of monitor: Monitor, on episodes: [Episode]) async throws -> [EpisodeKey: MonitorVerdict] {
    let stored = try round.context.store.verdicts(episodes.map(\.key), monitor: monitor.name)
    let missing = episodes.filter { stored[$0.key] == nil }
    guard !missing.isEmpty else { return stored }
    let verdicts = try await monitor.verdicts(
      try missing.map { MonitoredEpisode(prompt: try prompt(of: $0), episode: $0) })
    let named = Dictionary(uniqueKeysWithValues: zip(missing.map(\.key), verdicts))
    try round.context.store.record(named, monitor: monitor.name)
    return stored.merging(named) { $1 }
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
