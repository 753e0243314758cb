import Testing

@testable import MLX

/// Results and gradients of every primitive against PyTorch's in double precision.
@Suite struct ReferenceTests {
  /// The function that a fixture of this name tests, of its floating-point and its integer inputs.
  typealias Function = @Sendable ([MLXArray], [MLXArray]) throws -> MLXArray

  static let functions: [String: Function] = [
    "gelu": { x, _ in try gelu(x[0]) },
    "silu": { x, _ in try Activation.silu(x[0]) },
    "relu2": { x, _ in try Activation.relu2(x[0]) },
    "geglu": { x, _ in try Activation.gelu(gate: x[0], value: x[1]) },
    "swiglu": { x, _ in try Activation.silu(gate: x[0], value: x[1]) },
    "cross_entropy": { x, targets in try CrossEntropy(logits: x[0], targets: targets[0]).loss },
    "cross_entropy_extreme": { x, targets in try CrossEntropy(logits: x[0], targets: targets[0]).loss },
    "log_sum_exp": { x, _ in
      try CrossEntropy(logits: x[0], targets: .zeros([x[0].dim(0)], dtype: .int32)).logSumExp
    },
    "rms_norm": { x, _ in try rmsNorm(x[0], weight: x[1], eps: 1e-5) },
    "layer_norm": { x, _ in try layerNorm(x[0], weight: x[1], bias: x[2], eps: 1e-5) },
    "causal_softmax": { x, _ in try softmax(x[0], scale: 0.3, mask: .causal) },
    "padded_softmax": { x, lengths in
      try softmax(x[0], scale: 0.3, mask: AttentionMask(causal: false, lengths: lengths[0]))
    },
    "attention": { x, _ in
      try scaledDotProductAttention(queries: x[0], keys: x[1], values: x[2], scale: 0.25, mask: .causal)
    },
    "rotary": { x, _ in
      let frequencies = RotaryEmbedding.inverseFrequencies(dimensions: x[0].dim(-1), base: 10_000)
      return try RotaryEmbedding(positions: 2..<2 + x[0].dim(1), inverseFrequencies: frequencies)(x[0])
    },
    "embedding": { x, ids in try embedding(x[0], ids[0]) },
    "causal_shift": { x, _ in try causalShift(x[0], weight: x[1]) },
  ]

  @Test(arguments: functions.keys.sorted()) func matchesPyTorch(_ name: String) throws {
    let fixture = try Fixture("primitives")
    let function = try #require(Self.functions[name])
    let integers = fixture.sequence("\(name).int")
    let result = try valueAndGrad(Parameters(fixture.sequence("\(name).in").enumerated().map { ("\($0)", $1) })) { x in
      let out = try function(x.arrays, integers)
      return [try (out * fixture("\(name).weight")).sum(), out]
    }
    #expect(try relativeDifference(result.values[1].asArray(Float.self), fixture.numbers("\(name).out")) < 2e-6)
    #expect(result.gradients.count > 0)
    for (position, gradient) in result.gradients.arrays.enumerated() {
      let expected = try fixture.numbers("\(name).grad.\(position)")
      #expect(try relativeDifference(gradient.asArray(Float.self), expected) < 3e-6, "input \(position)")
    }
  }
}
