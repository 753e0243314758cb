internal import Foundation
package import LanguageModels
internal import MLX
internal import Tokenization

/// What a preference model's head is called among a checkpoint's heads.
package let preferenceHeadName = "preference"

/// The loss of some pairs.
package struct PreferenceLoss: Sendable, Hashable {
  /// The mean of the pairs' losses, in nats.
  package let mean: Float
  /// The pairs whose chosen answer has the higher score, of `pairs`.
  package let correct: Int
  package let pairs: Int
}

/// Trains a preference model: the transformer and a scalar head on the state of an answer's last token, by the
/// Bradley-Terry loss.
///
/// The head begins as the base's own head `preference`, or as one of zeros. The state file works as in `fineTune`.
///
/// - Parameters:
///   - pairs: their prompts are cut from the left where they do not fit the model's context.
///   - reference: pairs that were not trained on; the scores of their answers, chosen and rejected alike, are what later
///     scores are normalised against. None: the first 512 of `pairs`.
///   - lineage: of the new checkpoint.
///   - progress: called after every step.
/// - Returns: the trained checkpoint, with its head `preference`.
/// - Throws: a `ModelError` when there are no pairs, the loss is not finite, all answers get one score, or the state file
///   belongs to another run; `CancellationError`.
package func trainPreferenceModel(
  _ base: ModelCheckpoint, on pairs: [PreferencePair], reference: [PreferencePair] = [], options: PreferenceOptions,
  lineage: Lineage, state: StateFile? = nil,
  progress: (StepProgress<PreferenceLoss>) -> TrainingVerdict = { _ in .more }
) throws -> ModelCheckpoint {
  guard !pairs.isEmpty else { throw ModelError("There are no preference pairs to train on; give at least one.") }
  let rows = try pairs.map { try TokenizedPair($0, base) }
  let batches = options.training.batches(lengths: rows.map(\.length))
  var run = try TrainingRun(
    rows: rows, batches: batches, recipe: RunRecipe(options, base, rows: pairs, isNeeded: state != nil), state: state
  ) { saved in
    let head = base.heads[preferenceHeadName] ?? ScalarHead(width: base.architecture.width)
    return try PreferenceTrainer(
      options.training.model(of: base), head: head, padding: base.tokenizer.padding, options: options,
      steps: batches.count, restoring: saved)
  }
  try run.finish(progress)
  var trained = try base.trained(run.trainer.model, lineage: lineage)
  trained.heads[preferenceHeadName] = try ScalarHead(run.trainer.parameters)
  return try trained.normalized(against: reference.isEmpty ? Array(pairs.prefix(512)) : reference)
}

extension ModelCheckpoint {
  /// This preference model with the scores of these pairs' answers as what scores are normalised against.
  ///
  /// - Throws: a `ModelError` when there is no head `preference`, or all answers get one score.
  package func normalized(against pairs: [PreferencePair]) throws -> ModelCheckpoint {
    let scores = try rawPreferenceScores(pairs.flatMap { [($0.prompt, $0.chosen), ($0.prompt, $0.rejected)] })
    let mean = scores.reduce(0, +) / Double(max(1, scores.count))
    let variance = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, scores.count))
    guard variance.isFinite, variance > 0 else {
      throw ModelError(
        "The preference model '\(lineage.name)' gives \(scores.count) reference answers one score; train it longer or on "
          + "other pairs.")
    }
    var checkpoint = self
    checkpoint.heads[preferenceHeadName]?.reference = ScalarHead.Reference(
      name: "the answers of \(pairs.count) pairs", count: scores.count, mean: mean,
      standardDeviation: variance.squareRoot())
    return checkpoint
  }
}

extension ScalarHead.Reference {
  /// A raw score as a number from 0 to 1: sigmoid(1.702 z) of the standardised score z. That is within 0.01 of the normal
  /// distribution function, so that it says about which share of the reference answers scores lower; it keeps the order
  /// of any two scores.
  package func normalized(_ raw: Double) -> Double {
    BradleyTerry.probability(lead: 1.702 * (raw - mean) / standardDeviation)
  }
}
