internal import MLX

// Shapes: each gradient has the shape of its parameter; the first value of a loss function is a scalar.

/// The gradient of a loss that is computed part by part, so that a batch needs no more memory than its largest part.
struct GradientSum {
  /// The sum so far; `nil` before the first part.
  private(set) var gradients: Parameters?

  /// Adds the gradient of one part.
  ///
  /// - Returns: the values of `function`, computed.
  mutating func add(
    _ parameters: Parameters, _ function: (Parameters) throws -> [MLXArray]
  ) throws -> [MLXArray] {
    let part = try valueAndGrad(parameters, function)
    let sum = try gradients.map { try $0.adding(part.gradients) } ?? part.gradients
    try eval(part.values + sum.arrays)
    gradients = sum
    return part.values
  }
}
