internal import MLX

// Shapes: B rows, T tokens of a row, D width, H query heads, G heads of keys and values, W head width.

/// OLMo 2 and 3 (arXiv 2501.00656): norms after each part and none before, queries and keys normalised over all heads
/// together. In OLMo 3, three of four layers see a window and have rotary angles of their own.
struct OlmoLayer: DecoderLayer {
  func callAsFunction(_ x: MLXArray, _ weights: LayerWeights) throws -> MLXArray {
    let x = try x + weights.norm(attention(x, weights), "post_attention_layernorm")
    return try x + weights.norm(weights.feedForward(x), "post_feedforward_layernorm")
  }

  private func attention(_ x: MLXArray, _ weights: LayerWeights) throws -> MLXArray {
    let (queries, keys, values) = try weights.queriesKeysValues(x)
    return try weights.attend(
      weights.rotated(normalised(queries, "self_attn.q_norm", weights)),
      weights.rotated(normalised(keys, "self_attn.k_norm", weights)),
      values)
  }

  /// Queries or keys [B, T, heads, W], normalised over the last two axes.
  private func normalised(_ x: MLXArray, _ module: String, _ weights: LayerWeights) throws -> MLXArray {
    try weights.norm(x.reshaped(x.dim(0), x.dim(1), -1), module).reshaped(x.dim(0), x.dim(1), x.dim(2), x.dim(3))
  }
}
