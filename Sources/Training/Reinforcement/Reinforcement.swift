internal import Episodes
package import Foundation
package import LanguageModels
internal import MLX
internal import Tokenization

/// Reinforces a checkpoint on the rollouts of one round, by PPO or GRPO.
///
/// The value head of PPO is the checkpoint's head `value`, a head of zeros where there is none; the new checkpoint has it as
/// it was left. With a state file, weights, value head, optimiser and place are written every so many steps, when the task is
/// cancelled, and at the end. A later call with the same arguments goes on from there, and ends with the same bits as one
/// that was never stopped. The next round of a stage is given that file as `continuing`, so that the optimiser's moments
/// carry on; remove it when the round after it is safe.
///
/// - Parameters:
///   - reference: what the KL divergence is measured from; needed when its coefficient is above 0.
///   - rollouts: sampled from the checkpoint at `options.temperature`, by the full softmax. None, or none that is learnt from,
///     leaves the weights as they are.
///   - lineage: of the new checkpoint.
///   - optimizer: the state file of the round before.
///   - progress: called after every step.
/// - Throws: a `ModelError` when options cannot be, a loss is not finite, a file is damaged or the state belongs to another
///   run; `CancellationError`.
package func reinforce(
  _ checkpoint: ModelCheckpoint, reference: ModelCheckpoint?, on rollouts: [Rollout], options: PolicyGradientOptions,
  lineage: Lineage, state: StateFile? = nil, continuing optimizer: URL? = nil,
  progress: (PolicyGradientProgress) -> TrainingVerdict = { _ in .more }
) throws -> (checkpoint: ModelCheckpoint, report: PolicyGradientReport) {
  try options.validate()
  guard options.klCoefficient == 0 || reference != nil else {
    throw ModelError(
      "A KL coefficient of \(options.klCoefficient) needs a reference checkpoint; give one, or set it to 0.")
  }
  let start = ContinuousClock.now
  var run = try ReinforcementRun(
    checkpoint, reference: reference, on: rollouts, options: options, state: state, continuing: optimizer)
  try run.finish(progress)
  // The next round continues the optimiser.
  if run.step == run.steps { try run.save() }
  var reinforced = try checkpoint.trained(run.trainer.model, lineage: lineage)
  reinforced.heads = checkpoint.heads
  if !run.trainer.valueHead.isEmpty {
    reinforced.heads[valueHeadName] = try ScalarHead(run.trainer.valueHead)
  }
  return (reinforced, run.report(seconds: start.secondsUntilNow))
}

/// What the value head of a checkpoint is called among its heads.
package let valueHeadName = "value"

/// A round of reinforcement on its way.
private struct ReinforcementRun: ResumableTraining {
  var trainer: PolicyGradientTrainer
  private let options: PolicyGradientOptions
  private let set: ExperienceSet
  private let minibatches: [[Int]]
  let state: StateFile?
  private let identity: Identity
  private var place = Place()

  /// Settings that must match for training to resume from a saved state.
  private struct Identity: Codable {
    let options: PolicyGradientOptions
    let checkpoint: String
    let reference: String?
    let rollouts: String
    let optimizer: String?
  }

  /// Where a round stands.
  private struct Place: Codable {
    var step = 0
    var means = Means()
  }

  init(
    _ checkpoint: ModelCheckpoint, reference: ModelCheckpoint?, on rollouts: [Rollout],
    options: PolicyGradientOptions, state: StateFile?, continuing optimizer: URL?
  ) throws {
    self.options = options
    self.state = state
    let model = try checkpoint.model(
      training: options.parts, key: MLXRandom.key(options.seed["adapter"].value),
      recomputesLayers: options.checkpointing)
    var values =
      options.algorithm.value == nil
      ? nil : checkpoint.heads[valueHeadName] ?? ScalarHead(width: checkpoint.architecture.width)
    set = try Self.experiences(checkpoint, model, values?.parameters() ?? Parameters(), reference, rollouts, options)
    values?.bias += set.valueShift
    let head = try values?.parameters() ?? Parameters()
    minibatches = options.minibatches(set.experiences.count)
    identity = try Self.identity(checkpoint, reference, rollouts, options, state, optimizer)
    trainer = PolicyGradientTrainer(
      model, valueHead: head,
      optimizer: try Self.optimizer(options, model, head: head, continuing: optimizer), options: options,
      padding: checkpoint.tokenizer.padding)
    try restore()
  }

  /// What the policy and the reference say of the rollouts before the first step.
  private static func experiences(
    _ checkpoint: ModelCheckpoint, _ model: any CausalLanguageModel, _ head: Parameters, _ reference: ModelCheckpoint?,
    _ rollouts: [Rollout], _ options: PolicyGradientOptions
  ) throws -> ExperienceSet {
    let trajectories = rollouts.map {
      Trajectory($0, context: checkpoint.architecture.context).readingThoughts(checkpoint.tokenizer)
    }
    func scorer(_ model: any CausalLanguageModel, _ head: Parameters, entropy: Bool) -> TrajectoryScorer {
      TrajectoryScorer(
        model: model, valueHead: head, padding: checkpoint.tokenizer.padding, temperature: options.temperature,
        tokensPerBatch: options.tokensPerBatch, measuresEntropy: entropy)
    }
    return try ExperienceSet(
      trajectories, scores: scorer(model, head, entropy: true).scores(trajectories),
      reference: reference.map { try scorer($0.model(), Parameters(), entropy: false).scores(trajectories) },
      options: options)
  }

  private static func identity(
    _ checkpoint: ModelCheckpoint, _ reference: ModelCheckpoint?, _ rollouts: [Rollout],
    _ options: PolicyGradientOptions, _ state: StateFile?, _ optimizer: URL?
  ) throws -> Identity {
    guard state != nil else {
      return Identity(options: options, checkpoint: "", reference: nil, rollouts: "", optimizer: nil)
    }
    return Identity(
      options: options, checkpoint: try checkpoint.digest(), reference: try reference?.digest(),
      rollouts: Data(try SavedTraining.json(rollouts).utf8).sha256,
      optimizer: try optimizer.map { try Data(contentsOf: $0).sha256 })
  }

  /// A fresh optimiser, or the one that the round before left.
  private static func optimizer(
    _ options: PolicyGradientOptions, _ model: any CausalLanguageModel, head: Parameters, continuing file: URL?
  ) throws -> Optimizer {
    guard let file else { return Optimizer(options.optimizer, hiddenMatrices: model.hiddenMatrices) }
    let saved = try SavedTraining(contentsOf: file)
    let shapes = (model.parameters.pairs + head.pairs).map { ($0.name, $0.array.shape) }
    guard saved.parameters.count == shapes.count, shapes.allSatisfy({ saved.parameters[$0]?.shape == $1 }) else {
      throw ModelError("The optimiser's state in '\(file.path)' belongs to a model with other parameters.")
    }
    return try Optimizer(options.optimizer, hiddenMatrices: model.hiddenMatrices, restoring: saved.optimizer)
  }

  /// Goes on from the state file, if there is one.
  private mutating func restore() throws {
    guard let state, let saved = try SavedTraining(at: state.url, recipe: identity) else { return }
    place = try saved.place(as: Place.self)
    try trainer.restore(saved)
  }

  var step: Int { place.step }
  var steps: Int { minibatches.count }

  mutating func advance() throws -> [String: Double] {
    let metrics = try trainer.train(on: minibatches[place.step].map { set.experiences[$0] })
    place.step += 1
    place.means.add(metrics)
    return metrics
  }

  func save(to file: URL) throws {
    try SavedTraining(parameters: trainer.parameters, optimizer: trainer.optimizer)
      .write(to: file, recipe: identity, place: place)
  }

  /// - Parameter seconds: that this call took.
  func report(seconds: Double) -> PolicyGradientReport {
    var metrics = set.metrics.merging(place.means.values) { $1 }
    metrics["tokens_per_second"] =
      (metrics["tokens"] ?? 0) * Double(options.algorithm.passes.epochs) / max(seconds, 1e-9)
    let next = set.divergence.map {
      options.algorithm.kl.next(after: options.klCoefficient, divergence: $0, rollouts: Int(metrics["rollouts"] ?? 0))
    }
    return PolicyGradientReport(metrics: metrics, klCoefficient: next ?? options.klCoefficient, steps: place.step)
  }
}
