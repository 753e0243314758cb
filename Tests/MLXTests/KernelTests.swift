import CMLX
import Testing

@testable import MLX

/// Everything that switches how kernels run, which is a setting of the process: one test at a time.
@Suite(.serialized) struct KernelTests {
  /// The gradient along random directions equals the slope of the loss, measured in double precision from float32
  /// values at points close by.
  @Test(arguments: OperationCase.all) func gradientsAreSlopes(_ operation: OperationCase) throws {
    let seed: UInt64 = 5
    let inputs = try operation.inputs(seed: seed)
    let gradients = try operation.evaluate(inputs, seed: seed).gradients
    for (position, shape) in operation.shapes.enumerated() {
      for trial in 0..<3 {
        let key = try MLXRandom.key(UInt64(1000 * position + trial))
        let direction = try MLXRandom.normal(shape, key: key)
        let along = zip(try direction.asArray(Float.self), gradients[position]).reduce(0.0) {
          $0 + Double($1.0) * Double($1.1)
        }
        let measured = try slope(of: operation, at: inputs, position: position, direction: direction, seed: seed)
        let size = gradients[position].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(abs(along - measured) <= 0.01 * abs(along) + 0.01 * size + 2e-3, "input \(position), trial \(trial)")
      }
    }
  }

  /// Fourth-order central difference of the loss, summed from the elements in double precision.
  private func slope(
    of operation: OperationCase, at inputs: [MLXArray], position: Int, direction: MLXArray, seed: UInt64
  ) throws -> Double {
    let step: Float = 0.01
    func value(_ factor: Float) throws -> Double {
      var moved = inputs
      moved[position] = try inputs[position] + direction * (factor * step)
      let result = try operation.function(moved)
      let weights = try MLXRandom.normal(result.shape, key: MLXRandom.key(seed &+ 77)).asArray(Float.self)
      return zip(try result.asArray(Float.self), weights).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    }
    return try (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / Double(12 * step)
  }

  /// Our kernels, forward and backward, agree with MLX's own operations differentiated by MLX.
  @Test(arguments: OperationCase.all) func agreesWithComposition(_ operation: OperationCase) throws {
    let inputs = try operation.inputs(seed: 9)
    let ours = try operation.evaluate(inputs, seed: 9)
    cmlx_force_composed(true)
    defer { cmlx_force_composed(false) }
    let composed = try operation.evaluate(inputs, seed: 9)
    #expect(relativeDifference(ours.result, composed.result) < 2e-6)
    for (a, b) in zip(ours.gradients, composed.gradients) { #expect(relativeDifference(a, b) < 2e-5) }
  }

  @Test(arguments: OperationCase.all) func agreesWithoutAVX2(_ operation: OperationCase) throws {
    let inputs = try operation.inputs(seed: 3)
    let fast = try operation.evaluate(inputs, seed: 3)
    cmlx_allow_avx2(false)
    defer { cmlx_allow_avx2(true) }
    #expect(!cmlx_uses_avx2())
    let baseline = try operation.evaluate(inputs, seed: 3)
    #expect(relativeDifference(fast.result, baseline.result) < 2e-6)
    for (a, b) in zip(fast.gradients, baseline.gradients) { #expect(relativeDifference(a, b) < 2e-5) }
  }

  /// Large products of bfloat16 on tiles are float32 products but for some 2^-17 of their terms.
  @Test(
    .enabled(if: cmlx_multiplies_on_tiles(), "The processor has no tiles of bfloat16."), arguments: OperationCase.large)
  func tilesAgreeWithFloats(_ operation: OperationCase) throws {
    let inputs = try operation.inputs(seed: 4)
    let tiles = try operation.evaluate(inputs, seed: 4)
    let again = try operation.evaluate(inputs, seed: 4)
    #expect(again.result == tiles.result && again.gradients == tiles.gradients)
    cmlx_allow_tiles(false)
    defer { cmlx_allow_tiles(true) }
    #expect(!cmlx_multiplies_on_tiles())
    let floats = try operation.evaluate(inputs, seed: 4)
    #expect(floats.result != tiles.result)
    #expect(relativeDifference(tiles.result, floats.result) < 2e-5)
    for (a, b) in zip(tiles.gradients, floats.gradients) { #expect(relativeDifference(a, b) < 4e-5) }
  }

  /// Sums over rows that threads share do not depend on which thread took which.
  @Test(arguments: OperationCase.all) func repeatsBitByBit(_ operation: OperationCase) throws {
    let inputs = try operation.inputs(seed: 8)
    let first = try operation.evaluate(inputs, seed: 8)
    for _ in 0..<3 {
      let again = try operation.evaluate(inputs, seed: 8)
      #expect(again.result == first.result && again.gradients == first.gradients)
    }
  }
}
