import Foundation

/// A Qwen3 of 55,000 random weights in a folder as Hugging Face lays it out, with a real tokenizer of 605 tokens: enough
/// to walk every step that a downloaded model walks.
enum TinyPretrainedModel {
  private static let (vocabulary, width, hidden, heads, headWidth, layers) = (608, 32, 48, 4, 8, 2)

  /// Writes the model's files into `folder`, which must exist.
  static func write(to folder: URL) throws {
    let tokenizer = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "TokenizationTests/Fixtures/qwen2.json")
    try FileManager.default.copyItem(at: tokenizer, to: folder.appending(path: "tokenizer.json"))
    try Data(configuration.utf8).write(to: folder.appending(path: "config.json"))
    try safetensors().write(to: folder.appending(path: "model.safetensors"))
  }

  private static let configuration = """
    {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "vocab_size": \(vocabulary), "hidden_size": \(width),
     "intermediate_size": \(hidden), "num_hidden_layers": \(layers), "num_attention_heads": \(heads),
     "num_key_value_heads": 2, "head_dim": \(headWidth), "hidden_act": "silu", "max_position_embeddings": 2048,
     "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "tie_word_embeddings": true, "bos_token_id": 600, "eos_token_id": 602}
    """

  private static var shapes: [(String, [Int])] {
    let each = (0..<layers).flatMap { layer in
      [
        ("self_attn.q_proj", [heads * headWidth, width]), ("self_attn.k_proj", [2 * headWidth, width]),
        ("self_attn.v_proj", [2 * headWidth, width]), ("self_attn.o_proj", [width, heads * headWidth]),
        ("self_attn.q_norm", [headWidth]), ("self_attn.k_norm", [headWidth]), ("mlp.gate_proj", [hidden, width]),
        ("mlp.up_proj", [hidden, width]), ("mlp.down_proj", [width, hidden]), ("input_layernorm", [width]),
        ("post_attention_layernorm", [width]),
      ].map { ("model.layers.\(layer).\($0.0).weight", $0.1) }
    }
    return [("model.embed_tokens.weight", [vocabulary, width]), ("model.norm.weight", [width])] + each
  }

  private static func safetensors() throws -> Data {
    var state: UInt64 = 1
    func next() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int64(bitPattern: state) >> 40) / Float(1 << 23)
    }
    var header: [String: [String: Any]] = [:]
    var bytes = Data()
    for (name, shape) in shapes {
      let count = shape.reduce(1, *)
      let values = (0..<count).map { _ in shape.count == 1 ? 1 + 0.1 * next() : 0.3 * next() }
      let start = bytes.count
      values.withUnsafeBytes { bytes.append(contentsOf: $0) }
      header[name] = ["dtype": "F32", "shape": shape, "data_offsets": [start, bytes.count]]
    }
    let json = try JSONSerialization.data(withJSONObject: header, options: .sortedKeys)
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json + bytes
  }
}
