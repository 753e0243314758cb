internal import Foundation
internal import Tokenization

extension TransformerConfiguration {
  /// Reads the metadata of a GGUF file, as llama.cpp does.
  ///
  /// Some of it is not written there: Gemma 3's windowed layers have a rotary base of 10,000 and every sixth layer sees
  /// everything; a file without an output matrix shares the embedding; Llama 3's scaling is a table of factors.
  ///
  /// - Throws: a `ModelError` when it is malformed, asks for what is not supported or has impossible sizes.
  package init(gguf file: GGUFFile) throws {
    let architecture = try file.string("general.architecture") ?? "unknown"
    guard let family = try Self.families[architecture]?(file) else {
      let known = Self.families.keys.sorted().joined(separator: ", ")
      throw ModelError("'\(file.name)' holds a model of architecture '\(architecture)'; supported are \(known).")
    }
    self = try GGUFConfiguration(file: file, family: family, architecture: architecture).configuration()
      .validated(file.name)
  }
}

extension TransformerConfiguration {
  /// What GGUF calls the families. Mistral is written as Llama; OLMo 3 as OLMo 2 with a window.
  private static let families: [String: @Sendable (GGUFFile) throws -> Family] = [
    "llama": { _ in .llama }, "qwen2": { _ in .qwen2 }, "qwen3": { _ in .qwen3 }, "gemma3": { _ in .gemma3 },
    "phi3": { _ in .phi3 }, "smollm3": { _ in .smollm3 },
    "olmo2": { try $0.integer("olmo2.attention.sliding_window") ?? 0 > 0 ? .olmo3 : .olmo2 },
  ]
}

/// Reads the keys of one architecture.
private struct GGUFConfiguration {
  let file: GGUFFile
  let family: TransformerConfiguration.Family
  let architecture: String

  /// The published size (27B) whose attention is scaled by the width and not by the head, told by its depth as llama.cpp
  /// tells it.
  private static let layersOfGemma27B = 62

  private func key(_ name: String) -> String { "\(architecture).\(name)" }

  private func integer(_ name: String) throws -> Int? { try file.integer(key(name)) }

  private func need<T>(_ value: T?, _ name: String) throws -> T {
    guard let value else { throw ModelError("'\(file.name)' lacks the metadata '\(key(name))'.") }
    return value
  }

  func configuration() throws -> TransformerConfiguration {
    try refuseUnsupported()
    let width = try need(integer("embedding_length"), "embedding_length")
    let layers = try need(integer("block_count"), "block_count")
    let heads = try need(integer("attention.head_count"), "attention.head_count")
    let headWidth = try integer("attention.key_length") ?? width / max(1, heads)
    let rotaryWidth = family == .phi3 ? try integer("rope.dimension_count") ?? headWidth : headWidth
    try checkHeads(headWidth)
    let rotary = try rotary(width: rotaryWidth)
    let window = try windows(layers: layers)
    let isGemma = family == .gemma3
    let scaledWidth = isGemma && layers == Self.layersOfGemma27B ? width / max(1, heads) : headWidth
    return TransformerConfiguration(
      family: family, vocabulary: try vocabulary(), width: width, layers: layers, heads: heads,
      keyValueHeads: try integer("attention.head_count_kv") ?? heads, headWidth: headWidth,
      hidden: try need(integer("feed_forward_length"), "feed_forward_length"),
      context: try context(rotary), normEpsilon: try normEpsilon(),
      gate: isGemma ? .gelu : .silu, rotary: rotary, rotaryWidth: rotaryWidth, isRotated: rotatedLayers(layers),
      localRotary: try localRotary(),
      window: window.size, isWindowed: window.layers, tiedEmbeddings: file.tensors["output.weight"] == nil,
      attentionBias: family == .qwen2, queryKeyNorm: family.queryKeyNorm, norms: family.norms,
      attentionScale: Float(1 / Double(max(1, scaledWidth)).squareRoot()),
      embeddingScale: isGemma ? Float(max(1, width)).squareRoot() : 1,
      logitCap: try file.number(key("final_logit_softcapping")).map { Float($0) })
  }

  private func refuseUnsupported() throws {
    if file.parts.count == 1, let parts = try file.integer("split.count"), parts > 1 {
      throw ModelError("'\(file.name)' is one of \(parts) parts, and the others are not at hand.")
    }
    if let experts = try integer("expert_count"), experts > 0 {
      throw ModelError("'\(file.name)' has \(experts) experts; mixtures are not supported.")
    }
    for (name, neutral) in Self.unsupported {
      guard let value = file.metadata[key(name)] else { continue }
      let number: Double? =
        switch value {
        case .float(let number): number
        case .integer(let number): Double(number)
        case .bool(let flag): flag ? 1 : 0
        default: nil
        }
      guard let neutral, number == neutral else {
        throw ModelError("'\(file.name)' has '\(key(name))' set, which is not supported.")
      }
    }
  }

  /// Settings that change what a model computes and that no supported family has, with the value that changes nothing.
  private static let unsupported: [(name: String, neutral: Double?)] = [
    ("attn_logit_softcapping", nil), ("router_logit_softcapping", nil), ("attention.causal", 1),
    ("attention.clamp_kqv", 0), ("attention.max_alibi_bias", 0), ("attention.scale", nil),
    ("attention.output_scale", 1), ("attention.temperature_scale", nil), ("attention.temperature_length", nil),
    ("attention.shared_kv_layers", 0), ("embedding_scale", 1), ("residual_scale", 1), ("logit_scale", 1),
    ("use_parallel_residual", 0), ("rope.dimension_sections", nil), ("rope.scaling.yarn_attn_factor", 1),
    ("rope.scaling.yarn_ext_factor", 1), ("rope.scaling.yarn_log_multiplier", 0),
  ]

  private func checkHeads(_ headWidth: Int) throws {
    for name in ["attention.value_length"] + (family == .phi3 ? [] : ["rope.dimension_count"]) {
      if let other = try integer(name), other != headWidth {
        throw ModelError("'\(file.name)' has a '\(key(name))' of \(other) in heads of width \(headWidth).")
      }
    }
  }

  private func vocabulary() throws -> Int {
    guard let shape = file.tensors["token_embd.weight"]?.shape, shape.count == 2 else {
      throw ModelError("'\(file.name)' has no matrix 'token_embd.weight'; it does not hold a language model.")
    }
    return shape[0]
  }

  private func normEpsilon() throws -> Float {
    let name = "attention.layer_norm_rms_epsilon"
    return Float(try need(file.number(key(name)), name))
  }

  /// With LongRoPE, up to where the factors of short texts hold.
  private func context(_ rotary: TransformerConfiguration.Rotary) throws -> Int {
    let longest = try need(integer("context_length"), "context_length")
    guard case .longrope = rotary.scaling else { return longest }
    return min(longest, try originalContext())
  }

  /// Every fourth layer of SmolLM3 leaves its heads as they are; no key says so.
  private func rotatedLayers(_ layers: Int) -> [Bool]? {
    family == .smollm3 && (1...1_024).contains(layers) ? (1...layers).map { $0 % 4 != 0 } : nil
  }

  /// Gemma 3, OLMo 3 and Phi-3 have windows. llama.cpp leaves out Phi-3's, which `transformers` keeps.
  private func windows(layers: Int) throws -> (size: Int?, layers: [Bool]?) {
    guard [.gemma3, .olmo3, .phi3].contains(family), let size = try integer("attention.sliding_window"), size > 0,
      (1...1_024).contains(layers)
    else { return (nil, nil) }
    if family == .phi3 { return (size, Array(repeating: true, count: layers)) }
    let name = "attention.sliding_window_pattern"
    if case .array(let array)? = file.metadata[key(name)], array.kind == .bool {
      return (size, try file.integers(key(name))?.map { $0 == 1 })
    }
    let pattern = try integer(name) ?? (family == .olmo3 ? 4 : 6)
    guard pattern > 0 else { throw ModelError("'\(file.name)' has a '\(key(name))' of \(pattern).") }
    let isWindowed = (1...layers).map { $0 % pattern != 0 }
    return isWindowed.contains(true) ? (size, isWindowed) : (nil, nil)
  }

  private func rotary(width: Int) throws -> TransformerConfiguration.Rotary {
    let base = try file.number(key("rope.freq_base")) ?? 10_000
    if family == .phi3, let factors = try factors("rope_factors_short.weight", width: width) {
      let original = Double(try originalContext())
      let stretch = Double(try need(integer("context_length"), "context_length")) / original
      let attention =
        try file.number(key("rope.scaling.attn_factor"))
        ?? (stretch <= 1 ? 1 : (1 + log(stretch) / log(original)).squareRoot())
      return .init(base: base, scaling: .longrope(factors: factors.map(Double.init), attentionFactor: attention))
    }
    if let factors = try factors("rope_freqs.weight", width: width) {
      let scaling = try RotaryFactors(factors).scaling(base: base, headWidth: width, source: file.name)
      return .init(base: base, scaling: scaling)
    }
    return .init(base: base, scaling: try scaling())
  }

  private func localRotary() throws -> TransformerConfiguration.Rotary? {
    if family == .olmo3 { return .init(base: try file.number(key("rope.freq_base")) ?? 10_000) }
    guard family == .gemma3 else { return nil }
    return .init(base: try file.number(key("rope.freq_base_swa")) ?? 10_000)
  }

  private func scaling() throws -> TransformerConfiguration.Rotary.Scaling {
    let old = try file.number(key("rope.scale_linear"))
    switch try file.string(key("rope.scaling.type")) ?? (old == nil ? "none" : "linear") {
    case "none": return .none
    case "linear":
      let factor = try need(file.number(key("rope.scaling.factor")) ?? old, "rope.scaling.factor")
      return factor == 1 || factor == 0 ? .none : .linear(factor: factor)
    case "yarn": return try yarn()
    case let other:
      throw ModelError(
        "'\(file.name)' scales rotary positions by '\(other)'; supported are none, linear, llama3, yarn, longrope.")
    }
  }

  /// Converters write the factor of attention in more than one way; the one that the method prescribes is taken.
  private func yarn() throws -> TransformerConfiguration.Rotary.Scaling {
    let factor = try need(file.number(key("rope.scaling.factor")), "rope.scaling.factor")
    let attention = factor <= 1 ? 1 : 0.1 * log(factor) + 1
    if let given = try file.number(key("rope.scaling.attn_factor")), given != 1, abs(given - attention) > 1e-4 {
      throw ModelError("'\(file.name)' has a yarn scaling whose attention factor is \(given), which is not supported.")
    }
    return .yarn(
      factor: factor, originalContext: try originalContext(),
      betaFast: try file.number(key("rope.scaling.yarn_beta_fast")) ?? 32,
      betaSlow: try file.number(key("rope.scaling.yarn_beta_slow")) ?? 1, attentionFactor: attention)
  }

  private func originalContext() throws -> Int {
    let name = "rope.scaling.original_context_length"
    let original = try need(integer(name), name)
    guard original > 1 else { throw ModelError("'\(file.name)' has a '\(key(name))' of \(original).") }
    return original
  }

  private func factors(_ name: String, width: Int) throws -> [Float]? {
    guard let tensor = file.tensors[name] else { return nil }
    guard tensor.shape == [width / 2] else {
      throw ModelError("'\(name)' in '\(file.name)' has the shape \(tensor.shape), not [\(width / 2)].")
    }
    return try tensor.values(in: file.data(of: name), order: .asStored, name: name)
  }
}
