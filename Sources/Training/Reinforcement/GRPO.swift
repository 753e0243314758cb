import Episodes
internal import Tokenization

/// Group-relative policy optimisation and its variants: a rollout is compared with the others of its prompt, without a value
/// head. Documentation/Reinforcement.md says where each choice comes from.
package struct GRPO: Sendable, Codable, Hashable {
  /// What a rollout's reward is compared with.
  package enum Baseline: String, NamedChoice {
    /// The mean of its group, itself included (DeepSeekMath).
    case groupMean = "group_mean"
    /// The mean of the others of its group (RLOO).
    case leaveOneOut = "leave_one_out"
  }

  /// How the losses of actions are weighed; B rollouts in a minibatch.
  package enum Normalization: Sendable, Codable, Hashable {
    /// The mean over rollouts of the mean over each one's actions: 1 / (B length) (DeepSeekMath).
    case sequence
    /// The mean over all actions of the minibatch (DAPO).
    case token
    /// 1 / (B `length`), whatever the lengths (Dr. GRPO).
    case constant(length: Int)
  }

  /// What becomes of groups whose rewards are all equal, which have no advantage.
  package enum ZeroVariance: String, NamedChoice {
    /// They stay: KL and entropy act on them, and they count in the means.
    case keep
    /// Nothing is learnt from them.
    case drop
  }

  /// What becomes of rollouts that a limit cut off. Their rewards count in their group's baseline in any case.
  package enum Truncation: String, NamedChoice {
    /// They are learnt from like any other.
    case terminate
    /// Nothing is learnt from them (DAPO's overlong filtering).
    case exclude
  }

  package var baseline: Baseline
  /// Divides by the standard deviation of the group's rewards.
  package var scalesByDeviation: Bool
  package var normalization: Normalization
  /// The ratio of new to old probability counts within 1 - clipLow ... 1 + clipHigh.
  package var clipLow: Float
  package var clipHigh: Float
  package var entropyCoefficient: Float
  package var kl: KLPenalty
  package var zeroVariance: ZeroVariance
  package var truncation: Truncation
  package var passes: Passes

  package init(
    baseline: Baseline = .groupMean, scalesByDeviation: Bool = true, normalization: Normalization = .sequence,
    clipLow: Float = 0.2, clipHigh: Float = 0.2, entropyCoefficient: Float = 0,
    kl: KLPenalty = KLPenalty(coefficient: 0.04, placement: .loss), zeroVariance: ZeroVariance = .keep,
    truncation: Truncation = .terminate, passes: Passes = Passes(epochs: 1, minibatches: 4)
  ) {
    self.baseline = baseline
    self.scalesByDeviation = scalesByDeviation
    self.normalization = normalization
    self.clipLow = clipLow
    self.clipHigh = clipHigh
    self.entropyCoefficient = entropyCoefficient
    self.kl = kl
    self.zeroVariance = zeroVariance
    self.truncation = truncation
    self.passes = passes
  }

  /// Throws a `ModelError` that says what cannot be.
  package func validate() throws {
    guard clipLow > 0, clipLow < 1, clipHigh > 0, clipHigh.isFinite else {
      throw ModelError("GRPO's clip must be above 0, and below 1 downwards, not \(clipLow) and \(clipHigh).")
    }
    guard entropyCoefficient >= 0, entropyCoefficient.isFinite else {
      throw ModelError("GRPO's entropy coefficient must be 0 or more, not \(entropyCoefficient).")
    }
    if case .constant(let length) = normalization, length < 1 {
      throw ModelError("GRPO's constant length must be 1 or more, not \(length).")
    }
    try kl.validate()
    try passes.validate()
  }
}
