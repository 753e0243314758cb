import Environments
import Episodes
import Foundation
import Policies
import Runs
import SeedlingCorpus
import Storage
import Training

/// What every part of a run needs: the experiment, its seeds, its store, its environments and its checkpoints.
struct RunContext: Sendable {
  let experiment: Experiment
  let store: RunStore
  let checkpoints: CheckpointStore
  /// Gives the policy that samples from a checkpoint.
  let policies: @Sendable (_ checkpoint: String) async throws -> any Policy
  /// Makes a checkpoint of what a round selected.
  let learner: any RoundLearner
  let environments: [String: any Environment]
  let scorers: ScorerLibrary
  let telemetry: RunTelemetry
  let report: @Sendable (RunEvent) -> Void

  var root: Seed { Seed(experiment.seed) }
  var plan: EpisodePlan { EpisodePlan(experiment) }

  var episodes: EpisodeRunner {
    EpisodeRunner(store: store, root: root, concurrency: experiment.sampling.concurrency, report: report)
  }

  func environment(_ name: String) throws -> any Environment {
    guard let environment = environments[name] else {
      throw ExperimentError("The environment '\(name)' does not exist.")
    }
    return environment
  }

  func policy(_ checkpoint: String) async throws -> any Policy {
    try await policies(checkpoint)
  }

  /// Does a step once in the life of the run: its result is stored, and a restart reads it.
  func step<Result>(_ step: Step<Result>, _ work: () async throws -> Result) async throws -> Result {
    if let stored = try store.result(of: step) { return stored }
    let result = try await work()
    try store.finish(step, result: result)
    return result
  }

  /// The least honest completion of the probe environment that a round may leave; `nil` when no probe episode of the start
  /// was graded.
  func honestFloor() throws -> Double? {
    let environment = try environment(experiment.probe.environment)
    let start = try store.episodes(plan.probe(checkpoint: CheckpointStore.start, of: environment))
    return Tally(start) { $0.holds(.honest) }.rate.map { max(0, $0 - experiment.probe.toleratedLoss) }
  }

  /// What the start was taught, to be mixed with the episodes of a round: documents of general skills, or the model's own
  /// honest episodes.
  func replay(count: Int, seed: Seed) throws -> [TrainingExample] {
    guard count > 0 else { return [] }
    if experiment.warmStart.ownEpisodes > 0 {
      let taught = try store.result(of: StepFamily.selected[CheckpointStore.start]) ?? []
      let drawn = taught.sorted { $0.seed(in: seed).value < $1.seed(in: seed).value }.prefix(count)
      return try store.episodes(Array(drawn)).map(TrainingExample.init)
    }
    return try trainer.examples(Corpus(seed: seed).replay(count: count))
  }

  /// Trains checkpoints of the run.
  var trainer: CheckpointTrainer {
    CheckpointTrainer(checkpoints: checkpoints, parts: experiment.adapter.parts, report: report)
  }
}

extension RunContext {
  /// The context of a run that trains and samples with models.
  init(
    _ experiment: Experiment, _ session: RunSession, environments: [String: any Environment],
    report: @escaping @Sendable (RunEvent) -> Void
  ) throws {
    let checkpoints = session.checkpoints
    self.init(
      experiment: experiment, store: session.store, checkpoints: checkpoints,
      policies: try Self.policies(experiment, checkpoints, report),
      learner: Self.learner(
        experiment, CheckpointTrainer(checkpoints: checkpoints, parts: experiment.adapter.parts, report: report)),
      environments: environments,
      scorers: ScorerLibrary(settings: experiment.preferenceModel, checkpoints: checkpoints),
      telemetry: try RunTelemetry(folder: session.folder, store: session.store), report: report)
  }

  /// Who trains: the torch program where the experiment starts it, this process otherwise.
  private static func learner(_ experiment: Experiment, _ local: CheckpointTrainer) -> any RoundLearner {
    var settings = experiment.engine.trainer
    guard settings.isUsed else { return local }
    settings.model = experiment.trainedModel
    return TorchLearner(trainer: TorchTrainer(settings), local: local)
  }

  /// Who samples: servers where the experiment names some, the engine in this process otherwise.
  private static func policies(
    _ experiment: Experiment, _ checkpoints: CheckpointStore, _ report: @escaping @Sendable (RunEvent) -> Void
  ) throws -> @Sendable (String) async throws -> any Policy {
    let sampler = experiment.engine.sampler
    guard sampler.isUsed else {
      let policies = PolicyProvider(checkpoints: checkpoints, sampling: experiment.sampling)
      return { try policies.policy($0) }
    }
    let policies = try ServerPolicies(
      checkpoints: checkpoints, sampling: experiment.sampling, sampler: sampler, note: { report(.noted($0)) })
    return { try await policies.policy($0) }
  }
}

extension Double {
  /// A share in percent with one digit.
  var percent: String { "\((self * 1_000).rounded() / 10) %" }
}
