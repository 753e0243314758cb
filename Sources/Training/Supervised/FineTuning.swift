internal import Episodes
package import LanguageModels
internal import MLX
internal import Tokenization

/// Fine-tunes a checkpoint on examples.
///
/// With a state file, the weights in training, the optimiser and the place are written every so many steps and when the
/// task is cancelled. A later call with the same arguments goes on from there, and ends with the same bits as one that was
/// never stopped. The file stays: remove it when the checkpoint is safe.
///
/// - Parameters:
///   - examples: none leaves the weights as they are. Longer ones are cut to the model's context.
///   - lineage: of the new checkpoint.
///   - reference: what `FineTuneOptions.klCoefficient` holds the policy near.
///   - progress: called after every step.
/// - Throws: an error when the loss is not finite, or when the state file belongs to another run; `CancellationError`.
package func fineTune(
  _ checkpoint: ModelCheckpoint, on examples: [TrainingExample], options: FineTuneOptions, lineage: Lineage,
  reference: ModelCheckpoint? = nil, state: StateFile? = nil,
  progress: (TrainingProgress) -> TrainingVerdict = { _ in .more }
) throws -> ModelCheckpoint {
  let context = checkpoint.architecture.context
  var rows = examples.map { $0.cut(to: context) }.filter { $0.tokens.count > 1 }
  if options.klCoefficient > 0 {
    guard let reference else {
      throw ModelError(
        "A KL coefficient of \(options.klCoefficient) needs a reference checkpoint; give one, or set it to 0.")
    }
    rows = try referenced(rows, by: reference)
  }
  let batches = options.batches(lengths: rows.map(\.tokens.count))
  var run = try TrainingRun(
    rows: rows, batches: batches,
    recipe: RunRecipe(options, checkpoint, rows: rows, isNeeded: state != nil), state: state
  ) { saved in
    var model = try options.model(of: checkpoint)
    if let saved { model.parameters = saved.parameters }
    return try SupervisedTrainer(
      model, padding: checkpoint.tokenizer.padding, optimizer: options.optimizer, steps: batches.count,
      microbatchTokens: options.microbatchTokens, dropoutSeed: options.seed["dropout"],
      klCoefficient: options.klCoefficient, restoring: saved?.optimizer)
  }
  try run.finish(progress)
  return try checkpoint.trained(run.trainer.model, lineage: lineage)
}

/// The loss of a checkpoint on examples that it was not trained on.
package func heldOutLoss(_ checkpoint: ModelCheckpoint, on examples: [TrainingExample]) throws -> TrainingLoss {
  try loss(of: checkpoint.model(), on: examples, padding: checkpoint.tokenizer.padding)
}

extension FineTuneOptions {
  /// The checkpoint's model with what is trained of it.
  func model(of checkpoint: ModelCheckpoint) throws -> any CausalLanguageModel {
    try checkpoint.model(
      training: parts, key: MLXRandom.key(seed["adapter"].value), recomputesLayers: checkpointing)
  }

  /// The rows of all steps that there will be, in order, from the rows' lengths in tokens.
  func batches(lengths: [Int]) -> [[Int]] {
    let batches = (0..<epochs).flatMap { epoch in
      BatchPlan.batches(lengths: lengths, tokens: tokensPerBatch, seed: seed["batches"][epoch])
    }
    return Array(batches.prefix(maxSteps ?? .max))
  }
}
