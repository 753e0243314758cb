package import MLX

// Shapes: N actions; every array is [N]. Log-probabilities are natural logarithms.

/// The losses of reinforcement learning, each a pure function of one number for each action.
package enum PolicyLosses {
  /// log(a / b) of two log-probabilities, kept within ±20: e^20 is where a ratio has lost all meaning.
  package static func logRatio(_ a: MLXArray, _ b: MLXArray) throws -> MLXArray { try clamp(a - b, -20, 20) }

  /// max(-A r, -A clip(r, 1 - low, 1 + high)), the clipped surrogate of a probability ratio r (Schulman et al. 2017,
  /// equation 7, negated). Also 1 where the clipped term is the larger, so that the action has no gradient, else 0.
  package static func clippedSurrogate(
    ratio: MLXArray, advantages: MLXArray, low: Float, high: Float
  ) throws -> (loss: MLXArray, isClipped: MLXArray) {
    let free = try -(advantages * ratio)
    let bound = try -(advantages * clamp(ratio, 1 - low, 1 + high))
    return (try maximum(free, bound), try (bound .> free).asType(.float32))
  }

  /// Half the squared error of values; with a clip, the larger of that and of the same with each value kept within `clip`
  /// of the old one.
  package static func valueLoss(
    values: MLXArray, old: MLXArray, returns: MLXArray, clip: Float?
  ) throws -> MLXArray {
    let free = try square(values - returns)
    guard let clip else { return try free * 0.5 }
    let bound = try square(old + clamp(values - old, -clip, clip) - returns)
    return try maximum(free, bound) * 0.5
  }

  /// The entropy in nats of each row of logits [N, V]: [N].
  package static func entropy(logits: MLXArray, logSumExp: MLXArray) throws -> MLXArray {
    let shares = try softmax(logits, scale: 1, mask: AttentionMask(causal: false))
    return try logSumExp - (shares * logits).sum(axis: -1)
  }

  /// `x` kept within two bounds; it has a gradient between them only.
  static func clamp(_ x: MLXArray, _ low: Float, _ high: Float) throws -> MLXArray {
    try -maximum(-maximum(x, MLXArray(low)), MLXArray(-high))
  }
}

/// Estimators of the divergence KL(policy, reference) from one action that the policy drew (Schulman 2020, "Approximating KL
/// divergence"), with d = log(policy / reference).
package enum KLEstimator: String, Sendable, CaseIterable {
  /// d: unbiased.
  case k1
  /// d^2 / 2: biased, of low variance.
  case k2
  /// e^-d - 1 + d: unbiased, of low variance, never negative.
  case k3

  /// The estimates for actions of these log-probabilities.
  package func callAsFunction(policy: MLXArray, reference: MLXArray) throws -> MLXArray {
    let d = try PolicyLosses.logRatio(policy, reference)
    return switch self {
    case .k1: d
    case .k2: try square(d) * 0.5
    case .k3: try exp(-d) - 1 + d
    }
  }
}
