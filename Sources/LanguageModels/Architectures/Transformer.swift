package import MLX
package import ModelFiles
internal import Tokenization

// Shapes: B rows, T tokens of a row, D width, V vocabulary, r rank of an adapter. Matrices are [out, in]; an adapter's A
// [r, in], its B [out, r].

/// A pretrained decoder-only transformer of the Llama line in training: token embedding, a stack of the family's layers
/// (`LlamaLayer`, `QwenLayer`, `OlmoLayer`, `Gemma3Layer`), a last norm and the output head.
package struct Transformer: CausalLanguageModel {
  package let configuration: TransformerConfiguration
  package var parameters: Parameters
  /// The weights that stay as they are; those of an adapter that is not trained are among them.
  let frozen: Parameters
  /// Frozen matrices of layers that stay in the blocks of their file, by name; `frozen` does not have them.
  let blocks: [String: BlockMatrix]
  /// The kind of its adapter, trained or not; `nil` when it has none.
  let adapter: LoRAConfiguration?
  /// Whether each layer is computed again for the gradient instead of being kept in memory, for few tokens too.
  package var recomputesLayers = false
  private let layer: any DecoderLayer

  /// A model of these weights, by the names of `TransformerConfiguration.weightShapes`; an adapter's factors are
  /// `<module>.lora_A.weight` and `<module>.lora_B.weight`.
  package init(
    _ configuration: TransformerConfiguration, trained: Parameters, frozen: Parameters,
    blocks: [String: BlockMatrix] = [:], adapter: LoRAConfiguration? = nil
  ) throws {
    for (name, shape) in configuration.weightShapes {
      let found = try blocks[name]?.shape ?? (trained[name] ?? frozen.require(name)).shape
      guard found == shape else { throw ModelError("Parameter '\(name)' has shape \(found); expected \(shape).") }
    }
    self.configuration = configuration
    self.parameters = trained
    self.frozen = frozen
    self.blocks = blocks
    self.adapter = adapter
    layer =
      switch configuration.family {
      case .llama, .mistral, .smollm3, .phi3: LlamaLayer()
      case .olmo2, .olmo3: OlmoLayer()
      case .qwen2, .qwen3: QwenLayer()
      case .gemma3: Gemma3Layer()
      }
  }

  package var context: Int { configuration.context }

  package var hiddenMatrices: Set<String> { Set(parameters.names.filter { $0.hasSuffix("_proj.weight") }) }

  package func head(_ parameters: Parameters) throws -> OutputHead {
    let name = configuration.tiedEmbeddings ? Self.embeddingName : Self.headName
    return OutputHead(
      matrix: try weight(name, parameters), logitCap: configuration.logitCap, isFrozen: parameters[name] == nil)
  }

  package var sharesBeginnings: Bool { true }

  package func hidden(_ rows: TokenRows, _ parameters: Parameters, dropout: MLXArray?) throws -> MLXArray {
    try rows.check(context: context, widest: configuration.hidden)
    let layers = try layers(rows, dropout: dropout)
    let x = try (0..<configuration.layers).reduce(embedded(rows, parameters)) { try layers($1, $0, parameters) }
    return try normalised(x, parameters)
  }

  static let (embeddingName, headName) = ("model.embed_tokens.weight", "lm_head.weight")

  private func weight(_ name: String, _ parameters: Parameters) throws -> MLXArray {
    try parameters[name] ?? frozen.require(name)
  }

  /// What the first layer reads, [B, T, D].
  func embedded(_ rows: TokenRows, _ parameters: Parameters) throws -> MLXArray {
    let x = try embedding(weight(Self.embeddingName, parameters), rows.tokens)
    return configuration.embeddingScale == 1 ? x : try x * configuration.embeddingScale
  }

  /// What the head reads of what the last layer wrote.
  func normalised(_ x: MLXArray, _ parameters: Parameters) throws -> MLXArray {
    try rmsNorm(x, weight: weight("model.norm.weight", parameters), eps: configuration.normEpsilon)
  }

  /// The layers for the tokens of a batch: each takes its number, [B, T, D] and parameters, and gives [B, T, D].
  func layers(
    _ rows: TokenRows, dropout: MLXArray?
  ) throws -> (_ index: Int, _ x: MLXArray, _ parameters: Parameters) throws -> MLXArray {
    let positions = try LayerPositions(configuration, rows)
    let drops = (adapter?.dropout ?? 0) > 0
    let keys = try drops ? dropout.map { try MLXRandom.split(key: $0, into: configuration.layers) } : nil
    return { index, x, parameters in
      let weights = LayerWeights(
        prefix: Self.prefix(index), own: parameters, frozen: frozen, blocks: blocks, configuration: configuration,
        adapter: adapter, dropout: keys?[index], positions: positions, isWindowed: configuration.isWindowed[index],
        isRotated: configuration.isRotated[index])
      return try layer(x, weights)
    }
  }

  static func prefix(_ layer: Int) -> String { "model.layers.\(layer)." }
}
