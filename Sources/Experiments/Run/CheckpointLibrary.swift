import Episodes
import Foundation
import LanguageModels
import Policies
import SeedlingCorpus
import Storage
import Synchronization
import Tokenization
import Training

/// The checkpoints of a run: files that are written whole or not at all, with their digests in the store.
final class CheckpointLibrary: Sendable {
  /// The name of the untrained checkpoint.
  static let start = "start"

  private let folder: RunFolder
  private let store: RunStore
  private let experiment: Experiment
  /// The checkpoint that acted last, loaded: most work uses one many times.
  private let loaded = Mutex<(name: String, policy: LocalPolicy)?>(nil)

  init(folder: RunFolder, store: RunStore, experiment: Experiment) {
    self.folder = folder
    self.store = store
    self.experiment = experiment
  }

  /// Puts the policy to start from into the run's folder, once.
  func install() throws {
    if try store.checkpoint(Self.start) != nil { return }
    try record(try SeedlingModel.named(experiment.policy), as: Self.start, parent: nil)
  }

  /// A policy that samples from a checkpoint.
  func policy(_ name: String) async throws -> LocalPolicy {
    if let policy = loaded.withLock({ $0?.name == name ? $0?.policy : nil }) { return policy }
    let policy = try LocalPolicy(
      name: name,
      engine: SamplingEngine(try read(name), options: SamplingEngine.Options(rows: experiment.sampling.concurrency)),
      temperature: Float(experiment.sampling.temperature))
    loaded.withLock { $0 = (name, policy) }
    return policy
  }

  /// Fine-tunes a checkpoint on selected episodes with replay mixed in, and keeps the result under a name.
  ///
  /// - Returns: the loss on the selected episodes before and after.
  func fineTune(
    _ start: String, into name: String, on selected: [TrainingExample], replay: [TrainingExample], seed: Seed
  ) throws -> FineTuneLoss {
    let settings = experiment.training
    var options = FineTuneOptions(epochs: settings.epochs, tokensPerBatch: settings.tokensPerBatch, seed: seed)
    options.learningRate = Float(settings.learningRate)
    let parent = try read(start)
    let lineage = Lineage(name: name, parent: try store.checkpoint(start)?.digest)
    let tuned = try Training.fineTune(parent, on: selected + replay, options: options, lineage: lineage)
    try record(tuned, as: name, parent: start)
    return FineTuneLoss(
      before: try heldOutLoss(parent, on: selected).own, after: try heldOutLoss(tuned, on: selected).own)
  }

  /// Gives a checkpoint a second name.
  func alias(_ name: String, as other: String) throws {
    guard try store.checkpoint(other) == nil, let known = try store.checkpoint(name) else { return }
    try store.record(CheckpointRecord(name: other, parent: known.name, path: known.path, digest: known.digest))
  }

  /// Documents of the corpus as examples, in the tokens of the run's policy.
  func examples(_ documents: [TrainingDocument]) throws -> [TrainingExample] {
    let tokenizer = try read(Self.start).tokenizer
    return try documents.map { try SeedlingDocument($0).example(tokenizer, otherWeight: 0) }
  }

  private func record(_ checkpoint: ModelCheckpoint, as name: String, parent: String?) throws {
    let file = folder.checkpoint(name)
    let digest = try checkpoint.write(to: file)
    try store.record(
      CheckpointRecord(name: name, parent: parent, path: "checkpoints/" + file.lastPathComponent, digest: digest))
  }

  /// Reads a checkpoint and checks that it is the one that was stored.
  private func read(_ name: String) throws -> ModelCheckpoint {
    guard let known = try store.checkpoint(name), let path = known.path else {
      throw ExperimentError("The run has no checkpoint '\(name)'.")
    }
    let file = folder.url.appending(path: path)
    let checkpoint = try ModelCheckpoint(contentsOf: file)
    guard try checkpoint.digest() == known.digest else {
      throw ExperimentError(
        "The checkpoint \(file.path) is not the one that this run wrote (its digest differs). Put the original back, or "
          + "start a new run with --name.")
    }
    return checkpoint
  }
}

/// The loss on what was learnt, in nats per token that the policy wrote.
struct FineTuneLoss: Sendable {
  var before: Float?
  var after: Float?
}
