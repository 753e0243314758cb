internal import Tokenization

/// How far the policy may move from a reference, in nats.
package struct KLPenalty: Sendable, Codable, Hashable {
  /// Where the penalty is paid.
  package enum Placement: String, Sendable, Codable {
    /// Subtracted from the reward of every action: -coefficient * k1 (Ziegler et al. 2019).
    case reward
    /// Added to the loss of every action: coefficient * k3 (DeepSeekMath).
    case loss
  }

  /// How the coefficient goes on from round to round.
  package enum Control: Sendable, Codable, Hashable {
    case fixed
    /// Grows while a rollout is further than `target` nats from the reference, and shrinks while it is nearer; `horizon`
    /// is the number of rollouts over which it would change e-fold or so (Ziegler et al. 2019, section 2.2).
    case adaptive(target: Double, horizon: Double)
  }

  /// The first round's; 0 for no penalty.
  package var coefficient: Double
  package var placement: Placement
  package var control: Control

  package init(coefficient: Double, placement: Placement, control: Control = .fixed) {
    self.coefficient = coefficient
    self.placement = placement
    self.control = control
  }

  /// The coefficient of the next round.
  ///
  /// - Parameters:
  ///   - current: this round's.
  ///   - divergence: the mean over rollouts of the sum of k1, in nats.
  ///   - rollouts: how many there were.
  package func next(after current: Double, divergence: Double, rollouts: Int) -> Double {
    guard case .adaptive(let target, let horizon) = control else { return current }
    let error = min(max(divergence / target - 1, -0.2), 0.2)
    return current * (1 + error * Double(rollouts) / horizon)
  }

  /// Throws a `ModelError` that says what cannot be.
  package func validate() throws {
    guard coefficient >= 0, coefficient.isFinite else {
      throw ModelError("A KL coefficient must be 0 or more, not \(coefficient).")
    }
    guard case .adaptive(let target, let horizon) = control else { return }
    guard target > 0, horizon > 0, target.isFinite, horizon.isFinite else {
      throw ModelError("An adaptive KL coefficient needs a target and a horizon above 0, not \(target) and \(horizon).")
    }
    guard coefficient > 0 else {
      throw ModelError("An adaptive KL coefficient multiplies the one before it, so that it cannot start at 0.")
    }
  }
}
