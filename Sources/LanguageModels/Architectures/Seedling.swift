package import MLX
internal import Tokenization

// Shapes: B rows, T tokens of a row, D width, H query heads, G heads of keys and values, W head width, M hidden width,
// V vocabulary. Linear weights are [out, in].

/// A small decoder-only transformer: root-mean-square norms before each part, rotary positions, grouped keys and values,
/// normalised queries and keys, squared-ReLU feed-forward layers, and one matrix for input and output embedding.
///
/// The input at a position is the sum of its token's normalised embedding and those of the two tokens before it, each
/// with a learned gain for every channel. One layer of attention can then find where the present token occurred and read
/// what followed: copying file names is what a model of this size otherwise learns last (`seedling.md`, section 2).
package struct Seedling: CausalLanguageModel {
  package let configuration: SeedlingConfiguration
  package var parameters: Parameters

  /// A model with these parameters; throws when one is missing or has another shape.
  package init(configuration: SeedlingConfiguration, parameters: Parameters) throws {
    try configuration.validate()
    for (name, shape) in configuration.shapes where try parameters.require(name).shape != shape {
      throw ModelError("Parameter '\(name)' has shape \(try parameters.require(name).shape); expected \(shape).")
    }
    self.configuration = configuration
    self.parameters = parameters
  }

  /// A model with random weights: normal, scaled by fan-in, the layers' outputs damped by depth.
  package init(configuration: SeedlingConfiguration, seed: UInt64) throws {
    try configuration.validate()
    let shapes = configuration.shapes
    let keys = try MLXRandom.split(key: MLXRandom.key(seed), into: shapes.count)
    let damping = 1 / Float(2 * configuration.layers).squareRoot()
    var parameters = Parameters()
    for (key, (name, shape)) in zip(keys, shapes) {
      let fanIn = 1 / Float(shape[shape.count - 1]).squareRoot()
      parameters[name] =
        switch name.split(separator: ".").last {
        case "embedding": try MLXRandom.normal(shape, scale: 0.02, key: key)
        case "shift": try Self.initialShift(width: configuration.width, key: key)
        case "output", "down": try MLXRandom.normal(shape, scale: fanIn * damping, key: key)
        case "query_key_value", "up": try MLXRandom.normal(shape, scale: fanIn, key: key)
        default: try MLXArray.ones(shape)
        }
    }
    try eval(parameters.arrays)
    try self.init(configuration: configuration, parameters: parameters)
  }

  /// 1 for the token itself; random gains for the two before it, so that channels tell them apart.
  private static func initialShift(width: Int, key: MLXArray) throws -> MLXArray {
    try concatenated([MLXArray.ones([1, width]), MLXRandom.normal([2, width], scale: 0.5, key: key)])
  }

  /// The layers' matrices, which Muon may train; embeddings, gains and norms are AdamW's.
  package var hiddenMatrices: Set<String> {
    let matrices = ["query_key_value", "output", "up", "down"]
    return Set(parameters.names.filter { name in matrices.contains { name.hasSuffix("." + $0) } })
  }

  package var context: Int { configuration.context }

  package func head(_ parameters: Parameters) throws -> OutputHead {
    OutputHead(matrix: try parameters.require("embedding"), logitCap: nil, isFrozen: false)
  }

  /// Each of its tokens is mixed with the one before it in the row, which would be another text's.
  package var sharesBeginnings: Bool { false }

  package func hidden(_ rows: TokenRows, _ parameters: Parameters, dropout: MLXArray?) throws -> MLXArray {
    let (config, tokens) = (configuration, rows.tokens)
    let embedding = try parameters.require("embedding")
    try rows.check(context: config.context, widest: config.hidden)
    guard rows.sharing == nil else { throw ModelError("A seedling reads rows of one text each.") }
    let vectors = try rmsNorm(embedding, weight: .ones([config.width]), eps: config.epsilon)
    var x = try causalShift(MLX.embedding(vectors, tokens), weight: parameters.require("shift"))
    let positions = try RotaryEmbedding(
      positions: 0..<tokens.dim(1), inverseFrequencies: config.inverseFrequencies)
    for layer in 0..<config.layers {
      let weights = Layer(index: layer, parameters: parameters)
      x = try x + attend(norm(x, weights("attention_norm")), positions, weights)
      let hidden = try Activation.relu2(matmul(norm(x, weights("mlp_norm")), weights("up").T))
      x = try x + matmul(hidden, weights("down").T)
    }
    return try norm(x, parameters.require("norm"))
  }

  private func norm(_ x: MLXArray, _ weight: MLXArray) throws -> MLXArray {
    try rmsNorm(x, weight: weight, eps: configuration.epsilon)
  }

  /// [B, T, D] to [B, T, D].
  private func attend(_ x: MLXArray, _ positions: RotaryEmbedding, _ weights: Layer) throws -> MLXArray {
    let (config, batch, length) = (configuration, x.dim(0), x.dim(1))
    let (query, keyValue) = (config.heads * config.headWidth, config.keyValueHeads * config.headWidth)
    let parts = try split(matmul(x, weights("query_key_value").T), sizes: [query, keyValue, keyValue])
      .map { try $0.reshaped(batch, length, -1, config.headWidth) }
    let queries = try positions(norm(parts[0], weights("query_norm")))
    let keys = try positions(norm(parts[1], weights("key_norm")))
    let values = parts[2]
    let attended = try scaledDotProductAttention(
      queries: queries, keys: keys, values: values, scale: config.attentionScale, mask: .causal)
    return try matmul(attended.reshaped(batch, length, query), weights("output").T)
  }
}

/// The parameters of one layer by short name.
private struct Layer {
  let index: Int
  let parameters: Parameters

  func callAsFunction(_ name: String) throws -> MLXArray { try parameters.require("layers.\(index).\(name)") }
}
