package import MLX
internal import Tokenization

// Shapes: B rows, T tokens of a row, D width; states [B, T, D], weight [D], bias [1], values [B, T].

/// One number for each state of a transformer: a preference model's score at the last token, or a value model's expected
/// reward at every token.
package struct ScalarHead: Sendable, Codable, Hashable {
  /// The scores of known answers, against which others are normalised.
  package struct Reference: Sendable, Codable, Hashable {
    /// What was scored.
    package var name: String
    package var count: Int
    package var mean: Double
    package var standardDeviation: Double

    package init(name: String, count: Int, mean: Double, standardDeviation: Double) {
      self.name = name
      self.count = count
      self.mean = mean
      self.standardDeviation = standardDeviation
    }
  }

  /// [D].
  package var weight: [Float]
  package var bias: Float
  /// `nil` for a head whose numbers are used as they are.
  package var reference: Reference?

  package init(weight: [Float], bias: Float = 0, reference: Reference? = nil) {
    self.weight = weight
    self.bias = bias
    self.reference = reference
  }

  /// A head that says 0 everywhere.
  package init(width: Int) { self.init(weight: [Float](repeating: 0, count: width)) }

  private static let (weightName, biasName) = ("head.weight", "head.bias")

  /// The head as trainable parameters, `head.weight` and `head.bias`.
  package func parameters() throws -> Parameters {
    try Parameters([(Self.weightName, MLXArray(weight)), (Self.biasName, MLXArray([bias]))])
  }

  /// The head that training made.
  package init(_ parameters: Parameters, reference: Reference? = nil) throws {
    let bias = try parameters.require(Self.biasName).asArray(Float.self)
    self.init(
      weight: try parameters.require(Self.weightName).asArray(Float.self), bias: bias.first ?? 0, reference: reference)
  }

  /// The values [B, T] of states [B, T, D] under a head's parameters.
  package static func values(_ states: MLXArray, _ parameters: Parameters) throws -> MLXArray {
    let weight = try parameters.require(weightName)
    return try matmul(states, weight.reshaped(-1, 1)).squeezed(axis: -1) + parameters.require(biasName)
  }
}
