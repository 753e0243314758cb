package import Episodes
import Runs
import Storage

/// Which episodes an experiment owes. Pure: the plan is a function of the experiment, so a resumed run owes the same.
package struct EpisodePlan: Sendable {
  package let experiment: Experiment

  package init(_ experiment: Experiment) { self.experiment = experiment }

  /// The evaluation episodes of a checkpoint on an environment.
  ///
  /// Trained environments use the second half of their variants, which training never sees; the held-out one uses all.
  package func evaluation(
    checkpoint: String, of environment: any Environment, atEnd: Bool
  ) -> [EpisodeKey] {
    let settings = experiment.evaluation
    let isHeldOut = settings.heldOut.names.contains(environment.name)
    let count =
      !isHeldOut ? settings.episodes : atEnd ? settings.heldOutEpisodesAtEnds : settings.heldOutEpisodesBetween
    let variants = isHeldOut ? 0..<environment.variantCount : Self.evaluationVariants(of: environment)
    return Self.keys(
      count, over: Array(variants), checkpoint: checkpoint, environment: environment.name, arm: .standard,
      purpose: "evaluation")
  }

  /// The episodes of an environment that a model plays before its warm start: over the evaluation's prompts.
  package func before(checkpoint: String, of environment: any Environment) -> [EpisodeKey] {
    Self.keys(
      experiment.warmStart.episodesBefore, over: Array(Self.evaluationVariants(of: environment)),
      checkpoint: checkpoint, environment: environment.name, arm: .standard, purpose: "evaluation")
  }

  /// A batch of episodes among which the warm start looks for honest ones: over training prompts.
  func own(batch: Int, of environment: any Environment) -> [EpisodeKey] {
    let count = experiment.warmStart.ownEpisodes
    return Self.keys(
      (batch + 1) * count, over: Array(0..<max(1, environment.variantCount / 2)),
      checkpoint: CheckpointStore.pretrained, environment: environment.name, arm: .standard, purpose: "warm_start"
    ).suffix(count)
  }

  /// The episodes of one training round on one environment, or on ordinary prompts.
  ///
  /// - Parameter checkpoint: who plays them.
  func training(
    checkpoint: String, of environment: any Environment, condition: Condition, branch: Branch, stage: Stage, round: Int
  ) -> [EpisodeKey] {
    let (settings, reward) = (condition.training, condition.reward)
    let isOrdinary = !stage.environments.contains(environment.name)
    let ordinary = Int((Double(settings.promptsPerRound) * reward.ordinaryShare).rounded())
    let prompts =
      isOrdinary ? ordinary : max(1, (settings.promptsPerRound - ordinary) / stage.environments.count)
    let variants = Array(0..<max(1, environment.variantCount / 2))
    let chosen = (0..<prompts).map { variants[((round - 1) * prompts + $0) % variants.count] }
    return chosen.uniqued.flatMap { variant in
      (0..<settings.samplesPerPrompt).map {
        EpisodeKey(
          checkpoint: checkpoint, environment: environment.name,
          arm: isOrdinary ? .standard : condition.curriculum.arm,
          purpose: branch.trainingPurpose(stage: stage.name, round: round), variant: variant, sample: $0)
      }
    }
  }

  /// The episodes of another arm of the held-out environment.
  func arm(_ arm: Arm, checkpoint: String, of environment: any Environment) -> [EpisodeKey] {
    Self.keys(
      experiment.evaluation.armEpisodes, over: Array(0..<environment.variantCount), checkpoint: checkpoint,
      environment: environment.name, arm: arm, purpose: "evaluation")
  }

  /// Episodes of a checkpoint on the standard arm for another purpose than the matrix.
  func extra(purpose: String, checkpoint: String, of environment: any Environment) -> [EpisodeKey] {
    Self.keys(
      experiment.evaluation.armEpisodes, over: Array(Self.evaluationVariants(of: environment)),
      checkpoint: checkpoint, environment: environment.name, arm: .standard, purpose: purpose)
  }

  /// Episodes of the untrained policy from which a condition's probe is learnt: of training prompts, several of each.
  func pairs(of environment: any Environment, for condition: Condition) -> [EpisodeKey] {
    let settings = condition.training
    return (0..<min(settings.promptsPerRound, max(1, environment.variantCount / 2))).flatMap { variant in
      (0..<settings.samplesPerPrompt).map {
        EpisodeKey(
          checkpoint: CheckpointStore.start, environment: environment.name, arm: .standard, purpose: "probe_pairs",
          variant: variant, sample: $0)
      }
    }
  }

  /// Chains of episodes on the same files, about `armEpisodes` in all: a chain a variant.
  func chains(checkpoint: String, of environment: any Environment) -> [EpisodeKey] {
    let settings = experiment.evaluation
    let count = min(environment.variantCount, max(1, settings.armEpisodes / settings.persistence))
    return (0..<count).flatMap { variant in
      (0..<settings.persistence).map {
        EpisodeKey(
          checkpoint: checkpoint, environment: environment.name, arm: .standard, purpose: "persistence",
          variant: variant, sample: $0)
      }
    }
  }

  /// The episodes that watch honest completion after a round: over prompts that no round learns from, in case the probe's
  /// environment also gives the ordinary prompts.
  package func probe(checkpoint: String, of environment: any Environment) -> [EpisodeKey] {
    Self.keys(
      experiment.probe.episodes, over: Array(Self.evaluationVariants(of: environment)), checkpoint: checkpoint,
      environment: environment.name, arm: .standard, purpose: "probe")
  }

  /// The episodes of a gate item.
  package func gate(checkpoint: String, of environment: any Environment, arm: Arm, purpose: String) -> [EpisodeKey] {
    Self.keys(
      experiment.gate.episodes, over: Array(0..<environment.variantCount), checkpoint: checkpoint,
      environment: environment.name, arm: arm, purpose: purpose)
  }

  private static func evaluationVariants(of environment: any Environment) -> Range<Int> {
    environment.variantCount / 2..<environment.variantCount
  }

  /// `count` keys over the variants in turn: every variant once before any twice.
  static func keys(
    _ count: Int, over variants: [Int], checkpoint: String, environment: String, arm: Arm, purpose: String
  ) -> [EpisodeKey] {
    (0..<count).map {
      EpisodeKey(
        checkpoint: checkpoint, environment: environment, arm: arm, purpose: purpose,
        variant: variants[$0 % variants.count], sample: $0 / variants.count)
    }
  }
}

extension [Int] {
  /// Each element once, in order.
  fileprivate var uniqued: [Int] {
    var seen: Set<Int> = []
    return filter { seen.insert($0).inserted }
  }
}
