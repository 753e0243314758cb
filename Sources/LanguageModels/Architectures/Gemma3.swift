internal import MLX

// Shapes: B rows, T tokens of a row, D width, H query heads, G heads of keys and values, W head width.

/// Gemma 3 (arXiv 2503.19786): norms before and after each part, normalised queries and keys, five layers that see a
/// window for each that sees everything, with rotary angles of their own, and a gated feed-forward network with GELU.
struct Gemma3Layer: DecoderLayer {
  func callAsFunction(_ x: MLXArray, _ weights: LayerWeights) throws -> MLXArray {
    let attended = try attention(weights.norm(x, "input_layernorm"), weights)
    let x = try x + weights.norm(attended, "post_attention_layernorm")
    let fed = try weights.feedForward(weights.norm(x, "pre_feedforward_layernorm"))
    return try x + weights.norm(fed, "post_feedforward_layernorm")
  }

  private func attention(_ x: MLXArray, _ weights: LayerWeights) throws -> MLXArray {
    let (queries, keys, values) = try weights.queriesKeysValues(x)
    return try weights.attend(
      weights.rotated(weights.norm(queries, "self_attn.q_norm")),
      weights.rotated(weights.norm(keys, "self_attn.k_norm")),
      values)
  }
}
