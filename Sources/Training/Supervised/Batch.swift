package import LanguageModels
package import MLX

// Shapes: B rows, T tokens of the longest row (the inputs of an example are all its tokens but the last, its targets all but
// the first), N targets that have a weight.

/// Examples in rows that are padded on the right to one length.
package struct Batch {
  /// [B, T].
  package let inputs: TokenRows
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

  /// Targets that a loss falls on, in order, one example after the other.
  package struct Drawn {
    /// [N], int32: where each stands in [B, T].
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
  ///
  /// - Parameter packing: says which examples share a row; `nil` gives each its own.
  package init(_ examples: [TrainingExample], padding: Int32, packing: RowPacking? = nil) throws {
    let packing = packing ?? RowPacking(lengths: examples.map { max(0, $0.tokens.count - 1) })
    let size = packing.rowCount * packing.length
    var targets = [Int32](repeating: padding, count: size)
    var weights = [Float](repeating: 0, count: size)
    var references: [Float]? =
      examples.allSatisfy { $0.reference.count == $0.tokens.count } ? [Float](repeating: 0, count: size) : nil
    var drawn: [Int] = []
    for (index, example) in examples.enumerated() {
      let predicted = example.targets ?? example.tokens
      for token in example.tokens.indices.dropFirst() {
        let place = packing.place(of: token - 1, in: index)
        targets[place] = predicted[token]
        weights[place] = example.weights[token]
        references?[place] = example.reference[token]
        if example.weights[token] != 0 { drawn.append(place) }
      }
    }
    let shape = [packing.rowCount, packing.length]
    inputs = try packing.rows(examples.map { $0.tokens.dropLast() }, padding: padding)
    self.targets = try MLXArray(targets, shape)
    self.weights = try MLXArray(weights, shape)
    self.references = try references.map { try MLXArray($0, shape) }
    self.drawn = Drawn(
      places: try MLXArray(drawn.map(Int32.init)), targets: try MLXArray(drawn.map { targets[$0] }),
      weights: try MLXArray(drawn.map { weights[$0] }),
      references: try references.map { all in try MLXArray(drawn.map { all[$0] }) }, count: drawn.count)
    tokenCount = examples.reduce(0) { $0 + $1.tokens.count }
  }
}
