internal import Episodes
package import Foundation
package import LanguageModels
internal import MLX
internal import Tokenization

/// What a training run tells its caller after each step.
package struct TrainingProgress: Sendable {
  /// Steps done, counted from 1.
  package let step: Int
  /// Steps that there will be.
  package let steps: Int
  package let loss: TrainingLoss
}

/// What the caller wants next.
package enum TrainingVerdict: Sendable {
  case more
  /// Ends training here; what has been learned is kept.
  case stop
}

/// Where a fine-tuning run keeps its state, so that one that was killed or cancelled goes on from there.
package struct StateFile: Sendable {
  package var url: URL
  /// Steps between two writes.
  package var interval: Int

  package init(_ url: URL, interval: Int = 20) {
    self.url = url
    self.interval = max(1, interval)
  }
}

/// Fine-tunes a checkpoint on examples.
///
/// With a state file, the weights in training, the optimiser and the place are written every so many steps and when the
/// task is cancelled. A later call with the same arguments goes on from there, and ends with the same bits as one that was
/// never stopped. The file stays: remove it when the checkpoint is safe.
///
/// - Parameters:
///   - examples: none leaves the weights as they are. Longer ones are cut to the model's context.
///   - lineage: of the new checkpoint.
///   - progress: called after every step.
/// - Throws: an error when the loss is not finite, or when the state file belongs to another run; `CancellationError`.
package func fineTune(
  _ checkpoint: ModelCheckpoint, on examples: [TrainingExample], options: FineTuneOptions, lineage: Lineage,
  state: StateFile? = nil, progress: (TrainingProgress) -> TrainingVerdict = { _ in .more }
) throws -> ModelCheckpoint {
  var run = try FineTuningRun(checkpoint, on: examples, options: options, state: state)
  try run.finish(progress)
  return try checkpoint.trained(run.trainer.model, lineage: lineage)
}

/// The loss of a checkpoint on examples that it was not trained on.
package func heldOutLoss(_ checkpoint: ModelCheckpoint, on examples: [TrainingExample]) throws -> TrainingLoss {
  try loss(of: checkpoint.model(), on: examples, padding: checkpoint.tokenizer.padding)
}

/// A fine-tuning run on its way.
private struct FineTuningRun {
  var trainer: SupervisedTrainer
  private let rows: [TrainingExample]
  private let batches: [[Int]]
  private let state: StateFile?
  private let identity: Identity

  /// What must be the same for a state to be gone on from.
  private struct Identity: Codable {
    let options: FineTuneOptions
    let checkpoint: String
    let examples: String
  }

  init(
    _ checkpoint: ModelCheckpoint, on examples: [TrainingExample], options: FineTuneOptions, state: StateFile?
  ) throws {
    let context = checkpoint.architecture.context
    rows = examples.map { $0.cut(to: context) }.filter { $0.tokens.count > 1 }
    batches = Self.batches(rows, options)
    self.state = state
    identity = Identity(
      options: options, checkpoint: try state.map { _ in try checkpoint.digest() } ?? "",
      examples: try state.map { _ in Data(try SavedTraining.json(examples).utf8).sha256 } ?? "")
    var model = try checkpoint.model(
      training: options.parts, key: MLXRandom.key(options.seed["adapter"].value),
      recomputesLayers: options.checkpointing)
    var optimizer: Safetensors?
    if let state, FileManager.default.fileExists(atPath: state.url.path) {
      let saved = try SavedTraining(contentsOf: state.url, recipe: identity)
      model.parameters = saved.parameters
      optimizer = saved.optimizer
    }
    trainer = try SupervisedTrainer(
      model, padding: checkpoint.tokenizer.padding, optimizer: options.optimizer, steps: batches.count,
      microbatchTokens: options.microbatchTokens, dropoutSeed: options.seed["dropout"], restoring: optimizer)
  }

  /// All steps that there will be, in order.
  private static func batches(_ rows: [TrainingExample], _ options: FineTuneOptions) -> [[Int]] {
    let batches = (0..<options.epochs).flatMap { epoch in
      BatchPlan.batches(
        lengths: rows.map(\.tokens.count), tokens: options.tokensPerBatch, seed: options.seed["batches"][epoch])
    }
    return Array(batches.prefix(options.maxSteps ?? .max))
  }

  /// The steps that are left, or those until `progress` says stop.
  mutating func finish(_ progress: (TrainingProgress) -> TrainingVerdict) throws {
    while trainer.optimizer.stepCount < batches.count {
      if Task.isCancelled {
        try save()
        throw CancellationError()
      }
      let loss = try trainer.train(on: batches[trainer.optimizer.stepCount].map { rows[$0] })
      let step = trainer.optimizer.stepCount
      if let state, step % state.interval == 0 { try save() }
      if case .stop = progress(TrainingProgress(step: step, steps: batches.count, loss: loss)) { break }
    }
  }

  private func save() throws {
    guard let state else { return }
    try SavedTraining(trainer).write(to: state.url, recipe: identity, place: trainer.optimizer.stepCount)
  }
}
