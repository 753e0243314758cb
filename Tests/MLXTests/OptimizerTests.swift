import Foundation
import Testing

@testable import MLX

@Suite struct OptimizerTests {
  /// The parameters and the five gradients of the fixture.
  private func problem(_ fixture: Fixture, _ names: [String]) throws -> (start: Parameters, gradients: [Parameters]) {
    let start = Parameters(try names.map { ($0, try fixture("start.\($0)")) })
    return (start, try (0..<5).map { step in try start.mapped { name, _ in try fixture("gradient.\(step).\(name)") } })
  }

  @Test func adamWMatchesPyTorch() throws {
    let fixture = try Fixture("optimizers")
    let (start, gradients) = try problem(fixture, ["tall", "wide", "vector"])
    var optimizer = Optimizer(
      .init(adamW: AdamW(learningRate: 0.03, weightDecay: 0.1), maximumGradientNorm: 2))
    var parameters = start
    for (step, gradient) in gradients.enumerated() {
      let result = try optimizer.update(parameters, gradients: gradient)
      parameters = result.parameters
      #expect(try abs(result.gradientNorm - fixture.numbers("adamw.norm.\(step)")[0]) < 1e-5)
      for (name, array) in parameters.pairs {
        let expected = try fixture.numbers("adamw.\(step).\(name)")
        #expect(try relativeDifference(array.asArray(Float.self), expected) < 2e-6, "\(name), step \(step)")
      }
    }
  }

  /// Exactly the iteration in float32; PyTorch's own runs it in bfloat16 and so agrees to about a percent of a step.
  @Test func muonMatchesPyTorch() throws {
    let fixture = try Fixture("optimizers")
    let (start, gradients) = try problem(fixture, ["tall", "wide"])
    let muon = Muon(learningRate: 0.02, momentum: 0.95, weightDecay: 0.1)
    var optimizer = Optimizer(
      .init(adamW: AdamW(learningRate: 1), muon: muon), hiddenMatrices: ["tall", "wide"])
    var parameters = start
    for (step, gradient) in gradients.enumerated() {
      parameters = try optimizer.update(parameters, gradients: gradient).parameters
      for (name, array) in parameters.pairs {
        let numbers = try array.asArray(Float.self)
        #expect(try relativeDifference(numbers, fixture.numbers("muon.\(step).\(name)")) < 1e-5)
        #expect(try relativeDifference(numbers, fixture.numbers("torch_muon.\(step).\(name)")) < 0.01)
      }
    }
  }

  @Test func schedulesByHand() {
    let linear = LearningRateSchedule(warmupSteps: 4, totalSteps: 12, decay: .linear, finalFraction: 0.2)
    #expect((0...13).map(linear.fraction) == [0.25, 0.5, 0.75, 1, 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.2])
    let cosine = LearningRateSchedule(totalSteps: 4, decay: .cosine)
    let expected: [Float] = [1, 0.853_553_4, 0.5, 0.146_446_6, 0, 0]
    for (a, b) in zip((0...5).map(cosine.fraction), expected) { #expect(abs(a - b) < 1e-6) }
    #expect(LearningRateSchedule.constant.fraction(atStep: 1_000_000) == 1)
    let warm = LearningRateSchedule(warmupSteps: 2, totalSteps: 0, decay: .constant)
    #expect((0...3).map(warm.fraction) == [0.5, 1, 1, 1])
  }

  @Test func aRestoredOptimiserContinuesBitByBit() throws {
    let fixture = try Fixture("optimizers")
    let (start, gradients) = try problem(fixture, ["tall", "wide", "vector"])
    let configuration = Optimizer.Configuration(
      adamW: AdamW(learningRate: 0.03, weightDecay: 0.1), muon: Muon(),
      schedule: .init(warmupSteps: 2, totalSteps: 5, decay: .cosine), maximumGradientNorm: 1)
    var whole = Optimizer(configuration, hiddenMatrices: ["tall", "wide"])
    var parameters = start
    for gradient in gradients { parameters = try whole.update(parameters, gradients: gradient).parameters }

    var first = Optimizer(configuration, hiddenMatrices: ["tall", "wide"])
    var resumed = start
    for gradient in gradients[..<2] { resumed = try first.update(resumed, gradients: gradient).parameters }
    let saved = try first.state().encoded()
    let decoded = try JSONDecoder().decode(
      Optimizer.Configuration.self, from: JSONEncoder().encode(configuration))
    var second = try Optimizer(decoded, hiddenMatrices: ["tall", "wide"], restoring: Safetensors(data: saved))
    #expect(second.stepCount == 2)
    for gradient in gradients[2...] { resumed = try second.update(resumed, gradients: gradient).parameters }

    for (a, b) in zip(parameters.arrays, resumed.arrays) { #expect(try a.asData() == b.asData()) }
    #expect(try whole.state().encoded() == second.state().encoded())
  }

  @Test func aGradientThatIsNotFiniteChangesNothing() throws {
    let parameters = Parameters([("x", try MLXArray([1, 2] as [Float]))])
    var optimizer = Optimizer(.init(adamW: AdamW(learningRate: 1)))
    let broken = Parameters([("x", try MLXArray([.nan, 1] as [Float]))])
    #expect(throws: MLXError.self) { try optimizer.update(parameters, gradients: broken) }
    #expect(throws: MLXError.self) { try optimizer.update(parameters, gradients: Parameters()) }
    #expect(optimizer.stepCount == 0)
  }

  @Test func orthogonalizedSingularValuesAreNearOne() throws {
    let matrix = try MLXRandom.normal([40, 24], key: MLXRandom.key(1))
    let result = try Muon.orthogonalized(matrix, iterations: 5)
    // X^T X has the squares of the singular values as eigenvalues; their mean is the trace over the size.
    let gram = try matmul(result.T, result).asArray(Float.self)
    let diagonal = (0..<24).map { gram[$0 * 25] }
    #expect(result.shape == [40, 24])
    #expect(diagonal.allSatisfy { 0.4 < $0 && $0 < 1.5 })
  }
}
