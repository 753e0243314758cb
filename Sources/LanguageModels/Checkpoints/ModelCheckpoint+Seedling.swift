internal import MLX
internal import ModelFiles
package import Tokenization

// Shapes: every weight has the shape that `ModelArchitecture.weightShapes` lists for its name; values are row-major.

extension ModelCheckpoint {
  /// The present weights of a seedling in training.
  package init(_ model: Seedling, tokenizer: WordTokenizer, lineage: Lineage) throws {
    try eval(model.parameters.arrays)
    let weights = try model.parameters.pairs.map { name, array in
      (name, Weight(shape: array.shape, values: try array.asArray(Float.self)))
    }
    try self.init(
      configuration: model.configuration, tokenizer: tokenizer, lineage: lineage,
      weights: Dictionary(uniqueKeysWithValues: weights))
  }

  /// A seedling with these weights, to train or to compute log-probabilities with.
  package func seedling() throws -> Seedling {
    guard case .seedling(let configuration) = architecture else {
      throw ModelError("'\(lineage.name)' is a \(architecture.name), not a seedling.")
    }
    return try Seedling(configuration: configuration, parameters: parameters(configuration.shapes))
  }

  private func parameters(_ shapes: [(name: String, shape: [Int])]) throws -> Parameters {
    try Parameters(shapes.map { name, shape in (name, try MLXArray(values(name), shape)) })
  }
}
