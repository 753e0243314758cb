import Testing

@testable import MLX

@Suite struct ErrorTests {
  @Test func shapeErrorsCarryMLXsMessage() throws {
    let a = try MLXArray.zeros([2, 3])
    let b = try MLXArray.zeros([4, 5])
    let error = #expect(throws: MLXError.self) { try matmul(a, b) }
    #expect(error?.description.contains("(2,3)") == true && error?.description.contains("(4,5)") == true)
    #expect(throws: MLXError.self) { try a + b }
    #expect(throws: MLXError.self) { try a.reshaped(7) }
    #expect(throws: MLXError.self) { try a[5] }
    #expect(throws: MLXError.self) { try a[0, 0, 0] }
    #expect(throws: MLXError.self) { try a.swappedAxes(0, 2) }
    #expect(throws: MLXError.self) { try a.item(Float.self) }
    #expect(throws: MLXError.self) { try MLXArray([1, 2, 3] as [Float], [2, 2]) }
    #expect(throws: MLXError.self) { try MLXArray.zeros([Int(Int32.max) + 1]) }
    #expect(throws: MLXError.self) { try concatenated([]) }
  }

  @Test func primitivesCheckTheirInputs() throws {
    let x = try MLXArray.zeros([2, 3, 4, 6])
    let vector = try MLXArray.zeros([5])
    #expect(throws: MLXError.self) { try rmsNorm(x, weight: vector, eps: 1e-5) }
    #expect(throws: MLXError.self) { try layerNorm(x, weight: vector, bias: vector, eps: 1e-5) }
    #expect(throws: MLXError.self) { try CrossEntropy(logits: x, targets: vector) }
    #expect(throws: MLXError.self) { try Activation.gelu(gate: x, value: vector) }
    #expect(throws: MLXError.self) { try softmax(vector, scale: 1, mask: .causal) }
    #expect(throws: MLXError.self) {
      try softmax(x, scale: 1, mask: AttentionMask(causal: false, lengths: .zeros([3], dtype: .int32)))
    }
    #expect(throws: MLXError.self) {
      try scaledDotProductAttention(queries: x, keys: x[.ellipsis, 0..<3], values: x, scale: 1, mask: .causal)
    }
    #expect(throws: MLXError.self) { try causalShift(x, weight: vector) }
    #expect(throws: MLXError.self) {
      try RotaryEmbedding(positions: 0..<9, inverseFrequencies: [1])(x)
    }
  }

  /// An exception on MLX's own thread while a kernel runs, not while the graph is built; the stream stays usable.
  @Test func kernelErrorsArriveAtEvaluation() throws {
    let table = try MLXArray.ones([4, 2])
    let outside = try MLXArray([0, 4] as [Int32])
    for _ in 0..<20 {
      let error = #expect(throws: MLXError.self) { try embedding(table, outside).asArray(Float.self) }
      #expect(error?.description.contains("id 4 is outside 0..<4") == true)
      #expect(throws: MLXError.self) {
        try eval(CrossEntropy(logits: table, targets: MLXArray([0, 1, -1, 1] as [Int32])).loss)
      }
      #expect(try (table + 1).sum().item(Float.self) == 16)
    }
  }

  @Test func aThrowingLossThrowsItsOwnError() throws {
    struct Refusal: Error {}
    let x = try MLXArray([1, 2] as [Float])
    #expect(throws: Refusal.self) { try valueAndGrad([x]) { _ in throw Refusal() } }
    #expect(throws: MLXError.self) { try valueAndGrad([x]) { $0[0] } }  // not a scalar
    #expect(throws: MLXError.self) { try valueAndGrad(Parameters([("x", x)])) { _ in [] } }
    #expect(throws: MLXError.self) { try valueAndGrad(Parameters([("x", x)])) { [try $0.require("y")] } }
  }
}
