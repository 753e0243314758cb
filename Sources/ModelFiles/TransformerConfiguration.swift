/// The dimensions and choices that tell the decoder-only transformers of the Llama line apart: Llama, Mistral,
/// SmolLM3, Phi-3, Qwen2, Qwen3, OLMo 2 and 3, Gemma 3. Read from a Hugging Face `config.json` or from GGUF metadata; a plain value that says the same for both.
package struct TransformerConfiguration: Sendable, Codable, Hashable {
  /// The architecture, as Hugging Face's `model_type` calls it (`gemma3_text` is `gemma3`).
  package enum Family: String, Sendable, Codable, CaseIterable {
    case llama, mistral, smollm3, phi3, qwen2, qwen3, olmo2, olmo3, gemma3
  }

  /// Where a layer normalises.
  package enum NormPlacement: String, Sendable, Codable {
    /// The inputs of attention and feed-forward (Llama).
    case before
    /// Inputs and outputs (Gemma 3).
    case sandwich
    /// The outputs (OLMo 2 and 3).
    case after
  }

  /// What the norms of queries and keys reach over.
  package enum QueryKeyNorm: String, Sendable, Codable {
    case none
    /// Each head by itself (Qwen3, Gemma 3).
    case perHead
    /// All heads together (OLMo 2 and 3).
    case whole
  }

  /// The function between the two feed-forward products.
  package enum Gate: String, Sendable, Codable {
    case silu
    /// GELU in its tanh form.
    case gelu
  }

  /// How far apart the angles of the rotary positions are.
  package struct Rotary: Sendable, Codable, Hashable {
    package enum Scaling: Sendable, Codable, Hashable {
      case none
      /// Every frequency divided by the factor.
      case linear(factor: Double)
      /// Llama 3.1: low frequencies divided, high ones kept, a ramp between them.
      case llama3(factor: Double, lowFrequency: Double, highFrequency: Double, originalContext: Int)
      /// YaRN (arXiv 2309.00071): frequencies of fewer than `betaSlow` turns within the original context divided, those
      /// of more than `betaFast` kept, a ramp between them; turned numbers multiplied by `attentionFactor`.
      case yarn(factor: Double, originalContext: Int, betaFast: Double, betaSlow: Double, attentionFactor: Double)
      /// LongRoPE (arXiv 2402.13753): each frequency divided by a factor of its own; turned numbers multiplied by
      /// `attentionFactor`. Only the factors of short texts are used, so that the context is the original one.
      case longrope(factors: [Double], attentionFactor: Double)
    }

    /// The wavelength base.
    package var base: Double
    package var scaling: Scaling

    package init(base: Double, scaling: Scaling = .none) {
      self.base = base
      self.scaling = scaling
    }

    /// Multiplies the rotated part of queries and keys.
    package var attentionFactor: Double {
      switch scaling {
      case .none, .linear, .llama3: 1
      case .yarn(_, _, _, _, let factor), .longrope(_, let factor): factor
      }
    }
  }

  package var family: Family
  package var vocabulary: Int
  /// Width of the residual stream.
  package var width: Int
  package var layers: Int
  /// Query heads.
  package var heads: Int
  /// Heads of keys and values; divides `heads`.
  package var keyValueHeads: Int
  package var headWidth: Int
  /// Hidden width of the feed-forward layers.
  package var hidden: Int
  /// The longest sequence in tokens.
  package var context: Int
  /// Added to the mean square in every norm.
  package var normEpsilon: Float
  package var gate: Gate
  /// Of the layers that see everything.
  package var rotary: Rotary
  /// How much of a head is rotated, from its beginning (Phi-4-mini: three quarters); the rest has no position.
  package var rotaryWidth: Int
  /// For each layer, whether its heads are rotated at all (SmolLM3: all but every fourth layer).
  package var isRotated: [Bool]
  /// Of the layers that see a window, where they have angles of their own (Gemma 3, OLMo 3).
  package var localRotary: Rotary?
  /// Positions that a windowed layer sees, the present one included; `nil` when every layer sees everything.
  package var window: Int?
  /// For each layer, whether it sees only the window.
  package var isWindowed: [Bool]
  /// The output head is the embedding.
  package var tiedEmbeddings: Bool
  /// Queries, keys and values have biases (Qwen2).
  package var attentionBias: Bool
  package var queryKeyNorm: QueryKeyNorm
  package var norms: NormPlacement
  /// Multiplies the product of a query and a key.
  package var attentionScale: Float
  /// Multiplies the embedding of a token (Gemma: the square root of the width).
  package var embeddingScale: Float
  /// Logits are `cap * tanh(logits / cap)` where there is one.
  package var logitCap: Float?

  package init(
    family: Family, vocabulary: Int, width: Int, layers: Int, heads: Int, keyValueHeads: Int, headWidth: Int,
    hidden: Int, context: Int, normEpsilon: Float = 1e-6, gate: Gate = .silu, rotary: Rotary,
    rotaryWidth: Int? = nil, isRotated: [Bool]? = nil, localRotary: Rotary? = nil, window: Int? = nil,
    isWindowed: [Bool]? = nil, tiedEmbeddings: Bool = true,
    attentionBias: Bool = false, queryKeyNorm: QueryKeyNorm = .none, norms: NormPlacement = .before,
    attentionScale: Float? = nil, embeddingScale: Float = 1, logitCap: Float? = nil
  ) {
    self.family = family
    self.vocabulary = vocabulary
    self.width = width
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headWidth = headWidth
    self.hidden = hidden
    self.context = context
    self.normEpsilon = normEpsilon
    self.gate = gate
    self.rotary = rotary
    self.rotaryWidth = rotaryWidth ?? headWidth
    self.isRotated = isRotated ?? Array(repeating: true, count: max(0, layers))
    self.localRotary = localRotary
    self.window = window
    self.isWindowed = isWindowed ?? Array(repeating: false, count: max(0, layers))
    self.tiedEmbeddings = tiedEmbeddings
    self.attentionBias = attentionBias
    self.queryKeyNorm = queryKeyNorm
    self.norms = norms
    self.attentionScale = attentionScale ?? Float(1 / Double(max(1, headWidth)).squareRoot())
    self.embeddingScale = embeddingScale
    self.logitCap = logitCap
  }
}

extension TransformerConfiguration {
  /// The name and shape of every weight, in order. Names are those of Hugging Face's files; matrices are [out, in].
  ///
  /// Norms hold what the normalised value is multiplied by: a reader of a Gemma safetensors file adds the 1 that its
  /// files leave out (GGUF files hold it already). Queries and keys are in Hugging Face's order of rotated halves.
  package var weightShapes: [(name: String, shape: [Int])] {
    let (query, keyValue) = (heads * headWidth, keyValueHeads * headWidth)
    let each: [[(String, [Int])]] = (0..<layers).map { layer in
      let attention: [(String, [Int])] = [
        ("self_attn.q_proj.weight", [query, width]), ("self_attn.k_proj.weight", [keyValue, width]),
        ("self_attn.v_proj.weight", [keyValue, width]), ("self_attn.o_proj.weight", [width, query]),
      ]
      let biases: [(String, [Int])] = [
        ("self_attn.q_proj.bias", [query]), ("self_attn.k_proj.bias", [keyValue]),
        ("self_attn.v_proj.bias", [keyValue]),
      ]
      let isWhole = queryKeyNorm == .whole
      let headNorms = [
        ("self_attn.q_norm.weight", [isWhole ? query : headWidth]),
        ("self_attn.k_norm.weight", [isWhole ? keyValue : headWidth]),
      ]
      let feedForward: [(String, [Int])] = [
        ("mlp.gate_proj.weight", [hidden, width]), ("mlp.up_proj.weight", [hidden, width]),
        ("mlp.down_proj.weight", [width, hidden]),
      ]
      let all =
        attention + (attentionBias ? biases : []) + (queryKeyNorm == .none ? [] : headNorms) + feedForward
        + norms.names.map { ($0 + ".weight", [width]) }
      return all.map { ("model.layers.\(layer)." + $0.0, $0.1) }
    }
    return [("model.embed_tokens.weight", [vocabulary, width])] + each.flatMap { $0 }
      + [("model.norm.weight", [width])] + (tiedEmbeddings ? [] : [("lm_head.weight", [vocabulary, width])])
  }

  /// The number of weights.
  package var parameterCount: Int { weightShapes.reduce(0) { $0 + $1.shape.reduce(1, *) } }
}

extension TransformerConfiguration.NormPlacement {
  /// The norms of a layer, by their names in Hugging Face's files.
  fileprivate var names: [String] {
    switch self {
    case .before: ["input_layernorm", "post_attention_layernorm"]
    case .sandwich:
      ["input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"]
    case .after: ["post_attention_layernorm", "post_feedforward_layernorm"]
    }
  }
}

extension TransformerConfiguration.Family {
  /// Where layers of the family normalise.
  var norms: TransformerConfiguration.NormPlacement {
    switch self {
    case .gemma3: .sandwich
    case .olmo2, .olmo3: .after
    case .llama, .mistral, .smollm3, .phi3, .qwen2, .qwen3: .before
    }
  }

  /// How the family normalises queries and keys.
  var queryKeyNorm: TransformerConfiguration.QueryKeyNorm {
    switch self {
    case .gemma3, .qwen3: .perHead
    case .olmo2, .olmo3: .whole
    case .llama, .mistral, .smollm3, .phi3, .qwen2: .none
    }
  }
}
