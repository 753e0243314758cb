import Episodes
import Storage

/// The episodes of one round.
struct SampledRound: Sendable {
  /// Those on the trained environments.
  var episodes: [Episode]
  /// Those on ordinary helpful, honest and harmless prompts.
  var ordinary: [Episode]
  /// Drawn by the policies for each second of sampling; `nil` when they were stored before.
  var tokensPerSecond: Double?

  var all: [Episode] { episodes + ordinary }

  /// Tokens that the policy wrote, a mean over all episodes.
  var meanTokens: Double {
    let total = all.reduce(0) { sum, episode in
      sum + episode.transcript.segments.reduce(0) { $0 + ($1.source == .policy ? $1.tokens.count : 0) }
    }
    return all.isEmpty ? 0 : Double(total) / Double(all.count)
  }
}

/// Plays the episodes of a round: the stage's environments, and ordinary prompts for their share.
struct RoundSampler: Sendable {
  let round: TrainingRound

  func run() async throws -> SampledRound {
    let context = round.context
    let start = ContinuousClock.now
    let isResumed = try context.store.owed(keys(round.stage.environments)).isEmpty
    var sampled = SampledRound(episodes: try await play(round.stage.environments), ordinary: [])
    if round.condition.reward.ordinaryShare > 0 {
      sampled.ordinary = try await play([round.condition.reward.ordinaryPrompts])
    }
    if !isResumed {
      sampled.tokensPerSecond = sampled.meanTokens * Double(sampled.all.count) / max(start.secondsUntilNow, 1e-3)
    }
    return sampled
  }

  private var sampler: String {
    round.condition.training.sampleFrom == .start ? CheckpointLibrary.start : round.start
  }

  private func play(_ environments: [String]) async throws -> [Episode] {
    let policy = try await round.context.policy(sampler)
    for name in environments {
      let environment = try round.environment(name)
      try await round.context.episodes.run(
        try keys([name]), title: "\(round.branch.checkpoint(round.stage.name)) round \(round.number): sample \(name)",
        environment: environment, policy: policy)
    }
    return try round.context.store.episodes(keys(environments))
  }

  private func keys(_ environments: [String]) throws -> [EpisodeKey] {
    try environments.flatMap { name in
      round.context.plan.training(
        checkpoint: sampler, of: try round.context.environment(name), condition: round.condition, branch: round.branch,
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
