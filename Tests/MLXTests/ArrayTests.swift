import Foundation
import Testing

@testable import MLX

@Suite struct ArrayTests {
  @Test func operatorsBroadcast() throws {
    let a = try MLXArray([1, 2, 3, 4, 5, 6] as [Float], [2, 3])
    let b = try MLXArray([10, 20, 30] as [Float])
    #expect(try (a + b).asArray(Float.self) == [11, 22, 33, 14, 25, 36])
    #expect(try (2 * a - 1).asArray(Float.self) == [1, 3, 5, 7, 9, 11])
    #expect(try (-(a / 2)).asArray(Float.self) == [-0.5, -1, -1.5, -2, -2.5, -3])
    #expect(try (a .>= MLXArray(3)).asArray(Bool.self) == [false, false, true, true, true, true])
  }

  @Test func shapesAndIndices() throws {
    let a = try MLXArray.arange(24).reshaped(2, 3, 4)
    #expect(a.shape == [2, 3, 4] && a.dim(-1) == 4 && a.size == 24 && a.dtype == .int32)
    #expect(try a[1, 2].asArray(Int32.self) == [20, 21, 22, 23])
    #expect(try a[.ellipsis, -1].asArray(Int32.self) == [3, 7, 11, 15, 19, 23])
    #expect(try a[0..., 1..<3, (-1)...].asArray(Int32.self) == [7, 11, 19, 23])
    #expect(try a.swappedAxes(0, -1).shape == [4, 3, 2])
    #expect(try split(a, parts: 2, axis: -1)[1][0, 0].asArray(Int32.self) == [2, 3])
    #expect(try concatenated([a, a], axis: 1).shape == [2, 6, 4])
    #expect(try stacked([a, a]).shape == [2, 2, 3, 4])
  }

  @Test func reductions() throws {
    let a = try MLXArray([1, 5, 2, 9, 3, 4] as [Float], [2, 3])
    #expect(try a.sum().item(Float.self) == 24)
    #expect(try a.mean(axis: 0).asArray(Float.self) == [5, 4, 3])
    #expect(try a.max(axis: -1, keepDims: true).shape == [2, 1])
    #expect(try a.argMax(axis: -1).asArray(UInt32.self) == [1, 0])
  }

  @Test func gradientOfAProduct() throws {
    let parameters = Parameters([
      ("x", try MLXArray([1, 2, 3] as [Float])), ("w", try MLXArray([4, 5, 6] as [Float])),
    ])
    let result = try valueAndGrad(parameters) { p in
      let y = try p.require("x") * p.require("w")
      return [try y.sum(), y]
    }
    #expect(try result.loss.item(Float.self) == 32)
    #expect(try result.values[1].asArray(Float.self) == [4, 10, 18])
    #expect(try result.gradients.require("x").asArray(Float.self) == [4, 5, 6])
    #expect(try result.gradients.require("w").asArray(Float.self) == [1, 2, 3])
  }

  @Test func takeAccumulatesGradients() throws {
    let table = try MLXArray([1, 2, 3, 4] as [Float], [2, 2])
    let ids = try MLXArray([1, 1, 0] as [Int32])
    let (_, gradients) = try valueAndGrad([table]) { try $0[0].take(ids, axis: 0).sum() }
    #expect(try gradients[0].asArray(Float.self) == [1, 1, 2, 2])
  }

  @Test func elementsByHand() throws {
    let a = try MLXArray([0.25, 4] as [Float])
    #expect(try sqrt(a).asArray(Float.self) == [0.5, 2])
    #expect(try rsqrt(a).asArray(Float.self) == [2, 0.5])
    #expect(try log(exp(a)).asArray(Float.self) == [0.25, 4])
    #expect(try abs(-a).asArray(Float.self) == [0.25, 4])
    #expect(try sigmoid(a - a).asArray(Float.self) == [0.5, 0.5])
    #expect(try tanh(a - a).asArray(Float.self) == [0, 0])
    #expect(try maximum(a, MLXArray(1)).asArray(Float.self) == [1, 4])
    #expect(try which(a .< MLXArray(1), a, -a).asArray(Float.self) == [0.25, -4])
    #expect(try a.asType(.int32).asArray(Int32.self) == [0, 4])
    #expect(try softmax(log(MLXArray([1, 3] as [Float]))).asArray(Float.self) == [0.25, 0.75])
  }

  @Test func makingAndGathering() throws {
    #expect(try MLXArray.arange(1, 8, step: 3).asArray(Int32.self) == [1, 4, 7])
    #expect(try MLXArray.full([2, 1], values: 3).asArray(Float.self) == [3, 3])
    #expect(try broadcast(MLXArray([1, 2] as [Float]), to: [2, 2]).asArray(Float.self) == [1, 2, 1, 2])
    let a = try MLXArray.arange(6).reshaped([2, 3])
    #expect(try contiguous(a.T).reshaped(-1).asArray(Int32.self) == [0, 3, 1, 4, 2, 5])
    #expect(try a.expandedDimensions(axis: 1).shape == [2, 1, 3])
    #expect(try a.expandedDimensions(axis: 0).squeezed(axis: 0).shape == [2, 3])
    #expect(try addMM(MLXArray(1), MLXArray.ones([2, 3]), MLXArray.ones([3, 1])).asArray(Float.self) == [4, 4])
  }

  @Test func noGradientFlowsThroughAStop() throws {
    let (_, gradients) = try valueAndGrad([MLXArray(3)]) { try $0[0] * stopGradient($0[0]) }
    #expect(try gradients[0].item(Float.self) == 3)
  }

  @Test func aKeyAlwaysGivesTheSameNumbers() throws {
    let keys = try MLXRandom.split(key: MLXRandom.key(1), into: 2)
    let numbers = try keys.map { try MLXRandom.normal([1000], key: $0).asArray(Float.self) }
    #expect(try MLXRandom.normal([1000], key: keys[0]).asArray(Float.self) == numbers[0])
    #expect(numbers[0] != numbers[1])
    let mean = numbers[0].reduce(0, +) / 1000
    let variance = numbers[0].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1000
    #expect(abs(mean) < 0.15 && abs(variance - 1) < 0.2)
    let uniform = try MLXRandom.uniform(low: 2, high: 3, [1000], key: keys[1]).asArray(Float.self)
    #expect(uniform.allSatisfy { 2 <= $0 && $0 < 3 } && abs(uniform.reduce(0, +) / 1000 - 2.5) < 0.05)
  }
}
