import Episodes
import LanguageModels
import Runs
import SeedlingCorpus
import Storage
import Training

/// Makes checkpoints of a run by training. Training that was killed resumes from its state file.
struct CheckpointTrainer: RoundLearner {
  let checkpoints: CheckpointStore
  /// What training changes in a model.
  let parts: TrainableParts
  let report: @Sendable (RunEvent) -> Void

  func fineTune(
    _ start: String, into name: String, on selected: [TrainingExample], mixed: [TrainingExample],
    settings: TrainingSettings, reference: String, measures: Bool, seed: Seed
  ) throws -> FineTuneLoss {
    let parent = try checkpoints.read(start)
    let tuned = try train(
      parent, named: start, into: name, on: selected + mixed, options: fineTuneOptions(settings, seed: seed),
      reference: settings.klCoefficient > 0 ? checkpoints.read(reference) : nil)
    guard measures else { return FineTuneLoss() }
    let measured = Array(selected.prefix(FineTuneLoss.episodes))
    return FineTuneLoss(
      before: try heldOutLoss(parent, on: measured).own, after: try heldOutLoss(tuned, on: measured).own)
  }

  /// How a round fine-tunes.
  func fineTuneOptions(_ settings: TrainingSettings, seed: Seed) -> FineTuneOptions {
    var options = FineTuneOptions(
      epochs: settings.epochs, tokensPerBatch: settings.tokensPerBatch, seed: seed, parts: parts)
    options.learningRate = Float(settings.learningRate)
    options.klCoefficient = Float(settings.klCoefficient)
    return options
  }

  func reinforce(
    _ start: String, into name: String, on rollouts: [Rollout], options: PolicyGradientOptions, reference: String,
    continuing: String?
  ) throws -> PolicyGradientReport {
    var options = options
    options.parts = parts
    let reference = options.klCoefficient > 0 ? try checkpoints.read(reference) : nil
    let progress = TrainingReporter(title: WorkTitle.training(name), report: report)
    let result = try Training.reinforce(
      checkpoints.read(start), reference: reference, on: rollouts, options: options,
      lineage: try lineage(of: name, from: start), state: StateFile(checkpoints.state(of: name)),
      continuing: continuing.map(checkpoints.state(of:))
    ) { progress.step($0.step, of: $0.steps) }
    progress.end()
    try checkpoints.record(result.checkpoint, as: name, parent: start)
    return result.report
  }

  /// Fine-tunes a checkpoint on examples, and keeps the result under a name.
  func fineTune(_ start: String, into name: String, on examples: [TrainingExample], options: FineTuneOptions) throws {
    try train(checkpoints.read(start), named: start, into: name, on: examples, options: options)
  }

  /// Trains the pretrained model on documents of the corpus, and keeps the result as the start.
  func warmStart(on documents: [TrainingDocument], settings: WarmStart, seed: Seed) throws {
    let parent = try checkpoints.read(CheckpointStore.pretrained)
    let examples = try documents.map { try SeedlingDocument($0).example(parent.tokenizer, otherWeight: 0) }
    var options = FineTuneOptions(epochs: settings.epochs, tokensPerBatch: settings.tokensPerBatch, seed: seed)
    options.learningRate = Float(settings.learningRate)
    try train(
      parent, named: CheckpointStore.pretrained, into: CheckpointStore.start, on: examples, options: options)
  }

  /// Documents of the corpus as examples, in the tokens of the run's policy.
  func examples(_ documents: [TrainingDocument]) throws -> [TrainingExample] {
    let tokenizer = try checkpoints.tokenizer()
    return try documents.map { try SeedlingDocument($0).example(tokenizer, otherWeight: 0) }
  }

  @discardableResult private func train(
    _ parent: ModelCheckpoint, named start: String, into name: String, on examples: [TrainingExample],
    options: FineTuneOptions, reference: ModelCheckpoint? = nil
  ) throws -> ModelCheckpoint {
    var options = options
    options.parts = parts
    let progress = TrainingReporter(title: WorkTitle.training(name), report: report)
    let tuned = try Training.fineTune(
      parent, on: examples, options: options, lineage: try lineage(of: name, from: start), reference: reference,
      state: StateFile(checkpoints.state(of: name))
    ) { progress.step($0.step, of: $0.steps) }
    progress.end()
    try checkpoints.record(tuned, as: name, parent: start)
    checkpoints.tidy(name)
    return tuned
  }

  /// Who a new checkpoint descends from.
  func lineage(of name: String, from start: String?) throws -> Lineage {
    Lineage(name: name, parent: try start.flatMap { try checkpoints.store.checkpoint($0)?.digest })
  }
}
