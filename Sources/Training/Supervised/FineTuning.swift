internal import Episodes
package import LanguageModels
internal import MLX

/// What a training run tells its caller after each step.
package struct TrainingProgress: Sendable {
  /// Steps done, counted from 1, and how many there will be.
  package let step: Int
  package let steps: Int
  package let loss: TrainingLoss
}

/// What the caller wants next.
package enum TrainingVerdict: Sendable {
  case more
  /// Ends training here; what has been learned is kept.
  case stop
}

/// Fine-tunes a checkpoint on examples.
///
/// - Parameters:
///   - examples: none leaves the weights as they are. Longer ones are cut to the model's context.
///   - lineage: of the new checkpoint.
///   - progress: called after every step.
/// - Throws: a `ModelError` when the loss is not finite; `CancellationError`.
package func fineTune(
  _ checkpoint: ModelCheckpoint, on examples: [TrainingExample], options: FineTuneOptions, lineage: Lineage,
  progress: (TrainingProgress) -> TrainingVerdict = { _ in .more }
) throws -> ModelCheckpoint {
  let model = try checkpoint.model()
  let rows = examples.filter { $0.tokens.count > 1 }.map { $0.cut(to: model.configuration.context) }
  var trainer = SupervisedTrainer(
    model, optimizer: try Optimizer(options.optimizer, for: model.parameters, isMatrix: model.isMatrix),
    padding: checkpoint.tokenizer.padding)
  let batches = (0..<options.epochs).flatMap { epoch in
    BatchPlan.batches(lengths: rows.map(\.tokens.count), tokens: options.tokensPerBatch, seed: options.seed["batches"][epoch])
  }.prefix(options.maxSteps ?? .max)
  for (step, batch) in batches.enumerated() {
    try Task.checkCancellation()
    let factor = options.schedule.factor(step: step, of: batches.count)
    let loss = try trainer.train(on: batch.map { rows[$0] }, factor: factor)
    if case .stop = progress(TrainingProgress(step: step + 1, steps: batches.count, loss: loss)) { break }
  }
  return try ModelCheckpoint(trainer.model, tokenizer: checkpoint.tokenizer, lineage: lineage)
}

/// The loss of a checkpoint on examples that it was not trained on.
package func heldOutLoss(_ checkpoint: ModelCheckpoint, on examples: [TrainingExample]) throws -> TrainingLoss {
  let model = try checkpoint.model()
  let trainer = SupervisedTrainer(
    model, optimizer: try Optimizer(OptimizerOptions(kind: .adamW), for: Parameters(), isMatrix: { _ in false }),
    padding: checkpoint.tokenizer.padding)
  return try trainer.loss(on: examples.map { $0.cut(to: model.configuration.context) })
}
