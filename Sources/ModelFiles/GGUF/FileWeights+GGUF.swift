internal import Tokenization

extension FileWeights {
  /// The weights of a GGUF file under their Hugging Face names, queries and keys of Llama in Hugging Face's order.
  ///
  /// - Throws: a `ModelError` when one is missing or of another shape, or there is one that the architecture does not
  ///   have.
  package init(_ configuration: TransformerConfiguration, gguf file: GGUFFile) throws {
    try self.init(configuration, source: file.name) { weight in
      let stored = Self.ggufName(of: weight, family: configuration.family)
      guard let tensor = file.tensors[stored] else { return nil }
      let isPaired =
        configuration.family == .llama && (weight.contains("self_attn.q_proj.") || weight.contains("self_attn.k_proj."))
      let order: StoredTensor.RowOrder = isPaired ? .halvesOfHeads(width: configuration.headWidth) : .asStored
      return (Entry(tensor: tensor, file: file.data, order: order), stored)
    }
    let known = Set(configuration.weightShapes.map { Self.ggufName(of: $0.name, family: configuration.family) })
    // The factors of the rotary frequencies belong to the configuration.
    for stored in file.tensors.keys.sorted() where !known.contains(stored) && stored != "rope_freqs.weight" {
      throw ModelError(
        "'\(file.name)' has a weight '\(stored)', which \(configuration.family.rawValue) models do not have.")
    }
  }

  /// The name that llama.cpp's converter gives a weight.
  static func ggufName(of weight: String, family: TransformerConfiguration.Family) -> String {
    let whole = [
      "model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
      "lm_head.weight": "output.weight",
    ]
    if let name = whole[weight] { return name }
    // model . layers . <number> . <module> [. <module>] . weight or bias
    let parts = weight.split(separator: ".")
    guard parts.count >= 5, let kind = parts.last else { return weight }
    let module = String(parts[parts.count - 2])
    let sandwich = ["post_attention_layernorm": "post_attention_norm", "pre_feedforward_layernorm": "ffn_norm"]
    let short = (family == .gemma3 ? sandwich[module] : nil) ?? modules[module] ?? module
    return "blk.\(parts[2]).\(short).\(kind)"
  }

  private static let modules = [
    "q_proj": "attn_q", "k_proj": "attn_k", "v_proj": "attn_v", "o_proj": "attn_output", "q_norm": "attn_q_norm",
    "k_norm": "attn_k_norm", "gate_proj": "ffn_gate", "up_proj": "ffn_up", "down_proj": "ffn_down",
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
  ]
}
