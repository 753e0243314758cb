internal import MLX
internal import ModelFiles

// Shapes: B rows, T tokens of a row, D width, H query heads, G heads of keys and values, W head width.

/// One layer of a transformer: attention, then a feed-forward network, each added to what runs through.
protocol DecoderLayer {
  /// [B, T, D] to [B, T, D].
  func callAsFunction(_ x: MLXArray, _ weights: LayerWeights) throws -> MLXArray
}

/// The rotary angles of a batch, and which texts its rows hold.
struct LayerPositions {
  let everywhere: RotaryEmbedding
  let windowed: RotaryEmbedding
  /// As `TokenRows.Sharing.layout`; `nil` for rows of one text.
  let shared: MLXArray?

  init(_ configuration: TransformerConfiguration, _ rows: TokenRows) throws {
    func table(_ rotary: TransformerConfiguration.Rotary) throws -> RotaryEmbedding {
      try RotaryEmbedding(
        positions: rows.sharing?.positions ?? Array(0..<rows.tokens.dim(1)),
        batch: rows.sharing == nil ? nil : rows.tokens.dim(0),
        inverseFrequencies: rotary.inverseFrequencies(dimensions: configuration.rotaryWidth),
        scale: rotary.attentionFactor)
    }
    shared = rows.sharing?.layout
    everywhere = try table(configuration.rotary)
    windowed = try configuration.localRotary.map(table) ?? everywhere
  }
}

/// What a layer is made of: its weights by short name, and the operations that all families share.
struct LayerWeights {
  let prefix: String
  /// In place of `frozen` where both have a name.
  let own: Parameters
  let frozen: Parameters
  /// Frozen matrices that stay in the blocks of their file.
  let blocks: [String: BlockMatrix]
  let configuration: TransformerConfiguration
  let adapter: LoRAConfiguration?
  /// The random key of the adapter's dropout, when there is any.
  let dropout: MLXArray?
  let positions: LayerPositions
  let isWindowed: Bool
  let isRotated: Bool

  private func find(_ name: String) -> MLXArray? { own[prefix + name] ?? frozen[prefix + name] }

  private func require(_ name: String) throws -> MLXArray { try own[prefix + name] ?? frozen.require(prefix + name) }

  /// Several modules of one input: those whose adapters are trained share what can be shared.
  func linear(_ x: MLXArray, _ modules: [String]) throws -> [MLXArray] {
    guard let adapter, dropout == nil else { return try modules.map { try linear(x, $0) } }
    let trained = try modules.filter { blocks[prefix + $0 + ".weight"] == nil }.compactMap { module in
      try own[prefix + module + ".lora_A.weight"].map { a in
        (
          module,
          AdaptedMatrix(matrix: try require(module + ".weight"), a: a, b: try require(module + ".lora_B.weight"))
        )
      }
    }
    guard !trained.isEmpty else { return try modules.map { try linear(x, $0) } }
    let results = Dictionary(
      uniqueKeysWithValues: zip(trained.map(\.0), try adaptedLinear(x, trained.map(\.1), scale: adapter.scale)))
    return try modules.map { module in
      guard let y = results[module] else { return try linear(x, module) }
      return try find(module + ".bias").map { try y + $0 } ?? y
    }
  }

  /// x times the transpose of a module's matrix, with its bias and its adapter where it has them.
  func linear(_ x: MLXArray, _ module: String) throws -> MLXArray {
    let y = try product(x, module)
    guard let adapter, let a = find(module + ".lora_A.weight"), let b = find(module + ".lora_B.weight") else {
      return y
    }
    return try addMM(y, matmul(dropped(x, module, adapter.dropout), a.T) * adapter.scale, b.T)
  }

  private func product(_ x: MLXArray, _ module: String) throws -> MLXArray {
    let bias = find(module + ".bias")
    if let blocks = blocks[prefix + module + ".weight"] {
      let y = try blocks(x)
      return try bias.map { try y + $0 } ?? y
    }
    let matrix = try require(module + ".weight").T
    return try bias.map { try addMM($0, x, matrix) } ?? matmul(x, matrix)
  }

  /// x with a share of its elements zeroed and the rest enlarged; each module's choice has a key of its own.
  private func dropped(_ x: MLXArray, _ module: String, _ rate: Float) throws -> MLXArray {
    guard let dropout, let index = Self.modules.firstIndex(of: module) else { return x }
    let keys = try MLXRandom.split(key: dropout, into: Self.modules.count)
    let kept = try MLXRandom.uniform(x.shape, key: keys[index]) .>= MLXArray(rate)
    return try x * kept.asType(.float32) / (1 - rate)
  }

  private static let modules = [
    "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj",
    "mlp.down_proj",
  ]

  /// The root-mean-square norm over the last axis.
  func norm(_ x: MLXArray, _ module: String) throws -> MLXArray {
    try rmsNorm(x, weight: require(module + ".weight"), eps: configuration.normEpsilon)
  }

  /// Queries [B, T, H, W], keys and values [B, T, G, W] of [B, T, D].
  func queriesKeysValues(_ x: MLXArray) throws -> (queries: MLXArray, keys: MLXArray, values: MLXArray) {
    let parts = try linear(x, ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"])
      .map { try $0.reshaped(x.dim(0), x.dim(1), -1, configuration.headWidth) }
    return (parts[0], parts[1], parts[2])
  }

  /// Queries or keys turned by their positions, in layers that turn them.
  func rotated(_ x: MLXArray) throws -> MLXArray {
    isRotated ? try (isWindowed ? positions.windowed : positions.everywhere)(x) : x
  }

  /// Causal attention of queries [B, T, H, W] over keys and values [B, T, G, W], and the projection back: [B, T, D].
  func attend(_ queries: MLXArray, _ keys: MLXArray, _ values: MLXArray) throws -> MLXArray {
    let attended = try scaledDotProductAttention(
      queries: queries, keys: keys, values: values, scale: configuration.attentionScale, mask: .causal,
      shared: positions.shared, window: isWindowed ? configuration.window : nil)
    return try linear(attended.reshaped(queries.dim(0), queries.dim(1), -1), ["self_attn.o_proj"])[0]
  }

  /// The gated feed-forward network: down (f(gate x) * up x).
  func feedForward(_ x: MLXArray) throws -> MLXArray {
    let activation: Activation = configuration.gate == .gelu ? .gelu : .silu
    let parts = try linear(x, ["mlp.gate_proj", "mlp.up_proj"])
    return try linear(activation(gate: parts[0], value: parts[1]), ["mlp.down_proj"])[0]
  }
}
