internal import MLX
internal import ModelFiles

// Shapes: B rows, T tokens of a row, D width, H query heads, G heads of keys and values, W head width.

/// Qwen2 and Qwen3 (arXiv 2407.10671, 2505.09388): Llama's layer, where Qwen2 adds biases to queries, keys and values, and
/// Qwen3 instead normalises queries and keys within each head.
struct QwenLayer: DecoderLayer {
  func callAsFunction(_ x: MLXArray, _ weights: LayerWeights) throws -> MLXArray {
    let x = try x + attention(weights.norm(x, "input_layernorm"), weights)
    return try x + weights.feedForward(weights.norm(x, "post_attention_layernorm"))
  }

  private func attention(_ x: MLXArray, _ weights: LayerWeights) throws -> MLXArray {
    var (queries, keys, values) = try weights.queriesKeysValues(x)
    if weights.configuration.queryKeyNorm == .perHead {
      queries = try weights.norm(queries, "self_attn.q_norm")
      keys = try weights.norm(keys, "self_attn.k_norm")
    }
    return try weights.attend(weights.rotated(queries), weights.rotated(keys), values)
  }
}
