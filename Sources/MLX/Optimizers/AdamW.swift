internal import CMLX
internal import Foundation

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), as in PyTorch.
package struct AdamW: Sendable, Codable, Equatable {
  /// The step of a parameter whose gradient does not change.
  package var learningRate: Float
  /// Decay of the first moment.
  package var beta1: Float
  /// Decay of the second moment.
  package var beta2: Float
  /// Added to the root of the second moment.
  package var epsilon: Float
  /// Applied to parameters with two or more axes; vectors (norms, biases) do not decay.
  package var weightDecay: Float

  /// The usual constants for small language models.
  package init(
    learningRate: Float, beta1: Float = 0.9, beta2: Float = 0.95, epsilon: Float = 1e-8, weightDecay: Float = 0
  ) {
    (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
    (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
  }

  /// The moments of one parameter's gradient.
  struct Moments {
    var first: MLXArray
    var second: MLXArray

    static func zeros(like parameter: MLXArray) throws -> Moments {
      Moments(first: try .zeros(parameter.shape), second: try .zeros(parameter.shape))
    }
  }

  /// One step, counted from 1. `rateFraction` comes from the schedule, `gradientScale` from clipping.
  func updated(
    _ parameter: MLXArray, gradient: MLXArray, moments: Moments, step: Int, rateFraction: Float, gradientScale: Float
  ) throws -> (parameter: MLXArray, moments: Moments) {
    let settings = cmlx_adamw_settings(
      learning_rate: learningRate * rateFraction, beta1: beta1, beta2: beta2, epsilon: epsilon,
      weight_decay: parameter.ndim >= 2 ? weightDecay : 0,
      correction1: Self.correction(beta1, step), correction2: Self.correction(beta2, step),
      gradient_scale: gradientScale)
    var results: [OpaquePointer?] = [nil, nil, nil]
    try check(
      cmlx_adamw(
        parameter.handle, gradient.handle, moments.first.handle, moments.second.handle, settings, &results))
    let arrays = try results.map { try MLXArray(owning: $0) }
    return (arrays[0], Moments(first: arrays[1], second: arrays[2]))
  }

  private static func correction(_ beta: Float, _ step: Int) -> Float {
    Float(1 - Foundation.pow(Double(beta), Double(step)))
  }
}
