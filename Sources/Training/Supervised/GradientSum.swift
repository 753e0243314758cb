internal import LanguageModels
internal import MLX

// Shapes: each gradient has the shape of its parameter; the first value of a loss function is a scalar.

/// The gradient of a loss that is computed part by part, so that a batch needs no more memory than its largest part.
struct GradientSum {
  /// The sum so far; `nil` before the first part.
  private(set) var gradients: Parameters?

  /// Adds the gradient of one part, as `CausalLanguageModel.gradient` gives it.
  ///
  /// - Returns: the values of `loss`, computed.
  mutating func add(_ part: ValueAndGrad) throws -> [MLXArray] {
    let sum = try gradients.map { try $0.adding(part.gradients) } ?? part.gradients
    try eval(sum.arrays)
    gradients = sum
    return part.values
  }
}
