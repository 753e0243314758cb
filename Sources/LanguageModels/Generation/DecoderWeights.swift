internal import CMLX
internal import ModelFiles
internal import Tokenization

// Shapes: D width, Q query width, K width of keys and of values, M hidden width, V vocabulary. Matrices are [out, in].

extension SeedlingConfiguration {
  /// A decoder of this shape without weights.
  func makeDecoder() throws -> OpaquePointer {
    try inverseFrequencies.withUnsafeBufferPointer { frequencies in
      var shape = cmlx_decoder_shape()
      shape.setSizes(vocabulary, width, layers, heads, keyValueHeads, headWidth, hidden, context)
      shape.feed_forward = CMLX_FEED_FORWARD_RELU2
      (shape.shifted_embedding, shape.tied) = (true, true)
      (shape.query_key_norm, shape.norms) = (CMLX_NORM_PER_HEAD, CMLX_NORMS_BEFORE)
      (shape.rotary_width, shape.rotary_scale) = (Int32(clamping: headWidth), 1)
      (shape.epsilon, shape.attention_scale, shape.embedding_scale) = (epsilon, attentionScale, 1)
      shape.frequencies = frequencies.baseAddress
      return try shape.make()
    }
  }
}

extension TransformerConfiguration {
  /// A decoder of this shape without weights.
  func makeDecoder() throws -> OpaquePointer {
    guard isWindowed.count == layers, isRotated.count == layers else {
      throw ModelError(
        "The model has \(layers) layers, but says of \(isWindowed.count) whether they see a window, and of "
          + "\(isRotated.count) whether they rotate.")
    }
    let frequencies = rotary.inverseFrequencies(dimensions: rotaryWidth)
    let local = (localRotary ?? rotary).inverseFrequencies(dimensions: rotaryWidth)
    let flags = isWindowed + isRotated
    return try frequencies.withUnsafeBufferPointer { frequencies in
      try local.withUnsafeBufferPointer { local in
        try flags.withUnsafeBufferPointer { flags in
          var shape = cmlx_decoder_shape()
          shape.setSizes(vocabulary, width, layers, heads, keyValueHeads, headWidth, hidden, context)
          shape.window = Int32(clamping: window ?? context)
          shape.feed_forward = gate == .silu ? CMLX_FEED_FORWARD_SWIGLU : CMLX_FEED_FORWARD_GEGLU
          (shape.tied, shape.biases) = (tiedEmbeddings, attentionBias)
          (shape.query_key_norm, shape.norms) = (queryKeyNorm.forDecoder, norms.forDecoder)
          shape.rotary_width = Int32(clamping: rotaryWidth)
          shape.rotary_scale = rotary.attentionFactor
          shape.local_rotary_scale = (localRotary ?? rotary).attentionFactor
          (shape.epsilon, shape.attention_scale) = (normEpsilon, attentionScale)
          (shape.embedding_scale, shape.logit_cap) = (embeddingScale, logitCap ?? 0)
          shape.frequencies = frequencies.baseAddress
          if localRotary != nil { shape.local_frequencies = local.baseAddress }
          shape.windowed = flags.baseAddress
          shape.rotated = flags.baseAddress.map { $0 + layers }
          return try shape.make()
        }
      }
    }
  }
}

extension TransformerConfiguration.QueryKeyNorm {
  fileprivate var forDecoder: cmlx_query_key_norm {
    switch self {
    case .none: CMLX_NORM_NONE
    case .perHead: CMLX_NORM_PER_HEAD
    case .whole: CMLX_NORM_WHOLE
    }
  }
}

extension TransformerConfiguration.NormPlacement {
  fileprivate var forDecoder: cmlx_norms {
    switch self {
    case .before: CMLX_NORMS_BEFORE
    case .sandwich: CMLX_NORMS_SANDWICH
    case .after: CMLX_NORMS_AFTER
    }
  }
}

extension cmlx_decoder_shape {
  fileprivate mutating func setSizes(
    _ vocabulary: Int, _ width: Int, _ layers: Int, _ heads: Int, _ keyValueHeads: Int, _ headWidth: Int, _ hidden: Int,
    _ context: Int
  ) {
    self.vocabulary = Int32(clamping: vocabulary)
    self.width = Int32(clamping: width)
    self.layers = Int32(clamping: layers)
    self.heads = Int32(clamping: heads)
    kv_heads = Int32(clamping: keyValueHeads)
    head_width = Int32(clamping: headWidth)
    self.hidden = Int32(clamping: hidden)
    self.context = Int32(clamping: context)
  }

  fileprivate func make() throws -> OpaquePointer {
    guard let handle = cmlx_decoder_new(self) else {
      throw ModelError("The model cannot be sampled from: \(String(cString: cmlx_decode_error())).")
    }
    return handle
  }
}

extension ModelCheckpoint {
  /// Gives a seedling's weights to the decoder, under the names that transformers have.
  func pack(_ config: SeedlingConfiguration, into decoder: OpaquePointer) throws {
    let (query, keyValue) = (config.heads * config.headWidth, config.keyValueHeads * config.headWidth)
    for (name, shape) in config.shapes {
      let values = try values(name)
      func set(_ name: String, _ rows: Range<Int>? = nil) throws {
        let rows = rows ?? 0..<shape.dropLast().reduce(1, *)
        let columns = shape[shape.count - 1]
        try decoder.set(name, values[rows.lowerBound * columns..<rows.upperBound * columns], rows.count, columns)
      }
      let parts = name.split(separator: ".")
      let layer = parts.count == 3 ? "model.layers.\(parts[1])." : ""
      switch parts[parts.count - 1] {
      case "embedding": try set("model.embed_tokens.weight")
      case "shift": try set("model.embed_tokens.shift")
      case "query_key_value":
        try set(layer + "self_attn.q_proj.weight", 0..<query)
        try set(layer + "self_attn.k_proj.weight", query..<query + keyValue)
        try set(layer + "self_attn.v_proj.weight", query + keyValue..<query + 2 * keyValue)
      case "attention_norm": try set(layer + "input_layernorm.weight")
      case "query_norm": try set(layer + "self_attn.q_norm.weight")
      case "key_norm": try set(layer + "self_attn.k_norm.weight")
      case "output": try set(layer + "self_attn.o_proj.weight")
      case "mlp_norm": try set(layer + "post_attention_layernorm.weight")
      case "up": try set(layer + "mlp.up_proj.weight")
      case "down": try set(layer + "mlp.down_proj.weight")
      default: try set("model.norm.weight")
      }
    }
  }

  /// Gives a pretrained model's weights and the adapter to the decoder, one weight in memory at a time.
  func pack(_ config: TransformerConfiguration, into decoder: OpaquePointer) throws {
    for (name, shape) in config.weightShapes {
      if let blocks = try blocks(name) {
        guard blocks.shape == shape else { throw ModelError("Parameter '\(name)' does not have shape \(shape).") }
        try decoder.set(name, blocks)
      } else {
        let values = try values(name)
        guard values.count == shape.reduce(1, *) else {
          throw ModelError("Parameter '\(name)' does not have shape \(shape).")
        }
        try decoder.set(name, values[...], shape.dropLast().reduce(1, *), shape[shape.count - 1])
      }
    }
    guard let adapter else { return }
    for (module, factors) in adapter.matrices.sorted(by: { $0.key < $1.key }) {
      let status = factors.a.values.withUnsafeBufferPointer { a in
        factors.b.values.withUnsafeBufferPointer { b in
          cmlx_decoder_adapt(decoder, module, a.baseAddress, b.baseAddress, Int32(adapter.rank), adapter.scale)
        }
      }
      try DecoderError.check(status)
    }
  }
}

extension OpaquePointer {
  /// Gives the decoder a matrix [out, in] of floats; a vector has one row.
  fileprivate func set(_ name: String, _ values: ArraySlice<Float>, _ out: Int, _ columns: Int) throws {
    let status = values.withUnsafeBufferPointer { values in
      var matrix = cmlx_matrix()
      (matrix.out, matrix.in, matrix.values) = (Int32(out), Int32(columns), values.baseAddress)
      return cmlx_decoder_set(self, name, matrix)
    }
    try DecoderError.check(status)
  }

  /// Gives the decoder a matrix of eight-bit blocks.
  fileprivate func set(_ name: String, _ blocks: EightBitBlocks) throws {
    let (count, size) = (blocks.shape.reduce(1, *), max(1, blocks.size))
    guard blocks.shape.count == 2, blocks.numbers.count == count, blocks.scales.count == count / size,
      blocks.offsets.isEmpty || blocks.offsets.count == blocks.scales.count
    else { throw ModelError("The blocks of parameter '\(name)' are not whole.") }
    let status = blocks.numbers.withUnsafeBufferPointer { numbers in
      blocks.scales.withUnsafeBufferPointer { scales in
        blocks.offsets.withUnsafeBufferPointer { offsets in
          var matrix = cmlx_matrix()
          (matrix.out, matrix.in) = (Int32(blocks.shape[0]), Int32(blocks.shape[1]))
          (matrix.numbers, matrix.scales, matrix.block) = (numbers.baseAddress, scales.baseAddress, Int32(size))
          if !blocks.offsets.isEmpty { matrix.offsets = offsets.baseAddress }
          return cmlx_decoder_set(self, name, matrix)
        }
      }
    }
    try DecoderError.check(status)
  }
}
