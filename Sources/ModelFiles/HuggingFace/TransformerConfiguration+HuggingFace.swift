package import Foundation
internal import Tokenization

extension TransformerConfiguration {
  /// Reads a `config.json` of `transformers` 4 or 5. What it leaves out has the default of its class there.
  ///
  /// - Parameter source: for messages.
  /// - Throws: a `ModelError` when it is malformed, asks for what is not supported or has impossible sizes.
  package init(huggingFace json: Data, source: String) throws {
    let file = try UntrustedFile.decode(HuggingFaceModelConfiguration.self, from: json, name: source).text
    let type = file.modelType == "gemma3_text" ? "gemma3" : file.modelType ?? ""
    guard let family = Family(rawValue: type) else {
      let known = Family.allCases.map(\.rawValue).sorted().joined(separator: ", ")
      throw ModelError("'\(source)' describes a model of type '\(type)'; supported are \(known).")
    }
    try file.refuseUnsupported(family, source)
    self = try file.configuration(family, source).validated(source)
  }
}

/// What a class of `transformers` takes for what the file leaves out.
private struct Defaults {
  var vocabulary: Int?
  var width: Int?
  var hidden: Int?
  var layers: Int?
  var heads: Int?
  var keyValueHeads: Int?
  var headWidth: Int?
  var context: Int
  var window: Int?
  var tied = false
  var gate = "silu"
  var base = 10_000.0
  var epsilon = 1e-6

  /// Sizes have defaults in Gemma 3 only, whose published files rely on them. The others' files always give them.
  init(_ family: TransformerConfiguration.Family) {
    switch family {
    case .llama: context = 2_048
    case .mistral: (context, keyValueHeads, window) = (131_072, 8, 4_096)
    case .smollm3: (context, keyValueHeads, tied, base) = (32_768, 4, true, 2_000_000)
    case .phi3: (context, epsilon) = (4_096, 1e-5)
    case .olmo2: (context, epsilon) = (2_048, 1e-5)
    case .olmo3: (context, epsilon, window) = (2_048, 1e-5, 4_096)
    case .qwen2: context = 32_768
    case .qwen3: (context, headWidth) = (32_768, 128)
    case .gemma3:
      (vocabulary, width, hidden, layers) = (262_208, 2_304, 9_216, 26)
      (heads, keyValueHeads, headWidth, context) = (8, 4, 256, 131_072)
      (window, tied, gate, base) = (4_096, true, "gelu_pytorch_tanh", 1_000_000)
    }
  }
}

extension HuggingFaceConfiguration {
  /// Options that change what a model computes and are not computed here.
  fileprivate func refuseUnsupported(_ family: TransformerConfiguration.Family, _ source: String) throws {
    let bias = family != .qwen2 && attentionBias == true
    let unsupported: [(Bool, String)] = [
      (quantizationConfig != nil, "weights quantised by \(quantizationConfig?.quantMethod ?? "another library")"),
      (bias, "attention_bias"), (mlpBias == true, "mlp_bias"), (attnLogitSoftcapping != nil, "attn_logit_softcapping"),
      (useBidirectionalAttention == true, "use_bidirectional_attention"),
      (family != .phi3 && partialRotaryFactor.map { $0 != 1 } ?? false, "partial_rotary_factor"),
    ]
    if let found = unsupported.first(where: \.0) {
      throw ModelError("'\(source)' asks for \(found.1), which is not supported for \(family.rawValue) models.")
    }
  }

  fileprivate func configuration(
    _ family: TransformerConfiguration.Family, _ source: String
  ) throws -> TransformerConfiguration {
    let defaults = Defaults(family)
    func need(_ value: Int?, _ fallback: Int?, _ key: String) throws -> Int {
      guard let value = value ?? fallback else { throw ModelError("'\(source)' lacks '\(key)'.") }
      return value
    }
    let width = try need(hiddenSize, defaults.width, "hidden_size")
    let heads = try need(numAttentionHeads, defaults.heads, "num_attention_heads")
    let headWidth = headDim ?? defaults.headWidth ?? width / max(1, heads)
    let layers = try need(numHiddenLayers, defaults.layers, "num_hidden_layers")
    let window = try windows(family, defaults, layers: layers, source)
    let isGemma = family == .gemma3
    let rotary = try rotary(family, defaults, source)
    return TransformerConfiguration(
      family: family, vocabulary: try need(vocabSize, defaults.vocabulary, "vocab_size"), width: width, layers: layers,
      heads: heads, keyValueHeads: numKeyValueHeads ?? defaults.keyValueHeads ?? heads, headWidth: headWidth,
      hidden: try need(intermediateSize, defaults.hidden, "intermediate_size"),
      context: try context(defaults, rotary, source), normEpsilon: Float(rmsNormEps ?? defaults.epsilon),
      gate: try gate(defaults.gate, source), rotary: rotary, rotaryWidth: rotaryWidth(headWidth),
      isRotated: try rotatedLayers(family, layers: layers, source), localRotary: try localRotary(family, source),
      window: window.size, isWindowed: window.layers,
      tiedEmbeddings: tieWordEmbeddings ?? defaults.tied, attentionBias: family == .qwen2,
      queryKeyNorm: family.queryKeyNorm, norms: family.norms,
      attentionScale: isGemma ? Float(1 / (queryPreAttnScalar ?? 256).squareRoot()) : nil,
      embeddingScale: isGemma ? Float(max(1, width)).squareRoot() : 1, logitCap: finalLogitSoftcapping.map { Float($0) }
    )
  }

  private func gate(_ fallback: String, _ source: String) throws -> TransformerConfiguration.Gate {
    switch hiddenActivation ?? hiddenAct ?? fallback {
    case "silu", "swish": return .silu
    case "gelu_pytorch_tanh", "gelu_new": return .gelu
    case let other:
      throw ModelError("'\(source)' has the activation '\(other)'; supported are silu, gelu_pytorch_tanh.")
    }
  }

  /// The longest text: with LongRoPE, up to where the factors of short texts hold.
  private func context(
    _ defaults: Defaults, _ rotary: TransformerConfiguration.Rotary, _ source: String
  ) throws -> Int {
    let longest = maxPositionEmbeddings ?? defaults.context
    guard case .longrope = rotary.scaling else { return longest }
    return min(longest, try originalContext(ropeScaling ?? ropeParameters?.common, defaults, source))
  }

  private func rotaryWidth(_ headWidth: Int) -> Int {
    let part = (ropeScaling ?? ropeParameters?.common)?.partialRotaryFactor ?? partialRotaryFactor ?? 1
    return part.isFinite && part > 0 && part <= 1 ? Int(Double(headWidth) * part) : 0
  }

  /// Which layers rotate queries and keys: `nil` for all.
  private func rotatedLayers(
    _ family: TransformerConfiguration.Family, layers: Int, _ source: String
  ) throws -> [Bool]? {
    guard family == .smollm3, (1...1_024).contains(layers) else { return nil }
    if let noRopeLayers {
      guard noRopeLayers.count >= layers else {
        throw ModelError("'\(source)' has \(noRopeLayers.count) no_rope_layers for \(layers) layers.")
      }
      return noRopeLayers.prefix(layers).map { $0 != 0 }
    }
    let interval = noRopeLayerInterval ?? 4
    guard interval > 0 else { throw ModelError("'\(source)' has a no_rope_layer_interval of \(interval).") }
    return (1...layers).map { $0 % interval != 0 }
  }

  /// The size of the window: Mistral's, where the file says nothing, is not that of a file that says `null`.
  private func windowSize(_ family: TransformerConfiguration.Family, _ defaults: Defaults) -> Int? {
    switch family {
    case .llama, .olmo2: nil
    case .gemma3, .olmo3: slidingWindow ?? defaults.window
    case .mistral: slidingWindow ?? (namesSlidingWindow == true ? nil : defaults.window)
    case .phi3: slidingWindow
    case .qwen2, .qwen3, .smollm3: useSlidingWindow == true ? slidingWindow : nil
    }
  }

  /// Which layers see a window, and how large it is. Llama has none, whatever its file says.
  private func windows(
    _ family: TransformerConfiguration.Family, _ defaults: Defaults, layers: Int, _ source: String
  ) throws -> (size: Int?, layers: [Bool]?) {
    guard let size = windowSize(family, defaults), (1...1_024).contains(layers) else { return (nil, nil) }
    let isWindowed: [Bool]
    if let layerTypes, family != .mistral, family != .phi3 {
      isWindowed = try layerTypes.map {
        guard $0 == "sliding_attention" || $0 == "full_attention" else {
          throw ModelError("'\(source)' has a layer of type '\($0)', which is not supported.")
        }
        return $0 == "sliding_attention"
      }
    } else if family == .gemma3 {
      let pattern = slidingWindowPattern ?? 6
      guard pattern > 0 else { throw ModelError("'\(source)' has a sliding_window_pattern of \(pattern).") }
      isWindowed = (1...layers).map { $0 % pattern != 0 }
    } else if family == .smollm3 {
      isWindowed = try rotatedLayers(family, layers: layers, source)?.map { !$0 } ?? []
    } else if family == .olmo3 {
      isWindowed = (1...layers).map { $0 % 4 != 0 }
    } else if family == .mistral || family == .phi3 {
      isWindowed = Array(repeating: true, count: layers)
    } else {
      isWindowed = (0..<layers).map { $0 >= maxWindowLayers ?? 28 }
    }
    return isWindowed.contains(true) ? (size, isWindowed) : (nil, nil)
  }

  /// The angles of the layers that see everything.
  private func rotary(
    _ family: TransformerConfiguration.Family, _ defaults: Defaults, _ source: String
  ) throws -> TransformerConfiguration.Rotary {
    let parameters = ropeScaling ?? ropeParameters?.fullAttention ?? ropeParameters?.common
    let base = parameters?.ropeTheta ?? ropeParameters?.common.ropeTheta ?? ropeTheta ?? defaults.base
    return .init(base: base, scaling: try scaling(parameters, defaults, source, isPhi: family == .phi3))
  }

  /// The angles of the layers that see a window, where they may differ.
  private func localRotary(
    _ family: TransformerConfiguration.Family, _ source: String
  ) throws -> TransformerConfiguration.Rotary? {
    if family == .olmo3 {
      // The scaling of `rope_scaling` is that of the layers that see everything.
      let base = ropeParameters?.slidingAttention?.ropeTheta ?? ropeParameters?.common.ropeTheta ?? ropeTheta
      let scaling = try scaling(ropeParameters?.slidingAttention, Defaults(family), source)
      return .init(base: base ?? Defaults(family).base, scaling: scaling)
    }
    guard family == .gemma3 else { return nil }
    let parameters = ropeParameters?.slidingAttention
    let base = parameters?.ropeTheta ?? ropeLocalBaseFreq ?? 10_000
    return .init(base: base, scaling: try scaling(parameters, Defaults(family), source))
  }

  private func scaling(
    _ rope: Rope?, _ defaults: Defaults, _ source: String, isPhi: Bool = false
  ) throws -> TransformerConfiguration.Rotary.Scaling {
    let named = rope?.ropeType ?? rope?.type ?? "default"
    // Old files of Phi-3 call LongRoPE by other names.
    let type = isPhi && ["su", "yarn"].contains(named) ? "longrope" : named
    func need(_ value: Double?, _ key: String) throws -> Double {
      guard let value else { throw ModelError("'\(source)' lacks '\(key)' of its '\(type)' rotary scaling.") }
      return value
    }
    guard isPhi || rope?.partialRotaryFactor ?? 1 == 1 else {
      throw ModelError("'\(source)' asks for partial_rotary_factor, which is not supported.")
    }
    switch type {
    case "default": return .none
    case "linear": return .linear(factor: try need(rope?.factor, "factor"))
    case "llama3":
      return .llama3(
        factor: try need(rope?.factor, "factor"), lowFrequency: try need(rope?.lowFreqFactor, "low_freq_factor"),
        highFrequency: try need(rope?.highFreqFactor, "high_freq_factor"),
        originalContext: try originalContext(rope, defaults, source))
    case "yarn": return try yarn(rope, factor: need(rope?.factor, "factor"), defaults, source)
    case "longrope":
      guard let factors = rope?.shortFactor else {
        throw ModelError("'\(source)' lacks 'short_factor' of its 'longrope' rotary scaling.")
      }
      let original = try originalContext(rope, defaults, source)
      let factor = rope?.factor ?? Double(maxPositionEmbeddings ?? defaults.context) / Double(max(1, original))
      let attention = factor <= 1 ? 1 : (1 + log(factor) / log(Double(original))).squareRoot()
      return .longrope(factors: factors, attentionFactor: rope?.attentionFactor ?? attention)
    default:
      throw ModelError(
        "'\(source)' scales rotary positions by '\(type)'; supported are default, linear, llama3, yarn, longrope.")
    }
  }

  private func yarn(
    _ rope: Rope?, factor: Double, _ defaults: Defaults, _ source: String
  ) throws -> TransformerConfiguration.Rotary.Scaling {
    guard rope?.truncate ?? true, rope?.attentionFactor != nil || rope?.mscale == nil && rope?.mscaleAllDim == nil
    else {
      throw ModelError("'\(source)' has a yarn scaling with truncate or mscale, which is not supported.")
    }
    return .yarn(
      factor: factor, originalContext: try originalContext(rope, defaults, source), betaFast: rope?.betaFast ?? 32,
      betaSlow: rope?.betaSlow ?? 1, attentionFactor: rope?.attentionFactor ?? (factor <= 1 ? 1 : 0.1 * log(factor) + 1)
    )
  }

  private func originalContext(_ rope: Rope?, _ defaults: Defaults, _ source: String) throws -> Int {
    let context =
      rope?.originalMaxPositionEmbeddings ?? originalMaxPositionEmbeddings
      ?? Double(maxPositionEmbeddings ?? defaults.context)
    guard let originalContext = Int(exactly: context) else {
      throw ModelError("'\(source)' has an original_max_position_embeddings of \(context).")
    }
    return originalContext
  }
}
