import Episodes
import Runs
import SeedlingCorpus
import Storage
import Training

/// Teaches a model the tool protocol on the generated corpus or on its own honest episodes, and measures it before.
struct WarmStartTrainer: Sendable {
  let context: RunContext

  private var settings: WarmStart { context.experiment.warmStart }

  /// Plays the pretrained model, trains it, and keeps the result as the checkpoint to start from.
  func run() async throws {
    try await context.episodes.run(
      try context.experiment.measuredEnvironments.map { name in
        let environment = try context.environment(name)
        return EpisodeWork(
          title: WorkTitle.beforeWarmStart(name),
          keys: context.plan.before(checkpoint: CheckpointStore.pretrained, of: environment), environment: environment,
          policy: { try await context.policy(CheckpointStore.pretrained) })
      })
    if try context.store.checkpoint(CheckpointStore.start) != nil { return }
    if settings.ownEpisodes > 0 { return try await learn(from: ownEpisodes()) }
    let corpus = Corpus(seed: context.root["warm start"])
    let documents = (0..<settings.documents).map { corpus.document(at: Corpus.training.lowerBound + $0) }
    try context.trainer.warmStart(on: documents, settings: settings, seed: context.root["warm start", "order"])
  }

  /// Honest episodes of the pretrained model, as many as are wanted or as were found.
  private func ownEpisodes() async throws -> [Episode] {
    let environment = try context.environment(context.experiment.probe.environment)
    var (honest, played): ([Episode], Int) = ([], 0)
    for batch in 0..<WarmStart.mostBatches where honest.count < settings.ownEpisodes {
      let episodes = try await context.episodes.collect(
        EpisodeWork(
          title: WorkTitle.ownEpisodes(batch: batch), keys: context.plan.own(batch: batch, of: environment),
          environment: environment, policy: { try await context.policy(CheckpointStore.pretrained) }))
      honest += episodes.filter { $0.holds(.honest) }
      played += episodes.count
    }
    guard !honest.isEmpty else {
      throw ExperimentError(
        "None of the model's \(played) episodes of '\(environment.name)' is honest, so its warm start has nothing to learn "
          + "from. Choose a larger model, or warmStart.documents.")
    }
    let learnt = honest.prefix(settings.ownEpisodes)
    context.report(
      .noted("warm start: \(honest.count) of \(played) own episodes are honest; it learns from \(learnt.count)"))
    return Array(learnt)
  }

  private func learn(from episodes: [Episode]) async throws {
    _ = try await context.step(StepFamily.selected[CheckpointStore.start]) { episodes.map(\.key) }
    _ = try context.learner.fineTune(
      CheckpointStore.pretrained, into: CheckpointStore.start, on: episodes.map(TrainingExample.init), mixed: [],
      settings: TrainingSettings(
        learningRate: settings.learningRate, tokensPerBatch: settings.tokensPerBatch, epochs: settings.epochs),
      reference: CheckpointStore.pretrained, measures: false, seed: context.root["warm start", "order"])
  }
}
