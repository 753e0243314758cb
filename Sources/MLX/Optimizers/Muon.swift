/// Momentum orthogonalised by Newton-Schulz iterations (Jordan et al. 2024), for the matrices of hidden layers.
///
/// Every update has all its singular values near 1, so no direction of a weight is starved; a small transformer learns to
/// copy several times sooner than under AdamW. Weights are [outputs, inputs]; embeddings, heads and vectors are AdamW's.
package struct Muon: Sendable, Codable, Equatable {
  /// The length, in every singular direction, of one step.
  package var learningRate: Float
  /// Decay of the gradient's average.
  package var momentum: Float
  /// Decoupled decay of the weights, multiplied by the learning rate.
  package var weightDecay: Float
  /// Newton-Schulz iterations.
  package var iterations: Int

  /// The authors' constants.
  package init(learningRate: Float = 0.02, momentum: Float = 0.95, weightDecay: Float = 0, iterations: Int = 5) {
    (self.learningRate, self.momentum) = (learningRate, momentum)
    (self.weightDecay, self.iterations) = (weightDecay, iterations)
  }

  /// One step with Nesterov momentum. The step is scaled by sqrt(max(1, outputs / inputs)).
  func updated(
    _ parameter: MLXArray, gradient: MLXArray, average: MLXArray, rateFraction: Float, gradientScale: Float
  ) throws -> (parameter: MLXArray, average: MLXArray) {
    let rate = learningRate * rateFraction
    let gradient = try gradient * gradientScale
    let average = try average * momentum + gradient * (1 - momentum)
    let direction = try Self.orthogonalized(gradient * (1 - momentum) + average * momentum, iterations: iterations)
    let scale = max(1, Float(parameter.dim(0)) / Float(parameter.dim(1))).squareRoot()
    return (try parameter * (1 - rate * weightDecay) - direction * (rate * scale), average)
  }

  /// A matrix with the singular vectors of `matrix` and singular values pushed towards 1 (between about 0.7 and 1.2).
  static func orthogonalized(_ matrix: MLXArray, iterations: Int) throws -> MLXArray {
    let tall = matrix.dim(0) > matrix.dim(1)
    var x = tall ? try matrix.T : matrix
    x = try x / (sqrt(square(x).sum()) + 1e-7)
    for _ in 0..<iterations {
      // The quintic p(s) = 3.4445 s - 4.775 s^3 + 2.0315 s^5 of the singular values.
      let gram = try matmul(x, x.T)
      let polynomial = try gram * -4.7750 + matmul(gram, gram) * 2.0315
      x = try x * 3.4445 + matmul(polynomial, x)
    }
    return tall ? try x.T : x
  }
}
