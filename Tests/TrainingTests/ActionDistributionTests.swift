import Episodes
import Foundation
import MLX
import Testing
import Tokenization

@testable import LanguageModels
@testable import Training

/// Log-probabilities and entropies by every route, against the plain definition and the sampler.
@Suite struct ActionDistributionTests {
  /// By the definition, in Double.
  private func defined(
    _ states: [Float], _ head: [Float], width: Int, targets: [Int32], cap: Float?, temperature: Float
  ) -> (logProbabilities: [Float], entropies: [Float]) {
    let classes = head.count / width
    var result: (logProbabilities: [Float], entropies: [Float]) = ([], [])
    for (row, target) in targets.enumerated() {
      let logits = (0..<classes).map { index -> Double in
        let raw = (0..<width).reduce(0) { $0 + Double(states[row * width + $1]) * Double(head[index * width + $1]) }
        return (cap.map { Double($0) * tanh(raw / Double($0)) } ?? raw) / Double(temperature)
      }
      let sum = log(logits.reduce(0) { $0 + exp($1) })
      result.logProbabilities.append(Float(logits[Int(target)] - sum))
      result.entropies.append(Float(logits.reduce(0) { $0 - exp($1 - sum) * ($1 - sum) }))
    }
    return result
  }

  @Test(
    "Every route gives the same numbers: whole, in slices, frozen, capped, and by the gradient of a large vocabulary",
    arguments: [nil, 2] as [Float?], [300, 20_000])
  func routes(_ cap: Float?, _ classes: Int) throws {
    let (count, width) = (7, 4)
    let states = try MLXRandom.normal([count, width], key: MLXRandom.key(1))
    let matrix = try MLXRandom.normal([classes, width], key: MLXRandom.key(2))
    let targets = (0..<count).map { Int32($0 * 41) }
    let expected = defined(
      try states.asArray(Float.self), try matrix.asArray(Float.self), width: width, targets: targets, cap: cap,
      temperature: 0.7)
    let ids = try MLXArray(targets)
    for (frozen, slice) in [(false, 1 << 24), (true, 1 << 24), (false, 2 * classes), (true, 2 * classes)] {
      var distribution = ActionDistribution(
        head: OutputHead(matrix: matrix, logitCap: cap, isFrozen: frozen), temperature: 0.7)
      distribution.slice = slice
      let alone = try distribution.logProbabilities(states, ids).asArray(Float.self)
      #expect(largestDifference(alone, expected.logProbabilities) < 2e-5)
      // Sums of 20,000 numbers in float32 are good to about 1e-4 of themselves.
      let both = try distribution.logProbabilitiesAndEntropies(states, ids)
      #expect(largestDifference(try both.logProbabilities.asArray(Float.self), expected.logProbabilities) < 2e-5)
      #expect(largestDifference(try both.entropies.asArray(Float.self), expected.entropies) < 1e-3)
      let measured = try distribution.measured(states, ids)
      #expect(largestDifference(try measured.logProbabilities.asArray(Float.self), expected.logProbabilities) < 2e-5)
      #expect(largestDifference(try measured.entropies.asArray(Float.self), expected.entropies) < 1e-3)
    }
  }

  @Test("Gradients through slices are those of the whole, for states and head")
  func slicedGradients() throws {
    let targets = try MLXArray([3, 7, 1, 0, 5] as [Int32])
    func gradients(slice: Int) throws -> [[Float]] {
      let inputs = [
        try MLXRandom.normal([5, 4], key: MLXRandom.key(1)), try MLXRandom.normal([9, 4], key: MLXRandom.key(2)),
      ]
      return try valueAndGrad(inputs) { inputs in
        var distribution = ActionDistribution(
          head: OutputHead(matrix: inputs[1], logitCap: nil, isFrozen: false), temperature: 0.7)
        distribution.slice = slice
        // Sums of 20,000 numbers in float32 are good to about 1e-4 of themselves.
        let both = try distribution.logProbabilitiesAndEntropies(inputs[0], targets)
        return try (both.logProbabilities * both.entropies).sum()
      }.gradients.map { try $0.asArray(Float.self) }
    }
    let (whole, sliced) = (try gradients(slice: 1 << 24), try gradients(slice: 18))
    #expect(whole[1].contains { abs($0) > 0.1 })
    for (a, b) in zip(whole, sliced) { #expect(largestDifference(a, b) < 1e-5) }
  }

  @Test(
    "What the sampler records is what the trainer computes, at any temperature", arguments: [1, 0.6, 1.5] as [Float])
  func agreement(_ temperature: Float) async throws {
    let checkpoint = try SupervisedTrainerTests.checkpoint()
    let engine = try SamplingEngine(checkpoint)
    var rollouts: [Rollout] = []
    for seed in 0..<6 as Range<UInt64> {
      let prompt: [Int32] = [1, 40 + Int32(seed), 3, 2]
      let row = try await engine.open(
        prompt: prompt, seed: seed, sampling: SamplingOptions(temperature: temperature))
      let drawn = try await engine.generate(row, maxTokens: 20)
      await engine.close(row)
      rollouts.append(
        Rollout(
          tokens: prompt + drawn.tokens, isAction: prompt.map { _ in false } + drawn.tokens.map { _ in true },
          logProbabilities: prompt.map { _ in 0 } + drawn.logProbabilities, reward: 0, group: 0))
    }
    let trajectories = rollouts.map { Trajectory($0, context: 64) }
    let scorer = TrajectoryScorer(
      model: try checkpoint.model(), padding: 0, temperature: temperature, tokensPerBatch: 50, measuresEntropy: true)
    for (trajectory, score) in zip(trajectories, try scorer.scores(trajectories)) {
      #expect(largestDifference(try #require(trajectory.recorded), score.logProbabilities) < 1e-4)
      #expect(score.entropies.count == score.logProbabilities.count)
    }
  }
}
