import Foundation
import Testing

@testable import MLX

extension KernelTests {
  /// Handles are counted for the whole process, so each test counts in a process of its own.
  @Suite struct OwnershipTests {
    @Test func everyHandleIsFreed() async {
      await #expect(processExitsWith: .success) {
        try OwnershipTests.work()
        try? OwnershipTests.fail()
        if MLXArray.liveCount != 0 { fatalError("\(MLXArray.liveCount) handles are alive") }
      }
    }

    @Test func theCountSeesALeak() async {
      await #expect(processExitsWith: .failure) {
        let kept = try MLXArray.zeros([1])
        if MLXArray.liveCount != 0 { fatalError("\(MLXArray.liveCount) handles are alive") }
        withExtendedLifetime(kept) {}
      }
    }

    static func work() throws {
      let model = Parameters([("w", try MLXArray.ones([8, 8])), ("b", try MLXArray.ones([8]))])
      var optimizer = Optimizer(.init(adamW: AdamW(learningRate: 0.1), muon: Muon()), hiddenMatrices: ["w"])
      let result = try valueAndGrad(model) { p in
        let y = try gelu(addMM(p.require("b"), .ones([2, 8]), p.require("w")))
        return [try CrossEntropy(logits: y, targets: MLXArray([1, 7] as [Int32])).loss.mean(), y]
      }
      let step = try optimizer.update(model, gradients: result.gradients)
      _ = try Safetensors(data: Safetensors(arrays: step.parameters).encoded())
      _ = try split(step.parameters.require("w"), parts: 2, axis: 1).map { try $0.asArray(Float.self) }
    }

    static func fail() throws {
      struct Refusal: Error {}
      let x = try MLXArray([1, 2] as [Float])
      _ = try valueAndGrad([x]) { x in
        _ = try gelu(x[0])
        throw Refusal()
      }
    }
  }
}
