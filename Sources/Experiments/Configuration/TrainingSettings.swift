package import Episodes
package import Training

/// How a stage trains.
package struct TrainingSettings: Sendable, Codable, Hashable {
  package enum Algorithm: String, NamedChoice {
    /// Supervised fine-tuning on the episodes that `selection` chooses.
    case expertIteration = "expert_iteration"
    /// Clipped policy gradients with a value head.
    case ppo
    /// Policy gradients with the group's other episodes as the baseline.
    case grpo
  }

  /// Which model a round of expert iteration changes.
  package enum StartFrom: String, NamedChoice {
    /// The one that sampled: each round adds to the last.
    case previous
    /// The one that the condition began with, on everything selected so far.
    case initial
  }

  /// Who writes the episodes of a round.
  package enum Sampler: String, NamedChoice {
    /// The policy in training.
    case current
    /// The experiment's start, for episodes that the policy in training has become too rare at, such as those without
    /// gaming.
    case start
  }

  package var algorithm: Algorithm
  package var roundsPerStage: Int
  /// A stage ends early, with the round whose episodes met the rewarded criterion at this rate or above it; `nil`: it never
  /// does.
  @OrNone package var targetRate: Double?
  /// Prompt variants sampled a round, ordinary ones included, drawn from the first half of each environment's variants; the
  /// second half is for evaluation, so that no prompt is both trained on and measured.
  package var promptsPerRound: Int
  /// Rollouts of each prompt.
  package var samplesPerPrompt: Int
  package var sampleFrom: Sampler
  package var learningRate: Double
  /// Tokens, padding included, whose gradient is computed at a time; in expert iteration also those of one step.
  package var tokensPerBatch: Int

  // Expert iteration.
  package var selection: SelectionRule
  package var startFrom: StartFrom
  /// Most episodes learnt from in a round.
  package var maximumSelected: Int
  /// Fewest episodes worth learning from; with fewer the round trains nothing and says so.
  package var minimumSelected: Int
  /// Passes over the selected episodes.
  package var epochs: Int
  /// Documents of general skills mixed in for each selected episode. They never show the trained tasks.
  package var replayPerEpisode: Double
  /// Episodes selected in earlier stages mixed in for each selected episode.
  package var earlierPerEpisode: Double
  /// Weight of the divergence from the condition's start on the tokens learnt from; 0 for none.
  package var klCoefficient: Double

  package var ppo: PPO
  package var grpo: GRPO

  package init(
    algorithm: Algorithm = .expertIteration, roundsPerStage: Int = 2, targetRate: Double? = nil,
    promptsPerRound: Int = 64, samplesPerPrompt: Int = 8, sampleFrom: Sampler = .current, learningRate: Double = 3e-4,
    tokensPerBatch: Int = 4_096, selection: SelectionRule = .exploitOnly, startFrom: StartFrom = .previous,
    maximumSelected: Int = 160, minimumSelected: Int = 4, epochs: Int = 2, replayPerEpisode: Double = 1,
    earlierPerEpisode: Double = 0, klCoefficient: Double = 0, ppo: PPO = PPO(), grpo: GRPO = GRPO()
  ) {
    self.algorithm = algorithm
    self.roundsPerStage = roundsPerStage
    self.targetRate = targetRate
    self.promptsPerRound = promptsPerRound
    self.samplesPerPrompt = samplesPerPrompt
    self.sampleFrom = sampleFrom
    self.learningRate = learningRate
    self.tokensPerBatch = tokensPerBatch
    self.selection = selection
    self.startFrom = startFrom
    self.maximumSelected = maximumSelected
    self.minimumSelected = minimumSelected
    self.epochs = epochs
    self.replayPerEpisode = replayPerEpisode
    self.earlierPerEpisode = earlierPerEpisode
    self.klCoefficient = klCoefficient
    self.ppo = ppo
    self.grpo = grpo
  }
}
