/// An algorithm of reinforcement learning with its settings.
package enum PolicyGradient: Sendable, Codable, Hashable {
  case ppo(PPO)
  case grpo(GRPO)

  /// As a round's summary calls it.
  package var name: String {
    switch self {
    case .ppo: "ppo"
    case .grpo: "grpo"
    }
  }

  package var kl: KLPenalty {
    switch self {
    case .ppo(let ppo): ppo.kl
    case .grpo(let grpo): grpo.kl
    }
  }

  package var passes: Passes {
    switch self {
    case .ppo(let ppo): ppo.passes
    case .grpo(let grpo): grpo.passes
    }
  }

  var entropyCoefficient: Float {
    switch self {
    case .ppo(let ppo): ppo.entropyCoefficient
    case .grpo(let grpo): grpo.entropyCoefficient
    }
  }

  var clip: (low: Float, high: Float) {
    switch self {
    case .ppo(let ppo): (ppo.clip, ppo.clip)
    case .grpo(let grpo): (grpo.clipLow, grpo.clipHigh)
    }
  }

  /// The settings of the value head; `nil` without one.
  var value: (coefficient: Float, clip: Float?)? {
    if case .ppo(let ppo) = self { (ppo.valueCoefficient, ppo.valueClip) } else { nil }
  }

  /// Throws a `ModelError` that says what cannot be.
  package func validate() throws {
    switch self {
    case .ppo(let ppo): try ppo.validate()
    case .grpo(let grpo): try grpo.validate()
    }
  }
}
