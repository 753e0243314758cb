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
  /// The mean over rollouts of the sum of k1, in nats; `nil` without a reference.
  private(set) var divergence: Double?

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
    let old = zip(trajectories, scores).map { $0.recorded ?? $1.logProbabilities }
    let reference = reference?.map(\.logProbabilities)
    measureDivergence(old, reference)
    switch options.algorithm {
    case .ppo(let ppo): addPPO(ppo, trajectories, scores, old, reference)
    case .grpo(let grpo): addGRPO(grpo, trajectories, old, reference)
    }
    measureAdvantages()
  }
}

// MARK: - Proximal policy optimisation

extension ExperienceSet {
  private mutating func addPPO(
    _ ppo: PPO, _ trajectories: [Trajectory], _ scores: [TrajectoryScores], _ old: [[Float]], _ reference: [[Float]]?
  ) {
    for (index, trajectory) in trajectories.enumerated() where !trajectory.actions.isEmpty {
      if trajectory.isTruncated && ppo.truncation == .exclude { continue }
      let score = scores[index]
      let isCut = trajectory.isTruncated && ppo.truncation == .bootstrap
      var rewards = penalties(old[index], reference?[index])
      rewards[rewards.count - 1] += isCut ? 0 : trajectory.reward
      let advantages = Advantages.generalized(
        rewards: rewards, values: score.values, next: isCut ? score.next : 0, gamma: ppo.gamma, lambda: ppo.lambda)
      experiences.append(
        Experience(
          trajectory: trajectory, old: old[index], reference: reference?[index], values: score.values,
          advantages: advantages, returns: zip(advantages, score.values).map { $0 + $1 }))
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
  private func penalties(_ old: [Float], _ reference: [Float]?) -> [Float] {
    guard let reference, options.algorithm.kl.placement == .reward else { return old.map { _ in 0 } }
    return zip(old, reference).map { -Float(options.klCoefficient) * ($0 - $1) }
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
      trajectories[index].reward + penalties(old[index], reference?[index]).reduce(0, +)
    }
    let advantages = Advantages.relative(
      rewards: rewards, groups: groups, baseline: grpo.baseline, scaled: grpo.scalesByDeviation)
    for (index, trajectory) in trajectories.enumerated() where !trajectory.actions.isEmpty {
      if trajectory.isTruncated && grpo.truncation == .exclude { continue }
      if grpo.zeroVariance == .drop && flat.contains(trajectory.group) { continue }
      experiences.append(
        Experience(
          trajectory: trajectory, old: old[index], reference: reference?[index], values: [],
          advantages: trajectory.actions.map { _ in advantages[index] }, returns: []))
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

  private mutating func measureDivergence(_ old: [[Float]], _ reference: [[Float]]?) {
    metrics["kl_coefficient"] = options.klCoefficient
    guard let reference else { return }
    let sums = zip(old, reference).map { zip($0, $1).reduce(0) { $0 + ($1.0 - $1.1) } }
    let actions = old.reduce(0) { $0 + $1.count }
    divergence = Advantages.mean(sums)
    metrics["kl"] = sums.reduce(0) { $0 + Double($1) } / Double(max(1, actions))
    metrics["kl_rollout"] = divergence
  }

  private mutating func measureAdvantages() {
    let advantages = experiences.flatMap(\.advantages)
    metrics["advantage_mean"] = Advantages.mean(advantages)
    metrics["advantage_std"] = Advantages.standardDeviation(advantages)
    metrics["used_share"] = Double(experiences.count) / max(1, metrics["rollouts"] ?? 1)
    metrics["tokens"] = Double(experiences.reduce(0) { $0 + $1.trajectory.tokens.count })
  }
}
