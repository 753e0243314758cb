internal import Tokenization

extension FileWeights {
  /// The weights of a GGUF file under their Hugging Face names, queries and keys of Llama in Hugging Face's order.
  ///
  /// - Throws: a `ModelError` when one is missing or of another shape, or there is one that the architecture does not
  ///   have.
  package init(_ configuration: TransformerConfiguration, gguf file: GGUFFile) throws {
    try self.init(configuration, source: file.name) { weight in
      if let fused = FusedWeight(weight, of: configuration) {
        let stored = Self.ggufName(of: weight, in: fused)
        if let tensor = file.tensors[stored] {
          let part = try fused.part(of: tensor, named: stored, source: file.name)
          return (Entry(tensor: part, file: file.data(of: stored)), stored)
        }
      }
      let stored = Self.ggufName(of: weight, family: configuration.family)
      guard let tensor = file.tensors[stored] else { return nil }
      let isPaired =
        [.llama, .smollm3].contains(configuration.family)
        && (weight.contains("self_attn.q_proj.") || weight.contains("self_attn.k_proj."))
      let order: StoredTensor.RowOrder = isPaired ? .halvesOfHeads(width: configuration.headWidth) : .asStored
      return (Entry(tensor: tensor, file: file.data(of: stored), order: order), stored)
    }
    let names = configuration.weightShapes.map(\.name)
    let fused = names.compactMap { name in
      FusedWeight(name, of: configuration).map { Self.ggufName(of: name, in: $0) }
    }
    // The factors of the rotary frequencies belong to the configuration.
    let factors = ["rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight"]
    let known = Set(names.map { Self.ggufName(of: $0, family: configuration.family) } + fused + factors)
    for stored in file.tensors.keys.sorted() where !known.contains(stored) {
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
    let after = ["post_attention_layernorm": "post_attention_norm", "pre_feedforward_layernorm": "ffn_norm"]
    let short = (family.norms == .before ? nil : after[module]) ?? modules[module] ?? module
    return "blk.\(parts[2]).\(short).\(kind)"
  }

  /// The name of the matrix that holds a weight with others; gate and up have the name of up.
  private static func ggufName(of weight: String, in fused: FusedWeight) -> String {
    let parts = weight.split(separator: ".")
    return parts.count > 2 ? "blk.\(parts[2]).\(fused.module == "qkv_proj" ? "attn_qkv" : "ffn_up").weight" : weight
  }

  private static let modules = [
    "q_proj": "attn_q", "k_proj": "attn_k", "v_proj": "attn_v", "o_proj": "attn_output", "q_norm": "attn_q_norm",
    "k_norm": "attn_k_norm", "gate_proj": "ffn_gate", "up_proj": "ffn_up", "down_proj": "ffn_down",
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
  ]
}
