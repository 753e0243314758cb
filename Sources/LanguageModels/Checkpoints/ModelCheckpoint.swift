package import ModelFiles
package import Tokenization

// Shapes: every weight has the shape that `ModelArchitecture.weightShapes` lists for its name; values are row-major.

/// What a policy is at one moment of its training: a seedling with all its weights, or a pretrained model with what
/// training changed. A plain value that may cross tasks; on disk, one safetensors file (`CheckpointFile`).
package struct ModelCheckpoint: Sendable {
  package let architecture: ModelArchitecture
  package let tokenizer: any Tokenizer
  package var lineage: Lineage
  /// The frozen model beneath; `nil` for a seedling.
  package let base: PretrainedModel?
  /// A seedling's weights, all of them; of a pretrained model those that full fine-tuning changed.
  package let weights: [String: Weight]
  /// The low-rank change beside the weights, where there is one.
  package let adapter: Adapter?
  /// Heads that give one number, by what they are for: `preference`, `value`.
  package var heads: [String: ScalarHead] = [:]

  /// A seedling of these parts; throws a `ModelError` when they do not fit together.
  package init(
    configuration: SeedlingConfiguration, tokenizer: WordTokenizer, lineage: Lineage, weights: [String: Weight]
  ) throws {
    try configuration.validate()
    guard tokenizer.vocabularySize == configuration.vocabulary else {
      throw ModelError(
        "The tokenizer has \(tokenizer.vocabularySize) tokens, the model \(configuration.vocabulary).")
    }
    for (name, shape) in configuration.shapes {
      try (weights[name] ?? Weight(shape: [], values: [])).check(name, shape: shape)
    }
    (architecture, base, adapter) = (.seedling(configuration), nil, nil)
    self.tokenizer = tokenizer
    self.lineage = lineage
    self.weights = weights
  }

  /// A pretrained model with what training changed; throws a `ModelError` when that does not fit the model.
  package init(
    base: PretrainedModel, lineage: Lineage, weights: [String: Weight] = [:], adapter: Adapter? = nil
  ) throws {
    let shapes = Dictionary(uniqueKeysWithValues: base.configuration.weightShapes.map { ($0.name, $0.shape) })
    for (name, weight) in weights {
      guard let shape = shapes[name] else { throw ModelError("The model '\(base.name)' has no parameter '\(name)'.") }
      try weight.check(name, shape: shape)
    }
    try adapter?.check(against: shapes)
    self.architecture = .transformer(base.configuration)
    self.tokenizer = base.tokenizer
    self.lineage = lineage
    self.base = base
    self.weights = weights
    self.adapter = adapter
  }
}

extension ModelCheckpoint: WeightSource {
  /// The numbers of a weight, the adapter left out.
  package func values(_ name: String) throws -> [Float] {
    if let changed = weights[name] { return changed.values }
    guard let base else { throw ModelError("Parameter '\(name)' is missing.") }
    return try base.weights.values(name)
  }

  /// The weight in the blocks of its file, where training has not changed it.
  package func blocks(_ name: String) throws -> EightBitBlocks? {
    weights[name] == nil ? try base?.weights.blocks(name) : nil
  }
}

extension Adapter {
  /// Throws a `ModelError` when a module is unknown or a factor has another shape than it needs.
  fileprivate func check(against shapes: [String: [Int]]) throws {
    for (module, factors) in matrices {
      guard let shape = shapes[module + ".weight"], shape.count == 2 else {
        throw ModelError("The adapter changes '\(module)', which the model does not have.")
      }
      try factors.a.check(module + ".lora_A", shape: [rank, shape[1]])
      try factors.b.check(module + ".lora_B", shape: [shape[0], rank])
    }
  }
}
