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
    #expect(try a.updated(MLXArray([-1] as [Int32], [1, 1, 1]), at: [1, 0, 0])[1, 0, 0].item(Int32.self) == -1)
  }

  @Test func reductions() throws {
    let a = try MLXArray([1, 5, 2, 9, 3, 4] as [Float], [2, 3])
    #expect(try a.sum().item(Float.self) == 24)
    #expect(try a.mean(axis: 0).asArray(Float.self) == [5, 4, 3])
    #expect(try a.max(axis: -1, keepDims: true).shape == [2, 1])
    #expect(try a.argMax(axis: -1).asArray(UInt32.self) == [1, 0])
    #expect(try a.cumsum(axis: 1).asArray(Float.self) == [1, 6, 8, 9, 12, 16])
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
}
