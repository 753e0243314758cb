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
final class CheckpointLibrary: RoundLearner {
  /// The name of the checkpoint that the curriculum starts from.
  static let start = "start"
  /// The name of the model as it was before the warm start, where there is one.
  static let pretrained = "pretrained"
  /// The name of the preference model that the run trains.
  static let preference = "preference"
  /// Names that no condition can have.
  static let reserved: Set = [start, pretrained, preference]

  private let folder: RunFolder
  let store: RunStore
  let experiment: Experiment
  let catalogue: ModelCatalogue
  /// The checkpoint that acted last, loaded: most work uses one many times.
  private let loaded = Mutex<(name: String, policy: LocalPolicy)?>(nil)

  init(folder: RunFolder, store: RunStore, experiment: Experiment, catalogue: ModelCatalogue) {
    self.folder = folder
    self.store = store
    self.experiment = experiment
    self.catalogue = catalogue
  }

  /// Puts the policy of the experiment into the run's folder, once.
  func install() throws {
    let name = experiment.warmStart.documents > 0 ? Self.pretrained : Self.start
    if try store.checkpoint(name) != nil { return }
    try record(try catalogue.checkpoint(named: experiment.policy), as: name, parent: nil)
  }

  /// Puts the policy of an evaluation into the run's folder under the name that its own lineage gives it, once.
  ///
  /// - Returns: the name, which says of a checkpoint of another run what it was there.
  func installUnderOwnName() throws -> String {
    if let known = try store.checkpoints().first { return known.name }
    let checkpoint = try catalogue.checkpoint(named: experiment.policy)
    let name = checkpoint.lineage.checkpointName
    try record(checkpoint, as: name, parent: nil)
    return name
  }

  /// Trains the pretrained model on documents of the corpus, and keeps the result as the start.
  func warmStart(
    on documents: [TrainingDocument], settings: WarmStart, seed: Seed, report: @escaping (RunEvent) -> Void
  ) throws {
    let parent = try read(Self.pretrained)
    let examples = try documents.map { try SeedlingDocument($0).example(parent.tokenizer, otherWeight: 0) }
    var options = FineTuneOptions(epochs: settings.epochs, tokensPerBatch: settings.tokensPerBatch, seed: seed)
    options.learningRate = Float(settings.learningRate)
    try train(parent, named: Self.pretrained, into: Self.start, on: examples, options: options, report: report)
  }

  /// A policy that samples from a checkpoint.
  func policy(_ name: String) async throws -> LocalPolicy {
    if let policy = loaded.withLock({ $0?.name == name ? $0?.policy : nil }) { return policy }
    let policy = try LocalPolicy(
      name: name,
      engine: SamplingEngine(try read(name), options: SamplingEngine.Options(rows: experiment.sampling.concurrency)),
      temperature: Float(experiment.sampling.temperature), promptStyle: experiment.sampling.promptStyle)
    loaded.withLock { $0 = (name, policy) }
    return policy
  }

  func fineTune(
    _ start: String, into name: String, on selected: [TrainingExample], mixed: [TrainingExample],
    settings: TrainingSettings, reference: String, seed: Seed, report: @escaping (RunEvent) -> Void
  ) throws -> FineTuneLoss {
    var options = FineTuneOptions(epochs: settings.epochs, tokensPerBatch: settings.tokensPerBatch, seed: seed)
    options.learningRate = Float(settings.learningRate)
    options.klCoefficient = Float(settings.klCoefficient)
    let parent = try read(start)
    let tuned = try train(
      parent, named: start, into: name, on: selected + mixed, options: options,
      reference: settings.klCoefficient > 0 ? read(reference) : nil, report: report)
    return FineTuneLoss(
      before: try heldOutLoss(parent, on: selected).own, after: try heldOutLoss(tuned, on: selected).own)
  }

  /// Fine-tunes a checkpoint on examples, and keeps the result under a name.
  func fineTune(
    _ start: String, into name: String, on examples: [TrainingExample], options: FineTuneOptions,
    report: @escaping (RunEvent) -> Void
  ) throws {
    try train(read(start), named: start, into: name, on: examples, options: options, report: report)
  }

  func reinforce(
    _ start: String, into name: String, on rollouts: [Rollout], options: PolicyGradientOptions, reference: String,
    continuing: String?, report: @escaping (RunEvent) -> Void
  ) throws -> PolicyGradientReport {
    let parent = try read(start)
    let needsReference = options.klCoefficient > 0
    let lineage = Lineage(name: name, parent: try store.checkpoint(start)?.digest)
    let progress = TrainingReporter(title: "train \(name)", report: report)
    let result = try Training.reinforce(
      parent, reference: needsReference ? read(reference) : nil, on: rollouts, options: options, lineage: lineage,
      state: StateFile(state(of: name)), continuing: continuing.map(state(of:))
    ) { progress.step($0.step, of: $0.steps) }
    progress.end()
    try record(result.checkpoint, as: name, parent: start)
    return result.report
  }

  /// Removes the weights of a checkpoint that nothing needs any more, and what is left of its making; its record stays.
  func discard(_ name: String) throws {
    if let file = try store.forget(checkpointFile: name) { try? FileManager.default.removeItem(at: file) }
    try? FileManager.default.removeItem(at: state(of: name))
  }

  /// Removes what is left of a checkpoint's making. It is only in the way, and harmless.
  func tidy(_ name: String) { try? FileManager.default.removeItem(at: state(of: name)) }

  func state(of name: String) -> URL { folder.checkpoint(name).appendingPathExtension("state") }

  /// Trains a checkpoint and keeps the result. Training that was killed goes on from its state file.
  @discardableResult private func train(
    _ parent: ModelCheckpoint, named start: String, into name: String, on examples: [TrainingExample],
    options: FineTuneOptions, reference: ModelCheckpoint? = nil, report: @escaping (RunEvent) -> Void
  ) throws -> ModelCheckpoint {
    var options = options
    options.parts = experiment.adapter.parts
    let lineage = Lineage(name: name, parent: try store.checkpoint(start)?.digest)
    let progress = TrainingReporter(title: "train \(name)", report: report)
    let tuned = try Training.fineTune(
      parent, on: examples, options: options, lineage: lineage, reference: reference,
      state: StateFile(state(of: name))
    ) { progress.step($0.step, of: $0.steps) }
    progress.end()
    try record(tuned, as: name, parent: start)
    tidy(name)
    return tuned
  }

  /// Gives a checkpoint a second name.
  func alias(_ name: String, as other: String) throws {
    guard try store.checkpoint(other) == nil, let known = try store.checkpoint(name) else { return }
    try store.record(CheckpointRecord(name: other, parent: known.name, path: known.path, digest: known.digest))
  }

  /// A prompt as the run's policy reads it.
  func render(_ prompt: Prompt) throws -> Segment { try Segment(prompt, tokenizer: read(Self.start).tokenizer) }

  /// Documents of the corpus as examples, in the tokens of the run's policy.
  func examples(_ documents: [TrainingDocument]) throws -> [TrainingExample] {
    let tokenizer = try read(Self.start).tokenizer
    return try documents.map { try SeedlingDocument($0).example(tokenizer, otherWeight: 0) }
  }

  func record(_ checkpoint: ModelCheckpoint, as name: String, parent: String?) throws {
    let file = folder.checkpoint(name)
    let digest = try checkpoint.write(to: file)
    try store.record(
      CheckpointRecord(name: name, parent: parent, path: "checkpoints/" + file.lastPathComponent, digest: digest))
  }

  /// Reads a checkpoint and checks that it is the one that was stored.
  func read(_ name: String) throws -> ModelCheckpoint {
    guard let known = try store.checkpoint(name) else {
      throw ExperimentError("The run has no checkpoint '\(name)'.")
    }
    let file = try store.checkpointFile(name)
    let checkpoint = try ModelCheckpoint(contentsOf: file, base: catalogue.base)
    guard try checkpoint.digest() == known.digest else {
      throw ExperimentError(
        "The checkpoint \(file.path) is not the one that this run wrote (its digest differs). Put the original back, or "
          + "start a new run with --name.")
    }
    return checkpoint
  }
}

extension Lineage {
  /// The name without what cannot stand in a checkpoint's name: of a path its last part, of a checkpoint
  /// `condition/stage` both. It comes from a file that anybody may have written.
  var checkpointName: String {
    let parts = name.split(separator: "/").map { part in
      String(part.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }.prefix(64))
    }
    let kept = parts.filter { !$0.allSatisfy { $0 == "." } }
    let isPath = name.hasPrefix("/") || name.hasPrefix(".") || kept.count > 2
    return kept.suffix(isPath ? 1 : 2).joined(separator: "/").nonEmpty ?? "policy"
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}

/// The loss on what was learnt, in nats per token that the policy wrote.
struct FineTuneLoss: Sendable {
  var before: Float?
  var after: Float?
}
