package import MLX

// Shapes: B rows, T tokens of the longest row but one (inputs are tokens 0 ... T-1, targets those at 1 ... T), N targets
// that have a weight.

/// Examples padded on the right to one length.
package struct Batch {
  /// [B, T], int32.
  package let inputs: MLXArray
  /// [B, T], int32: what is predicted after each input.
  package let targets: MLXArray
  /// [B, T]: the weight of each target; 0 where there is only padding.
  package let weights: MLXArray
  /// [B, T]: each target's log-probability under a reference model; `nil` when an example has none.
  let references: MLXArray?
  /// The targets that have a weight, alone.
  package let drawn: Drawn
  /// Tokens that are not padding.
  package let tokenCount: Int

  /// Targets that a loss falls on, in order.
  package struct Drawn {
    /// [N], int32: where each stands in [B, T], row by row.
    package let places: MLXArray
    /// [N], int32.
    package let targets: MLXArray
    /// [N].
    package let weights: MLXArray
    /// [N], as `Batch.references`.
    let references: MLXArray?
    /// N.
    package let count: Int
  }

  /// A batch of these examples, at least one of which has two tokens or more.
  package init(_ examples: [TrainingExample], padding: Int32) throws {
    let length = max(1, (examples.map(\.tokens.count).max() ?? 0) - 1)
    var inputs: [Int32] = []
    var targets: [Int32] = []
    var weights: [Float] = []
    var references: [Float]? = examples.allSatisfy { $0.reference.count == $0.tokens.count } ? [] : nil
    for example in examples {
      let count = max(0, example.tokens.count - 1)
      let gap = length - count
      inputs += example.tokens.dropLast() + [Int32](repeating: padding, count: gap)
      targets += (example.targets ?? example.tokens).dropFirst() + [Int32](repeating: padding, count: gap)
      weights += example.weights.dropFirst() + [Float](repeating: 0, count: gap)
      references? += example.reference.dropFirst() + [Float](repeating: 0, count: gap)
    }
    let shape = [examples.count, length]
    self.inputs = try MLXArray(inputs, shape)
    self.targets = try MLXArray(targets, shape)
    self.weights = try MLXArray(weights, shape)
    self.references = try references.map { try MLXArray($0, shape) }
    let places = weights.indices.filter { weights[$0] != 0 }
    drawn = Drawn(
      places: try MLXArray(places.map(Int32.init)), targets: try MLXArray(places.map { targets[$0] }),
      weights: try MLXArray(places.map { weights[$0] }),
      references: try references.map { all in try MLXArray(places.map { all[$0] }) }, count: places.count)
    tokenCount = examples.reduce(0) { $0 + $1.tokens.count }
  }
}
