internal import Episodes
package import LanguageModels
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

/// Fine-tunes a checkpoint on examples.
///
/// - Parameters:
///   - examples: none leaves the weights as they are. Longer ones are cut to the model's context.
///   - lineage: of the new checkpoint.
///   - progress: called after every step.
/// - Throws: an error when the loss is not finite; `CancellationError`.
package func fineTune(
  _ checkpoint: ModelCheckpoint, on examples: [TrainingExample], options: FineTuneOptions, lineage: Lineage,
  progress: (TrainingProgress) -> TrainingVerdict = { _ in .more }
) throws -> ModelCheckpoint {
  let model = try checkpoint.seedling()
  let rows = examples.map { $0.cut(to: model.configuration.context) }.filter { $0.tokens.count > 1 }
  let batches = (0..<options.epochs).flatMap { epoch in
    BatchPlan.batches(
      lengths: rows.map(\.tokens.count), tokens: options.tokensPerBatch, seed: options.seed["batches"][epoch])
  }.prefix(options.maxSteps ?? .max)
  var trainer = try SupervisedTrainer(
    model, padding: checkpoint.tokenizer.padding, optimizer: options.optimizer, steps: batches.count)
  for (step, batch) in batches.enumerated() {
    try Task.checkCancellation()
    let loss = try trainer.train(on: batch.map { rows[$0] })
    if case .stop = progress(TrainingProgress(step: step + 1, steps: batches.count, loss: loss)) { break }
  }
  guard let tokenizer = checkpoint.tokenizer as? WordTokenizer else {
    throw ModelError("'\(checkpoint.lineage.name)' has no word tokenizer.")
  }
  return try ModelCheckpoint(trainer.model, tokenizer: tokenizer, lineage: lineage)
}

/// The loss of a checkpoint on examples that it was not trained on.
package func heldOutLoss(_ checkpoint: ModelCheckpoint, on examples: [TrainingExample]) throws -> TrainingLoss {
  try loss(of: checkpoint.seedling(), on: examples, padding: checkpoint.tokenizer.padding)
}
