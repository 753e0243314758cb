import Episodes
internal import Tokenization

/// Proximal policy optimisation with a value head on the policy's own trunk (Schulman et al. 2017). Documentation/Reinforcement.md says
/// where each default comes from.
package struct PPO: Sendable, Codable, Hashable {
  /// What the end of a rollout that a limit cut off is worth.
  package enum Truncation: String, NamedChoice {
    /// It is not an end: the value of the state after it stands in place of the reward, which is paid at an end only.
    case bootstrap
    /// It is an end like any other: the reward is paid, and nothing comes after.
    case terminate
    /// Nothing is learnt from such a rollout.
    case exclude
  }

  /// The ratio of new to old probability counts within 1 - clip ... 1 + clip.
  package var clip: Float
  /// A new value counts within this distance of the old one; `nil` for no limit.
  @OrNone package var valueClip: Float?
  /// The discount for each action.
  package var gamma: Float
  /// The decay of generalised advantage estimation.
  package var lambda: Float
  package var valueCoefficient: Float
  package var entropyCoefficient: Float
  /// Shifts and scales the advantages of the round's actions to mean 0 and deviation 1.
  package var whitensAdvantages: Bool
  package var kl: KLPenalty
  package var truncation: Truncation
  package var passes: Passes

  package init(
    clip: Float = 0.2, valueClip: Float? = nil, gamma: Float = 1, lambda: Float = 1, valueCoefficient: Float = 0.1,
    entropyCoefficient: Float = 0, whitensAdvantages: Bool = false,
    kl: KLPenalty = KLPenalty(coefficient: 0.05, placement: .reward), truncation: Truncation = .terminate,
    passes: Passes = Passes(epochs: 4, minibatches: 4)
  ) {
    self.clip = clip
    self.valueClip = valueClip
    self.gamma = gamma
    self.lambda = lambda
    self.valueCoefficient = valueCoefficient
    self.entropyCoefficient = entropyCoefficient
    self.whitensAdvantages = whitensAdvantages
    self.kl = kl
    self.truncation = truncation
    self.passes = passes
  }

  /// Throws a `ModelError` that says what cannot be.
  package func validate() throws {
    guard clip > 0, clip < 1 else { throw ModelError("PPO's clip must be above 0 and below 1, not \(clip).") }
    if let valueClip, !(valueClip > 0) { throw ModelError("PPO's value clip must be above 0, not \(valueClip).") }
    guard (0...1).contains(gamma), (0...1).contains(lambda) else {
      throw ModelError("PPO's gamma and lambda must be from 0 to 1, not \(gamma) and \(lambda).")
    }
    guard valueCoefficient > 0, valueCoefficient.isFinite, entropyCoefficient >= 0, entropyCoefficient.isFinite else {
      throw ModelError("PPO's value coefficient must be above 0 and its entropy coefficient 0 or more.")
    }
    try kl.validate()
    try passes.validate()
  }
}

/// How often the rollouts of a round are gone through.
package struct Passes: Sendable, Codable, Hashable {
  package var epochs: Int
  /// Steps of the optimiser in an epoch: the rollouts are dealt into this many parts of about equal number.
  package var minibatches: Int

  package init(epochs: Int, minibatches: Int) {
    self.epochs = epochs
    self.minibatches = minibatches
  }

  /// Throws a `ModelError` that says what cannot be.
  package func validate() throws {
    guard (1...1_000).contains(epochs), (1...100_000).contains(minibatches) else {
      throw ModelError(
        "Epochs must be from 1 to 1000 and minibatches from 1 to 100000, not \(epochs) and \(minibatches).")
    }
  }
}
