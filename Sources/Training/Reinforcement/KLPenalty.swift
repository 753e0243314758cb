import Episodes
internal import Tokenization

/// How far the policy may move from a reference, in nats.
package struct KLPenalty: Sendable, Codable, Hashable {
  /// Where the penalty is paid.
  package enum Placement: String, NamedChoice {
    /// Subtracted from the reward of every action: -coefficient * k1 (Ziegler et al. 2019).
    case reward
    /// Added to the loss of every action: coefficient * `estimator`.
    case loss
  }

  /// What stands in the loss for the divergence. Documentation/Reinforcement.md compares their gradients.
  package enum Estimator: String, NamedChoice {
    /// q k2, with the ratio q of new to old probability as a constant: its gradient is that of the divergence.
    case k2
    /// DeepSeekMath's: the value of the divergence, but the gradient of another one.
    case k3
  }

  /// Which actions are held near the reference.
  package enum Spans: String, NamedChoice {
    case all
    /// Those outside `<cot>` ... `</cot>`: commands and what the human reads.
    case answer
    /// Those of the chain of thought, its tags included.
    case thought
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
  /// For `placement` `loss`.
  package var estimator: Estimator
  package var spans: Spans

  package init(
    coefficient: Double, placement: Placement, control: Control = .fixed, estimator: Estimator = .k2,
    spans: Spans = .all
  ) {
    self.coefficient = coefficient
    self.placement = placement
    self.control = control
    self.estimator = estimator
    self.spans = spans
  }

  /// - Note: runs of earlier versions added k3 to the loss, for all actions, and their configuration does not say so.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    coefficient = try values.decode(Double.self, forKey: .coefficient)
    placement = try values.decode(Placement.self, forKey: .placement)
    control = try values.decode(Control.self, forKey: .control)
    estimator = try values.decodeIfPresent(Estimator.self, forKey: .estimator) ?? .k3
    spans = try values.decodeIfPresent(Spans.self, forKey: .spans) ?? .all
  }

  /// Whether an action is held near the reference.
  func includes(isThought: Bool) -> Bool {
    switch spans {
    case .all: true
    case .answer: !isThought
    case .thought: isThought
    }
  }

  /// The coefficient of the next round.
  ///
  /// - Parameters:
  ///   - current: this round's.
  ///   - divergence: the mean over rollouts of the sum of k1 over the actions of `spans`, in nats.
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
