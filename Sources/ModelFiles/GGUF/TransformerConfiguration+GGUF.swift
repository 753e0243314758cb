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
    guard let architecture = try file.string("general.architecture"), let family = Family(rawValue: architecture) else {
      let known = Family.allCases.map(\.rawValue).joined(separator: ", ")
      let found = try file.string("general.architecture") ?? "unknown"
      throw ModelError("'\(file.name)' holds a model of architecture '\(found)'; supported are \(known).")
    }
    self = try GGUFConfiguration(file: file, family: family).configuration().validated(file.name)
  }
}

/// Reads the keys of one architecture.
private struct GGUFConfiguration {
  let file: GGUFFile
  let family: TransformerConfiguration.Family

  /// The published size (27B) whose attention is scaled by the width and not by the head, told by its depth as llama.cpp
  /// tells it.
  private static let layersOfGemma27B = 62

  private func key(_ name: String) -> String { "\(family.rawValue).\(name)" }

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
    try checkHeads(headWidth)
    let window = try windows(layers: layers)
    let isGemma = family == .gemma3
    let scaledWidth = isGemma && layers == Self.layersOfGemma27B ? width / max(1, heads) : headWidth
    return TransformerConfiguration(
      family: family, vocabulary: try vocabulary(), width: width, layers: layers, heads: heads,
      keyValueHeads: try integer("attention.head_count_kv") ?? heads, headWidth: headWidth,
      hidden: try need(integer("feed_forward_length"), "feed_forward_length"),
      context: try need(integer("context_length"), "context_length"), normEpsilon: try normEpsilon(),
      gate: isGemma ? .gelu : .silu, rotary: try rotary(headWidth: headWidth), localRotary: try localRotary(),
      window: window.size, isWindowed: window.layers, tiedEmbeddings: file.tensors["output.weight"] == nil,
      attentionBias: family == .qwen2, queryKeyNorm: family == .qwen3 || isGemma, sandwichNorms: isGemma,
      attentionScale: 1 / Float(max(1, scaledWidth)).squareRoot(),
      embeddingScale: isGemma ? Float(max(1, width)).squareRoot() : 1,
      logitCap: try file.number(key("final_logit_softcapping")).map { Float($0) })
  }

  private func refuseUnsupported() throws {
    if let parts = try file.integer("split.count"), parts > 1 {
      throw ModelError("'\(file.name)' is one of \(parts) parts; join them with llama-gguf-split --merge first.")
    }
    if let experts = try integer("expert_count"), experts > 0 {
      throw ModelError("'\(file.name)' has \(experts) experts; mixtures are not supported.")
    }
    if try file.number(key("attn_logit_softcapping")) != nil {
      throw ModelError("'\(file.name)' caps the logits of attention, which is not supported.")
    }
  }

  private func checkHeads(_ headWidth: Int) throws {
    for name in ["attention.value_length", "rope.dimension_count"] {
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

  /// llama.cpp knows windows in Gemma 3 alone of these.
  private func windows(layers: Int) throws -> (size: Int?, layers: [Bool]?) {
    guard family == .gemma3, let size = try integer("attention.sliding_window"), size > 0,
      (1...1_024).contains(layers)
    else { return (nil, nil) }
    let name = "attention.sliding_window_pattern"
    if case .array(let array)? = file.metadata[key(name)], array.kind == .bool {
      return (size, try file.integers(key(name))?.map { $0 == 1 })
    }
    let pattern = try integer(name) ?? 6
    guard pattern > 0 else { throw ModelError("'\(file.name)' has a '\(key(name))' of \(pattern).") }
    let isWindowed = (1...layers).map { $0 % pattern != 0 }
    return isWindowed.contains(true) ? (size, isWindowed) : (nil, nil)
  }

  private func rotary(headWidth: Int) throws -> TransformerConfiguration.Rotary {
    let base = try file.number(key("rope.freq_base")) ?? 10_000
    if let factors = try rotaryFactors(headWidth: headWidth) {
      let scaling = try RotaryFactors(factors).scaling(base: base, headWidth: headWidth, source: file.name)
      return .init(base: base, scaling: scaling)
    }
    return .init(base: base, scaling: try scaling())
  }

  private func localRotary() throws -> TransformerConfiguration.Rotary? {
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
    case let other:
      throw ModelError("'\(file.name)' scales rotary positions by '\(other)'; supported are none, linear, llama3.")
    }
  }

  private func rotaryFactors(headWidth: Int) throws -> [Float]? {
    guard let tensor = file.tensors["rope_freqs.weight"] else { return nil }
    guard tensor.shape == [headWidth / 2] else {
      throw ModelError("'rope_freqs.weight' in '\(file.name)' has the shape \(tensor.shape), not [\(headWidth / 2)].")
    }
    return try tensor.values(in: file.data, order: .asStored, name: "rope_freqs.weight")
  }
}
