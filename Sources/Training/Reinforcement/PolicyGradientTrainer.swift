internal import LanguageModels
internal import MLX
internal import Tokenization

// Shapes: N actions of a part of a minibatch; D width; states [N, D], every other array [N].

/// A policy, and with PPO its value head, in training: takes steps on minibatches of experiences.
struct PolicyGradientTrainer {
  private(set) var model: any CausalLanguageModel
  /// Empty without one.
  private(set) var valueHead: Parameters
  private(set) var optimizer: Optimizer
  private let options: PolicyGradientOptions
  private let padding: Int32

  init(
    _ model: any CausalLanguageModel, valueHead: Parameters, optimizer: Optimizer, options: PolicyGradientOptions,
    padding: Int32
  ) {
    self.model = model
    self.valueHead = valueHead
    self.optimizer = optimizer
    self.options = options
    self.padding = padding
  }

  /// The weights in training, those of the value head among them.
  var parameters: Parameters {
    get { Parameters((model.parameters.pairs + valueHead.pairs).map { ($0.name, $0.array) }) }
    set {
      let head = Set(valueHead.names)
      model.parameters = Parameters(newValue.pairs.filter { !head.contains($0.name) }.map { ($0.name, $0.array) })
      valueHead = Parameters(newValue.pairs.filter { head.contains($0.name) }.map { ($0.name, $0.array) })
    }
  }

  /// Goes on from a saved state.
  mutating func restore(_ saved: SavedTraining) throws {
    parameters = saved.parameters
    optimizer = try Optimizer(
      optimizer.configuration, hiddenMatrices: model.hiddenMatrices, restoring: saved.optimizer)
  }

  /// One step: the gradient of the loss over all the experiences, however they are cut into parts.
  ///
  /// - Returns: metrics of the minibatch by name, before the step.
  /// - Throws: an error, with weights and optimiser as before, when the loss or the gradient is not finite.
  mutating func train(on experiences: [Experience]) throws -> [String: Double] {
    var metrics: [String: Double] = [:]
    var sum = GradientSum()
    let parts = RowPacking.parts(
      experiences.map(\.trajectory), context: model.context, tokens: options.tokensPerBatch,
      shares: model.sharesBeginnings)
    for part in parts {
      let part = try MinibatchPart(
        part.texts.map { experiences[$0] }, packing: part.packing, of: experiences, algorithm: options.algorithm,
        context: model.context, padding: padding)
      let values = try sum.add(
        model.gradient(part.batch.inputs, parameters, dropout: nil) { try losses($0, $1, part) })
      for (name, value) in zip(Self.names, values) {
        metrics[name, default: 0] += Double(try value.item(Float.self))
      }
    }
    guard metrics.values.allSatisfy(\.isFinite) else {
      throw ModelError(
        "The loss of \(options.algorithm.name) is not finite after \(optimizer.stepCount) steps; lower the learning rate."
      )
    }
    let step = try optimizer.update(parameters, gradients: sum.gradients ?? Parameters())
    parameters = step.parameters
    metrics["gradient_norm"] = Double(step.gradientNorm)
    metrics["learning_rate"] = Double(step.learningRate)
    return metrics
  }

  private static let names = [
    "loss", "policy_loss", "approx_kl", "clip_share", "ratio_mean", "value_loss", "kl_loss", "entropy_bonus",
  ]

  /// The loss, and what `names` says, each summed over the part by its weights.
  private func losses(
    _ states: MLXArray, _ parameters: Parameters, _ part: MinibatchPart
  ) throws -> [MLXArray] {
    let (algorithm, zero) = (options.algorithm, try MLXArray(0))
    let head = try model.head(parameters)
    let drawn = try embedding(states.reshaped(-1, head.matrix.dim(1)), part.batch.places)
    let distribution = ActionDistribution(head: head, temperature: options.temperature)
    let (new, entropies) = try log(distribution, drawn, part.batch.targets)
    let difference = try PolicyLosses.logRatio(new, part.old)
    let ratio = try exp(difference)
    let surrogate = try PolicyLosses.clippedSurrogate(
      ratio: ratio, advantages: part.advantages, low: algorithm.clip.low, high: algorithm.clip.high)
    let policy = try (surrogate.loss * part.weights).sum()
    var loss = policy
    var (value, divergence, entropy) = (zero, zero, zero)
    if let settings = algorithm.value, let values = part.values, let returns = part.returns {
      let errors = try PolicyLosses.valueLoss(
        values: ScalarHead.values(drawn, parameters), old: values, returns: returns, clip: settings.clip)
      value = try errors.sum() * part.share
      loss = try loss + value * settings.coefficient
    }
    if options.klCoefficient > 0, algorithm.kl.placement == .loss, let reference = part.reference {
      let errors =
        switch algorithm.kl.estimator {
        case .k2: try stopGradient(ratio) * KLEstimator.k2(policy: new, reference: reference)
        case .k3: try KLEstimator.k3(policy: new, reference: reference)
        }
      divergence = try (errors * part.heldWeights).sum()
      loss = try loss + divergence * Float(options.klCoefficient)
    }
    if let entropies {
      entropy = try (entropies * part.weights).sum()
      loss = try loss - entropy * algorithm.entropyCoefficient
    }
    let approximate = try KLEstimator.k3(policy: part.old, reference: new).sum() * part.share
    return [
      loss, policy, approximate, try surrogate.isClipped.sum() * part.share, try ratio.sum() * part.share, value,
      divergence, entropy,
    ]
  }

  /// Log-probabilities of the actions, and entropies where the loss needs them.
  private func log(
    _ distribution: ActionDistribution, _ states: MLXArray, _ targets: MLXArray
  ) throws -> (MLXArray, MLXArray?) {
    guard options.algorithm.entropyCoefficient > 0 else {
      return (try distribution.logProbabilities(states, targets), nil)
    }
    let both = try distribution.logProbabilitiesAndEntropies(states, targets)
    return (both.logProbabilities, both.entropies)
  }
}

/// The trajectories of a minibatch that are computed at a time.
private struct MinibatchPart {
  let batch: ActionBatch
  let old: MLXArray
  let advantages: MLXArray
  /// What each action's loss counts in the minibatch.
  let weights: MLXArray
  /// The same where the KL penalty holds the action near the reference, 0 elsewhere.
  let heldWeights: MLXArray
  let reference, values, returns: MLXArray?
  /// One over the actions of the minibatch.
  let share: Float

  init(
    _ rows: [Experience], packing: RowPacking, of minibatch: [Experience], algorithm: PolicyGradient, context: Int,
    padding: Int32
  ) throws {
    let actions = minibatch.reduce(0) { $0 + $1.old.count }
    let share = 1 / Float(max(1, actions))
    self.share = share
    batch = try ActionBatch(rows.map(\.trajectory), packing: packing, context: context, padding: padding)
    old = try MLXArray(rows.flatMap(\.old))
    advantages = try MLXArray(rows.flatMap(\.advantages))
    let counts = rows.map { row in
      row.old.map { _ in algorithm.weight(length: row.old.count, rollouts: minibatch.count, share: share) }
    }
    weights = try MLXArray(counts.flatMap { $0 })
    heldWeights = try MLXArray(
      zip(counts, rows).flatMap { counts, row in
        zip(counts, row.trajectory.isThought).map { algorithm.kl.includes(isThought: $1) ? $0 : 0 }
      })
    let references = rows.compactMap(\.reference)
    reference = references.count == rows.count ? try MLXArray(references.flatMap { $0 }) : nil
    values = algorithm.value == nil ? nil : try MLXArray(rows.flatMap(\.values))
    returns = algorithm.value == nil ? nil : try MLXArray(rows.flatMap(\.returns))
  }
}

extension PolicyGradient {
  /// What the loss of one action counts: of a rollout of `length` actions in a minibatch of `rollouts`, in which `share` is
  /// one over all actions.
  fileprivate func weight(length: Int, rollouts: Int, share: Float) -> Float {
    guard case .grpo(let grpo) = self else { return share }
    return switch grpo.normalization {
    case .sequence: 1 / Float(rollouts * length)
    case .token: share
    case .constant(let length): 1 / Float(rollouts * length)
    }
  }
}
