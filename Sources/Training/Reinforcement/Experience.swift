internal import Foundation
internal import Tokenization

/// A trajectory with all that a step needs to know of it: one number for each action, in order.
struct Experience {
  let trajectory: Trajectory
  /// Log-probabilities of the actions when they were drawn.
  let old: [Float]
  /// Under the reference policy; `nil` without one.
  let reference: [Float]?
  /// Values before the round; empty without a value head, as are returns.
  let values: [Float]
  var advantages: [Float]
  let returns: [Float]
}

/// What the rollouts of a round are worth, before the first step.
struct ExperienceSet {
  /// Those that are learnt from.
  private(set) var experiences: [Experience] = []
  /// Facts of the round by name.
  private(set) var metrics: [String: Double] = [:]
  /// The mean over rollouts of the sum of k1 over the spans that the penalty is for, in nats; `nil` without a reference.
  private(set) var divergence: Double?
  /// What is added to every value, so that values and returns have one mean; 0 without a value head.
  private(set) var valueShift: Float = 0

  private let options: PolicyGradientOptions

  /// - Parameters:
  ///   - scores: the policy's before the round.
  ///   - reference: the reference's; `nil` without one.
  /// - Throws: a `ModelError` when a reward is not finite.
  init(
    _ trajectories: [Trajectory], scores: [TrajectoryScores], reference: [TrajectoryScores]?,
    options: PolicyGradientOptions
  ) throws {
    self.options = options
    if let bad = trajectories.first(where: { !$0.reward.isFinite }) {
      throw ModelError("A rollout's reward is \(bad.reward); rewards must be finite numbers.")
    }
    measure(trajectories, scores)
    // With weights for what another program drew, the trainer's own probabilities are the old ones.
    let old = zip(trajectories, scores).map { one, score in
      options.importanceCap == nil ? one.recorded ?? score.logProbabilities : score.logProbabilities
    }
    let reference = reference?.map(\.logProbabilities)
    measureDivergence(trajectories, old, reference)
    switch options.algorithm {
    case .ppo(let ppo): addPPO(ppo, trajectories, scores, old, reference)
    case .grpo(let grpo): addGRPO(grpo, trajectories, old, reference)
    }
    if let cap = options.importanceCap { try weigh(cap) }
    measureAdvantages()
  }
}

// MARK: - Proximal policy optimisation

extension ExperienceSet {
  private mutating func addPPO(
    _ ppo: PPO, _ trajectories: [Trajectory], _ scores: [TrajectoryScores], _ old: [[Float]], _ reference: [[Float]]?
  ) {
    let learnt = options.algorithm.learnt(trajectories)
    func isCut(_ index: Int) -> Bool { trajectories[index].isTruncated && ppo.truncation == .bootstrap }
    let rewards = learnt.map { index in
      var rewards = penalties(trajectories[index], old[index], reference?[index])
      rewards[rewards.count - 1] += isCut(index) ? 0 : trajectories[index].reward
      return rewards
    }
    let ended = learnt.indices.filter { !isCut(learnt[$0]) }
    valueShift = Advantages.valueShift(
      rewards: ended.map { rewards[$0] }, values: ended.map { scores[learnt[$0]].values }, gamma: ppo.gamma)
    for (index, rewards) in zip(learnt, rewards) {
      let values = scores[index].values.map { $0 + valueShift }
      let advantages = Advantages.generalized(
        rewards: rewards, values: values, next: isCut(index) ? scores[index].next + valueShift : 0, gamma: ppo.gamma,
        lambda: ppo.lambda)
      experiences.append(
        Experience(
          trajectory: trajectories[index], old: old[index], reference: reference?[index], values: values,
          advantages: advantages, returns: zip(advantages, values).map { $0 + $1 }))
    }
    let returns = experiences.flatMap(\.returns)
    metrics["explained_variance"] = Advantages.explainedVariance(
      values: experiences.flatMap(\.values), returns: returns)
    metrics["value_mean"] = Advantages.mean(experiences.flatMap(\.values))
    metrics["return_mean"] = Advantages.mean(returns)
    if ppo.whitensAdvantages { whiten() }
  }

  private mutating func whiten() {
    var rest = Advantages.whitened(experiences.flatMap(\.advantages))[...]
    for index in experiences.indices {
      let count = experiences[index].advantages.count
      experiences[index].advantages = Array(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
  }

  /// The part of each action's reward that is the KL penalty, where it is paid in the reward.
  private func penalties(_ trajectory: Trajectory, _ old: [Float], _ reference: [Float]?) -> [Float] {
    let kl = options.algorithm.kl
    guard let reference, kl.placement == .reward else { return old.map { _ in 0 } }
    return old.indices.map { index in
      kl.includes(isThought: trajectory.isThought[index])
        ? -Float(options.klCoefficient) * (old[index] - reference[index]) : 0
    }
  }
}

// MARK: - Group-relative policy optimisation

extension ExperienceSet {
  private mutating func addGRPO(
    _ grpo: GRPO, _ trajectories: [Trajectory], _ old: [[Float]], _ reference: [[Float]]?
  ) {
    let groups = trajectories.map(\.group)
    let flat = Advantages.flatGroups(rewards: trajectories.map(\.reward), groups: groups)
    metrics["zero_variance_share"] = Double(flat.count) / Double(max(1, Set(groups).count))
    let rewards = trajectories.indices.map { index in
      trajectories[index].reward + penalties(trajectories[index], old[index], reference?[index]).reduce(0, +)
    }
    let advantages = Advantages.relative(
      rewards: rewards, groups: groups, baseline: grpo.baseline, scaled: grpo.scalesByDeviation)
    for index in options.algorithm.learnt(trajectories) {
      experiences.append(
        Experience(
          trajectory: trajectories[index], old: old[index], reference: reference?[index], values: [],
          advantages: trajectories[index].actions.map { _ in advantages[index] }, returns: []))
    }
  }
}

// MARK: - What another program drew

extension ExperienceSet {
  /// The smallest effective share of the actions from which anything can be learnt.
  static let smallestEffectiveShare = 0.1

  /// Multiplies each action's advantage by the trainer's probability over the recorded one, at most `cap` (truncated importance
  /// sampling, token by token). The clipped surrogate is linear in the advantage, so that this weighs its loss.
  ///
  /// - Throws: a `ModelError` when the weights leave next to nothing to learn from.
  private mutating func weigh(_ cap: Float) throws {
    var all: [Float] = []
    for index in experiences.indices {
      guard let recorded = experiences[index].trajectory.recorded else { continue }
      let weights = zip(experiences[index].old, recorded).map { min(exp(min(max($0 - $1, -20), 20)), cap) }
      experiences[index].advantages = zip(experiences[index].advantages, weights).map { $0 * $1 }
      all += weights
    }
    guard !all.isEmpty else { return }
    let (sum, squares) = all.reduce((0.0, 0.0)) { ($0.0 + Double($1), $0.1 + Double($1) * Double($1)) }
    let share = sum * sum / (Double(all.count) * max(squares, .leastNormalMagnitude))
    metrics["importance_weight_mean"] = sum / Double(all.count)
    metrics["importance_capped_share"] = Double(all.count { $0 >= cap }) / Double(all.count)
    metrics["importance_effective_share"] = share
    guard share >= Self.smallestEffectiveShare else {
      throw ModelError(
        "The sampler's probabilities are too far from the trainer's: the importance weights leave \(Int(share * 100)) % of the "
          + "\(all.count) sampled tokens. Do both have the same weights and the same temperature?")
    }
  }
}

// MARK: - Metrics

extension ExperienceSet {
  private mutating func measure(_ trajectories: [Trajectory], _ scores: [TrajectoryScores]) {
    let count = Double(max(1, trajectories.count))
    metrics["reward_mean"] = Advantages.mean(trajectories.map(\.reward))
    metrics["reward_std"] = Advantages.standardDeviation(trajectories.map(\.reward))
    metrics["rollouts"] = Double(trajectories.count)
    metrics["truncated_share"] = Double(trajectories.count(where: \.isTruncated)) / count
    metrics["action_tokens_mean"] = Double(trajectories.reduce(0) { $0 + $1.actions.count }) / count
    metrics["length_mean"] = Double(trajectories.reduce(0) { $0 + $1.tokens.count }) / count
    metrics["entropy"] = Advantages.mean(scores.flatMap(\.entropies))
    let differences = zip(trajectories, scores).flatMap { trajectory, score in
      zip(trajectory.recorded ?? [], score.logProbabilities).map { abs($0 - $1) }
    }
    if !differences.isEmpty { metrics["log_probability_difference"] = Advantages.mean(differences) }
  }

  private mutating func measureDivergence(_ trajectories: [Trajectory], _ old: [[Float]], _ reference: [[Float]]?) {
    metrics["kl_coefficient"] = options.klCoefficient
    guard let reference else { return }
    let k1 = zip(old, reference).map { zip($0, $1).map { $0 - $1 } }
    let isThought = trajectories.map(\.isThought)
    func mean(_ isIncluded: (Bool) -> Bool) -> Double {
      Advantages.mean(zip(k1, isThought).flatMap { zip($0, $1).filter { isIncluded($1) }.map(\.0) })
    }
    metrics["kl"] = mean { _ in true }
    metrics["kl_answer"] = mean { !$0 }
    metrics["kl_thought"] = mean { $0 }
    metrics["kl_rollout"] = Advantages.mean(k1.map { $0.reduce(0, +) })
    divergence = Advantages.mean(
      zip(k1, isThought).map {
        zip($0, $1).reduce(0) { $0 + (options.algorithm.kl.includes(isThought: $1.1) ? $1.0 : 0) }
      })
  }

  private mutating func measureAdvantages() {
    let advantages = experiences.flatMap(\.advantages)
    metrics["advantage_mean"] = Advantages.mean(advantages)
    metrics["advantage_std"] = Advantages.standardDeviation(advantages)
    metrics["used_share"] = Double(experiences.count) / max(1, metrics["rollouts"] ?? 1)
    metrics["tokens"] = Double(experiences.reduce(0) { $0 + $1.trajectory.tokens.count })
  }
}

extension PolicyGradient {
  /// The trajectories that are learnt from: those with an action which no setting leaves out.
  func learnt(_ trajectories: [Trajectory]) -> [Int] {
    let (excludes, drops) =
      switch self {
      case .ppo(let ppo): (ppo.truncation == .exclude, false)
      case .grpo(let grpo): (grpo.truncation == .exclude, grpo.zeroVariance == .drop)
      }
    let flat =
      drops ? Advantages.flatGroups(rewards: trajectories.map(\.reward), groups: trajectories.map(\.group)) : []
    return trajectories.indices.filter { index in
      let one = trajectories[index]
      return !one.actions.isEmpty && !(one.isTruncated && excludes) && !flat.contains(one.group)
    }
  }
}
