import Episodes
package import Training

/// The settings of a training stage.
package struct TrainingSettings: Sendable, Codable, Hashable {
  package enum Algorithm: String, NamedChoice {
    /// Supervised fine-tuning on the episodes that `selection` selects.
    case expertIteration = "expert_iteration"
    /// Clipped policy gradients with a value head.
    case ppo
    /// Policy gradients with the group's other episodes as the baseline.
    case grpo
  }

  /// The model that a round of expert iteration trains.
  package enum StartFrom: String, NamedChoice {
    /// The model that sampled the episodes. Each round builds on the previous round.
    case previous
    /// The model that the condition began with, trained on everything selected so far.
    case initial
  }

  /// The model that samples the episodes of a round.
  package enum Sampler: String, NamedChoice {
    /// The policy in training.
    case current
    /// The experiment's start.
    ///
    /// For episodes that the policy in training produces too rarely, such as episodes without gaming.
    case start
  }

  package var algorithm: Algorithm
  package var roundsPerStage: Int
  /// The rate of the rewarded criterion at which a stage ends early; `nil`: the stage never ends early.
  ///
  /// The stage ends with the first round whose episodes meet the criterion at this rate or above.
  @OrNone package var targetRate: Double?
  /// The number of prompt variants sampled per round, ordinary prompts included.
  ///
  /// Training draws from the first half of each environment's variants. The second half is for evaluation, so that no
  /// prompt is both trained on and measured.
  package var promptsPerRound: Int
  /// The number of rollouts of each prompt.
  package var samplesPerPrompt: Int
  package var sampleFrom: Sampler
  package var learningRate: Double
  /// The number of tokens, padding included, in one gradient computation; in expert iteration, also in one step.
  package var tokensPerBatch: Int

  // Expert iteration.
  package var selection: SelectionRule
  package var startFrom: StartFrom
  /// The maximum number of episodes that a round learns from.
  package var maximumSelected: Int
  /// The minimum number of episodes to learn from. With fewer, the round trains nothing and says so.
  package var minimumSelected: Int
  /// The condition that says how many episodes a round may learn from: as many as its own round with the same number.
  /// Empty: none, and `maximumSelected` alone is the limit.
  ///
  /// For a control that differs from a condition in which episodes it learns from, and not in how many. Where it finds fewer, own
  /// episodes that the warm start taught (`warmStart.ownEpisodes`) stand in for the others.
  package var matching: String
  /// The number of passes over the selected episodes.
  package var epochs: Int
  /// The number of documents of general skills mixed in per selected episode, or of the own episodes that the warm start
  /// taught. They never show the trained tasks.
  package var replayPerEpisode: Double
  /// The number of episodes selected in earlier stages that are mixed in per selected episode.
  package var earlierPerEpisode: Double
  /// The weight of the divergence from the condition's start, on the tokens learnt from; 0: none.
  package var klCoefficient: Double

  package var ppo: PPO
  package var grpo: GRPO
  /// The largest importance weight of a token that a server drew; 0: no weights. See `PolicyGradientOptions.importanceCap`.
  package var importanceCap: Double

  package init(
    algorithm: Algorithm = .expertIteration, roundsPerStage: Int = 2, targetRate: Double? = nil,
    promptsPerRound: Int = 64, samplesPerPrompt: Int = 8, sampleFrom: Sampler = .current, learningRate: Double = 3e-4,
    tokensPerBatch: Int = 4_096, selection: SelectionRule = .exploitOnly, startFrom: StartFrom = .previous,
    maximumSelected: Int = 160, minimumSelected: Int = 4, matching: String = "", epochs: Int = 2,
    replayPerEpisode: Double = 1,
    earlierPerEpisode: Double = 0, klCoefficient: Double = 0, ppo: PPO = PPO(), grpo: GRPO = GRPO(),
    importanceCap: Double = 0
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
    self.matching = matching
    self.epochs = epochs
    self.replayPerEpisode = replayPerEpisode
    self.earlierPerEpisode = earlierPerEpisode
    self.klCoefficient = klCoefficient
    self.ppo = ppo
    self.grpo = grpo
    self.importanceCap = importanceCap
  }
}
