import Episodes
import Runs
import Storage

/// The episodes of one round.
struct SampledRound: Sendable {
  /// Those on the trained environments.
  var episodes: [Episode]
  /// Those on ordinary helpful, honest and harmless prompts.
  var ordinary: [Episode]
  var report: SamplingReport

  var all: [Episode] { episodes + ordinary }

  /// Tokens that the policy wrote, a mean over all episodes.
  var meanTokens: Double {
    let total = all.reduce(0) { $0 + $1.policyTokens }
    return all.isEmpty ? 0 : Double(total) / Double(all.count)
  }
}

/// What is stored of a round's sampling beside its episodes.
struct SamplingReport: Sendable, Codable {
  /// Drawn by the policies for each second of sampling, counted over the episodes that the process played which finished
  /// the step; `nil` when all were stored before.
  var tokensPerSecond: Double?
}

extension Episode {
  /// Tokens that the policy wrote.
  fileprivate var policyTokens: Int {
    transcript.segments.reduce(0) { $0 + ($1.source == .policy ? $1.tokens.count : 0) }
  }
}

/// Plays the episodes of a round: the stage's environments, and ordinary prompts for their share.
struct RoundSampler: Sendable {
  let round: TrainingRound

  func run() async throws -> SampledRound {
    let isMixed = round.condition.reward.ordinaryShare > 0
    let ordinary = isMixed ? [round.condition.reward.ordinaryPrompts] : []
    let owed = Set(try round.context.store.owed(keys(round.stage.environments + ordinary)))
    let start = ContinuousClock.now
    var sampled = SampledRound(
      episodes: try await play(round.stage.environments), ordinary: try await play(ordinary), report: SamplingReport())
    sampled.report = try await round.context.step(StepFamily.sampled[round.place]) {
      guard !owed.isEmpty else { return SamplingReport() }
      let drawn = sampled.all.reduce(0) { $0 + (owed.contains($1.key) ? $1.policyTokens : 0) }
      return SamplingReport(tokensPerSecond: Double(drawn) / max(start.secondsUntilNow, 1e-3))
    }
    return sampled
  }

  private func play(_ environments: [String]) async throws -> [Episode] {
    var episodes: [Episode] = []
    for name in environments {
      let environment = try round.environment(name)
      episodes += try await round.context.episodes.collect(
        EpisodeWork(
          title: WorkTitle.sampling(round.branch.checkpoint(round.stage.name), round: round.number, on: name),
          keys: try keys([name]), environment: environment, policy: { try await round.context.policy(round.sampler) }))
    }
    return episodes
  }

  private func keys(_ environments: [String]) throws -> [EpisodeKey] {
    try environments.flatMap { name in
      round.context.plan.training(
        checkpoint: round.sampler, of: try round.context.environment(name), condition: round.condition,
        branch: round.branch,
        stage: round.stage, round: round.number)
    }
  }
}

extension TrainingRound {
  /// An environment as this round's episodes are written in it: with the condition's text added to its prompts.
  func environment(_ name: String) throws -> any Environment {
    let environment = try context.environment(name)
    let text = condition.interventions.generationContext
    return text.isEmpty ? environment : ContextualEnvironment(environment, context: text)
  }
}
