import Episodes
import SeedlingCorpus
import Storage

/// Teaches a base model the tool protocol on the generated corpus, and measures it before.
struct WarmStartTrainer: Sendable {
  let context: RunContext

  private var settings: WarmStart { context.experiment.warmStart }

  /// Plays the pretrained model, trains it, and keeps the result as the checkpoint to start from.
  func run() async throws {
    let policy = try await context.policy(CheckpointStore.pretrained)
    for name in context.experiment.measuredEnvironments {
      let environment = try context.environment(name)
      try await context.episodes.run(
        context.plan.before(checkpoint: CheckpointStore.pretrained, of: environment),
        title: WorkTitle.beforeWarmStart(name), environment: environment, policy: policy)
    }
    if try context.store.checkpoint(CheckpointStore.start) != nil { return }
    let corpus = Corpus(seed: context.root["warm start"])
    let documents = (0..<settings.documents).map { corpus.document(at: Corpus.training.lowerBound + $0) }
    try context.trainer.warmStart(on: documents, settings: settings, seed: context.root["warm start", "order"])
  }
}
