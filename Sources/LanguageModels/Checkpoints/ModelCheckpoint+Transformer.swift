package import MLX
internal import ModelFiles
internal import Tokenization

// Shapes: every weight has the shape that `ModelArchitecture.weightShapes` lists for its name; an adapter's A is [r, in],
// its B [out, r].

extension ModelCheckpoint {
  /// This model, ready for training.
  ///
  /// - Parameters:
  ///   - parts: what training changes; a seedling is always trained whole.
  ///   - key: draws the first factors of a new adapter.
  ///   - recomputesLayers: saves memory at the cost of a second forward pass, also where a batch needs little; without effect
  ///     on a seedling.
  /// - Throws: a `ModelError` when the checkpoint's adapter is not of the kind that `parts` asks for.
  package func model(
    training parts: TrainableParts, key: MLXArray, recomputesLayers: Bool = false
  ) throws -> any CausalLanguageModel {
    guard case .transformer(let configuration) = architecture else { return try seedling() }
    var model = try transformer(configuration, training: parts, key: key)
    model.recomputesLayers = recomputesLayers
    return model
  }

  /// This model to compute log-probabilities with; nothing in it is trainable unless it is a seedling.
  package func model() throws -> any CausalLanguageModel {
    guard case .transformer(let configuration) = architecture else { return try seedling() }
    return try transformer(configuration, trained: Parameters(), adapter: adapter?.settings)
  }

  /// The checkpoint that training made of this one.
  package func trained(_ model: any CausalLanguageModel, lineage: Lineage) throws -> ModelCheckpoint {
    if let seedling = model as? Seedling, let tokenizer = tokenizer as? WordTokenizer {
      return try ModelCheckpoint(seedling, tokenizer: tokenizer, lineage: lineage)
    }
    guard let base, let transformer = model as? Transformer else {
      throw ModelError("The trained model is not of the kind of '\(self.lineage.name)'.")
    }
    try eval(transformer.parameters.arrays)
    if let adapter = try Adapter(transformer) {
      return try ModelCheckpoint(base: base, lineage: lineage, weights: weights, adapter: adapter)
    }
    let changed = try transformer.parameters.pairs.map { ($0.name, try Weight($0.array)) }
    return try ModelCheckpoint(
      base: base, lineage: lineage, weights: weights.merging(changed) { $1 }, adapter: adapter)
  }

  private func transformer(
    _ configuration: TransformerConfiguration, training parts: TrainableParts, key: MLXArray
  ) throws -> Transformer {
    switch parts {
    case .adapter(let settings):
      let start = try adapter ?? Adapter(settings, for: configuration, key: key)
      try start.check(settings, for: configuration)
      return try transformer(configuration, trained: start.parameters(), adapter: settings)
    case .body, .all:
      let outer: Set = parts == .all ? [] : ["model.embed_tokens.weight", "lm_head.weight"]
      let names = configuration.weightShapes.filter { !outer.contains($0.name) }
      let trained = try Parameters(names.map { ($0.name, try array($0.name, $0.shape)) })
      return try transformer(configuration, trained: trained, adapter: adapter?.settings)
    }
  }

  /// The rest of the weights, and the checkpoint's adapter if it is not trained, are frozen.
  private func transformer(
    _ configuration: TransformerConfiguration, trained: Parameters, adapter settings: LoRAConfiguration?
  ) throws -> Transformer {
    var (frozen, matrices) = (Parameters(), [String: BlockMatrix]())
    for (name, shape) in configuration.weightShapes where trained[name] == nil {
      if name.hasSuffix("_proj.weight"), let blocks = try blocks(name) {
        matrices[name] = try BlockMatrix(
          shape: blocks.shape, numbers: blocks.numbers, scales: blocks.scales, offsets: blocks.offsets)
      } else {
        frozen[name] = try array(name, shape)
      }
    }
    for (name, array) in try adapter?.parameters().pairs ?? [] where trained[name] == nil { frozen[name] = array }
    return try Transformer(configuration, trained: trained, frozen: frozen, blocks: matrices, adapter: settings)
  }

  private func array(_ name: String, _ shape: [Int]) throws -> MLXArray { try MLXArray(values(name), shape) }
}

extension Weight {
  /// The numbers of an array.
  init(_ array: MLXArray) throws { self.init(shape: array.shape, values: try array.asArray(Float.self)) }
}
