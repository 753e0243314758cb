internal import MLX

// Shapes: B rows, T tokens of a row, D width, H query heads, G heads of keys and values, W head width.

/// Llama 2 and 3 (arXiv 2302.13971, 2407.21783): norms before each part, rotary positions, grouped keys and values, a
/// gated feed-forward network with SiLU. Mistral (2310.06825) adds a window; SmolLM3 leaves the positions out of every
/// fourth layer; Phi-3 (2404.14219) stores matrices together, which are cut when they are read, and may rotate a part of
/// each head.
struct LlamaLayer: DecoderLayer {
  func callAsFunction(_ x: MLXArray, _ weights: LayerWeights) throws -> MLXArray {
    let x = try x + attention(weights.norm(x, "input_layernorm"), weights)
    return try x + weights.feedForward(weights.norm(x, "post_attention_layernorm"))
  }

  private func attention(_ x: MLXArray, _ weights: LayerWeights) throws -> MLXArray {
    let (queries, keys, values) = try weights.queriesKeysValues(x)
    return try weights.attend(weights.rotated(queries), weights.rotated(keys), values)
  }
}
