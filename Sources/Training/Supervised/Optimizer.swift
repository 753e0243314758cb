internal import Foundation
package import MLX

/// Muon for matrices and AdamW for everything else, or AdamW alone.
///
/// Muon (Jordan et al. 2024, "Muon: an optimizer for hidden layers") keeps a momentum of the gradient, takes a Nesterov
/// step of it, and replaces that step by the nearest matrix with equal singular values, so that all directions of a
/// matrix learn at one speed.
package struct Optimizer {
  package let options: OptimizerOptions
  /// Moments by parameter and kind, with everything needed to resume but the step.
  package private(set) var state: Parameters
  /// Updates made.
  package private(set) var step: Int

  private let isMatrix: (String) -> Bool

  /// An optimiser for these parameters.
  ///
  /// - Parameters:
  ///   - isMatrix: which parameters Muon may take.
  ///   - state: the moments of an earlier run, with the `step` it had reached; `nil` to start.
  package init(
    _ options: OptimizerOptions, for parameters: Parameters, isMatrix: @escaping (String) -> Bool,
    resuming state: (moments: Parameters, step: Int)? = nil
  ) throws {
    self.options = options
    self.isMatrix = { options.kind == .muon && isMatrix($0) }
    step = state?.step ?? 0
    self.state = state?.moments ?? Parameters()
    for (name, array) in parameters.pairs {
      for key in self.isMatrix(name) ? ["momentum." + name] : ["first." + name, "second." + name] {
        if let moment = self.state[key] {
          guard moment.shape == array.shape else {
            throw MLXError("The optimiser's '\(key)' has shape \(moment.shape); the parameter has \(array.shape).")
          }
        } else {
          self.state[key] = try .zeros(array.shape)
        }
      }
    }
  }

  /// The parameters after one step along the gradients.
  ///
  /// - Parameter factor: multiplies both learning rates (the schedule).
  /// - Returns: the new parameters, not evaluated, and the norm of the gradient before clipping, a scalar array.
  package mutating func update(
    _ parameters: Parameters, _ gradients: Parameters, factor: Float
  ) throws -> (parameters: Parameters, norm: MLXArray) {
    step += 1
    let norm = try sqrt(gradients.arrays.map { try square($0).sum() }.reduce(MLXArray(0)) { try $0 + $1 })
    let scale = try minimum(MLXArray(1), options.clip / (norm + 1e-6))
    let updated = try parameters.mapped { name, array in
      let gradient = try gradients.require(name) * scale
      return isMatrix(name)
        ? try muon(name, array, gradient, factor) : try adamW(name, array, gradient, factor)
    }
    return (updated, norm)
  }

  private mutating func adamW(
    _ name: String, _ parameter: MLXArray, _ gradient: MLXArray, _ factor: Float
  ) throws -> MLXArray {
    let first = try state.require("first." + name) * options.beta1 + gradient * (1 - options.beta1)
    let second = try state.require("second." + name) * options.beta2 + square(gradient) * (1 - options.beta2)
    (state["first." + name], state["second." + name]) = (first, second)
    let rate = options.learningRate * factor
    let corrected = try second / (1 - powf(options.beta2, Float(step)))
    let direction = try (first / (1 - powf(options.beta1, Float(step)))) / (sqrt(corrected) + 1e-8)
    let decay = parameter.ndim > 1 ? options.weightDecay : 0
    return try parameter * (1 - rate * decay) - direction * rate
  }

  private mutating func muon(
    _ name: String, _ parameter: MLXArray, _ gradient: MLXArray, _ factor: Float
  ) throws -> MLXArray {
    let momentum = try state.require("momentum." + name) * options.momentum + gradient
    state["momentum." + name] = momentum
    let direction = try Self.orthogonalised(gradient + momentum * options.momentum)
    // A tall matrix gets a longer step, so that its outputs move as much as a square one's.
    let stretch = max(1, Float(parameter.dim(0)) / Float(parameter.dim(1))).squareRoot()
    let rate = options.muonLearningRate * factor
    return try parameter * (1 - rate * options.weightDecay) - direction * (rate * stretch)
  }

  /// A matrix with the singular vectors of `matrix` and singular values near 1: five steps of a quintic Newton-Schulz
  /// iteration with Jordan's coefficients, which brings them between about 0.7 and 1.2.
  static func orthogonalised(_ matrix: MLXArray) throws -> MLXArray {
    let isTall = matrix.dim(0) > matrix.dim(1)
    var x = isTall ? try matrix.T : matrix
    x = try x / (sqrt(square(x).sum()) + 1e-7)
    for _ in 0..<5 {
      let a = try matmul(x, x.T)
      let b = try a * -4.7750 + matmul(a, a) * 2.0315
      x = try x * 3.4445 + matmul(b, x)
    }
    return isTall ? try x.T : x
  }
}
