import MLX

// Shapes: B batch, T tokens, D width, H heads, V vocabulary. Weights are [outputs, inputs].

/// The plain GPT of the comparison: layer norms, biases, learned positions, a hidden layer of 4 D, an untied head.
struct GPT {
  let vocabulary = 4096
  let width = 256
  let layers = 6
  let heads = 4
  let context = 256

  /// Normally distributed matrices of deviation 0.02, gains 1, biases 0, as the peer has them.
  func initialParameters() throws -> Parameters {
    var parameters = Parameters()
    var seed: UInt64 = 0
    func matrix(_ name: String, _ rows: Int, _ columns: Int) throws {
      seed += 1
      parameters[name] = try MLXRandom.normal([rows, columns], scale: 0.02, key: MLXRandom.key(seed))
    }
    func linear(_ name: String, from inputs: Int, to outputs: Int) throws {
      try matrix(name + ".weight", outputs, inputs)
      parameters[name + ".bias"] = try .zeros([outputs])
    }
    func norm(_ name: String) throws {
      parameters[name + ".weight"] = try .ones([width])
      parameters[name + ".bias"] = try .zeros([width])
    }
    try matrix("tokens", vocabulary, width)
    try matrix("positions", context, width)
    for layer in 0..<layers {
      try norm("\(layer).norm1")
      try linear("\(layer).qkv", from: width, to: 3 * width)
      try linear("\(layer).projection", from: width, to: width)
      try norm("\(layer).norm2")
      try linear("\(layer).up", from: width, to: 4 * width)
      try linear("\(layer).down", from: 4 * width, to: width)
    }
    try norm("norm")
    try linear("head", from: width, to: vocabulary)
    try eval(parameters.arrays)
    return parameters
  }

  /// The mean cross-entropy of `targets` [B, T] after `tokens` [B, T].
  func loss(_ p: Parameters, tokens: MLXArray, targets: MLXArray) throws -> MLXArray {
    var x = try embedding(p.require("tokens"), tokens) + p.require("positions")
    for layer in 0..<layers {
      x = try x + attention(norm(x, p, "\(layer).norm1"), p, layer)
      let hidden = try gelu(linear(norm(x, p, "\(layer).norm2"), p, "\(layer).up"))
      x = try x + linear(hidden, p, "\(layer).down")
    }
    let logits = try linear(norm(x, p, "norm"), p, "head")
    return try CrossEntropy(logits: logits, targets: targets).loss.mean()
  }

  private func attention(_ x: MLXArray, _ p: Parameters, _ layer: Int) throws -> MLXArray {
    let parts = try split(linear(x, p, "\(layer).qkv"), sizes: [width, width, width])
      .map { try $0.reshaped(x.dim(0), x.dim(1), heads, -1) }
    let attended = try scaledDotProductAttention(
      queries: parts[0], keys: parts[1], values: parts[2], scale: 1 / Float(width / heads).squareRoot(), mask: .causal)
    return try linear(attended.reshaped(x.shape), p, "\(layer).projection")
  }

  private func linear(_ x: MLXArray, _ p: Parameters, _ name: String) throws -> MLXArray {
    try addMM(p.require(name + ".bias"), x, p.require(name + ".weight").T)
  }

  private func norm(_ x: MLXArray, _ p: Parameters, _ name: String) throws -> MLXArray {
    try layerNorm(x, weight: p.require(name + ".weight"), bias: p.require(name + ".bias"), eps: 1e-5)
  }
}
