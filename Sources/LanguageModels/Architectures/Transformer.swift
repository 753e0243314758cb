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
  /// Whether each layer is computed again for the gradient instead of being kept in memory.
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
    try rows.check(context: context)
    let positions = try LayerPositions(configuration, rows)
    let drops = (adapter?.dropout ?? 0) > 0
    let keys = try drops ? dropout.map { try MLXRandom.split(key: $0, into: configuration.layers) } : nil
    var x = try embedding(weight(Self.embeddingName, parameters), rows.tokens)
    if configuration.embeddingScale != 1 { x = try x * configuration.embeddingScale }
    for index in 0..<configuration.layers {
      x = try layer(at: index, x, parameters, positions, dropout: keys?[index])
    }
    return try rmsNorm(x, weight: weight("model.norm.weight", parameters), eps: configuration.normEpsilon)
  }

  private static let (embeddingName, headName) = ("model.embed_tokens.weight", "lm_head.weight")

  private func weight(_ name: String, _ parameters: Parameters) throws -> MLXArray {
    try parameters[name] ?? frozen.require(name)
  }

  /// [B, T, D] to [B, T, D]. A layer that is computed again gets its parameters as arguments, which alone have gradients.
  private func layer(
    at index: Int, _ x: MLXArray, _ parameters: Parameters, _ positions: LayerPositions, dropout: MLXArray?
  ) throws -> MLXArray {
    let prefix = "model.layers.\(index)."
    func output(_ x: MLXArray, _ own: Parameters) throws -> MLXArray {
      let weights = LayerWeights(
        prefix: prefix, own: own, frozen: frozen, blocks: blocks, configuration: configuration,
        adapter: adapter, dropout: dropout, positions: positions, isWindowed: configuration.isWindowed[index],
        isRotated: configuration.isRotated[index])
      return try layer(x, weights)
    }
    guard recomputesLayers else { return try output(x, parameters) }
    let own = Parameters(parameters.pairs.filter { $0.name.hasPrefix(prefix) }.map { ($0.name, $0.array) })
    return try checkpoint([x] + own.arrays) { [try output($0[0], own.replacing(Array($0.dropFirst())))] }[0]
  }
}
