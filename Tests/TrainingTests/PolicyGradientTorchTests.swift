import Episodes
import Foundation
import LanguageModels
import MLX
import Testing

@testable import Training

/// PPO and GRPO compared with `Fixtures/make_rl.py`, step by step.
@Suite struct PolicyGradientTorchTests {
  static let rewards: [Float] = [1, 0, 0.25, 1, 0.5, 0.5, 0, 2]
  static let groups = [0, 0, 0, 0, 1, 1, 2, 2]

  static let runs: [String: PolicyGradient] = [
    "ppo": .ppo(
      PPO(
        clip: 0.2, valueClip: 0.05, gamma: 0.99, lambda: 0.9, valueCoefficient: 0.3, entropyCoefficient: 0.02,
        whitensAdvantages: true, kl: KLPenalty(coefficient: 0.1, placement: .reward), truncation: .bootstrap,
        passes: three)),
    "ppo_loss": .ppo(
      PPO(
        clip: 0.4, valueClip: nil, gamma: 0.99, lambda: 0.9, valueCoefficient: 0.3, whitensAdvantages: false,
        kl: KLPenalty(coefficient: 0.2, placement: .loss), truncation: .exclude, passes: three)),
    "grpo": .grpo(
      GRPO(
        normalization: .sequence, clipHigh: 0.28, kl: KLPenalty(coefficient: 0.04, placement: .loss, estimator: .k3),
        passes: three)),
    "dr_grpo": .grpo(
      GRPO(
        scalesByDeviation: false, normalization: .constant(length: 12), clipHigh: 0.28, entropyCoefficient: 0.01,
        kl: KLPenalty(coefficient: 0, placement: .loss), zeroVariance: .drop, passes: three)),
    "rloo": .grpo(
      GRPO(
        baseline: .leaveOneOut, scalesByDeviation: false, normalization: .token, clipHigh: 0.28,
        kl: KLPenalty(coefficient: 0.1, placement: .reward), truncation: .exclude, passes: three)),
  ]
  private static let three = Passes(epochs: 3, minibatches: 1)

  let arrays: Parameters

  init() throws {
    arrays = try Safetensors(contentsOf: Bundle.module.bundleURL.appending(path: "Fixtures/rl.safetensors")).arrays
  }

  private func values(_ name: String) throws -> [Float] { try arrays.require(name).asArray(Float.self) }

  private func rollouts() throws -> [Rollout] {
    var tokens = try arrays.require("tokens").asArray(Int32.self)[...]
    var actions = try arrays.require("actions").asArray(Int32.self)[...]
    var recorded = try values("recorded")[...]
    return try arrays.require("lengths").asArray(Int32.self).enumerated().map { row, length in
      let isAction = actions.prefix(Int(length)).map { $0 == 1 }
      let rollout = Rollout(
        tokens: Array(tokens.prefix(Int(length))), isAction: isAction,
        logProbabilities: isAction.map { $0 ? recorded.removeFirst() : 0 }, reward: Self.rewards[row],
        group: Self.groups[row], isTruncated: row == 1 || row == 5)
      tokens = tokens.dropFirst(Int(length))
      actions = actions.dropFirst(Int(length))
      return rollout
    }
  }

  private func checkpoints() throws -> (start: ModelCheckpoint, reference: ModelCheckpoint) {
    var start = try TorchFixture().checkpoint()
    let norm = try start.values("model.norm.weight").map { $0 * 1.2 }
    let reference = try ModelCheckpoint(
      base: #require(start.base), lineage: Lineage(name: "reference"),
      weights: ["model.norm.weight": Weight(shape: [32], values: norm)])
    start.heads["value"] = ScalarHead(weight: try values("head"))
    return (start, reference)
  }

  private func options(_ algorithm: PolicyGradient, tokensPerBatch: Int) -> PolicyGradientOptions {
    PolicyGradientOptions(
      algorithm: algorithm,
      optimizer: Optimizer.Configuration(
        adamW: AdamW(learningRate: 1e-3, beta2: 0.97, epsilon: 1e-6), maximumGradientNorm: 0.5),
      temperature: 0.7, tokensPerBatch: tokensPerBatch, parts: .all, seed: Seed(1))
  }

  @Test(
    "Losses, norms and weights of three steps are torch's; all rows at once and in parts",
    arguments: ["ppo", "ppo_loss", "grpo", "dr_grpo", "rloo"], [4_096, 24])
  func steps(_ run: String, _ tokensPerBatch: Int) throws {
    let (start, reference) = try checkpoints()
    var steps: [[String: Double]] = []
    for steps in 1...3 {
      let tuned = try reinforce(
        start, reference: reference, on: rollouts(),
        options: options(#require(Self.runs[run]), tokensPerBatch: tokensPerBatch), lineage: Lineage(name: "t")
      ) { $0.step == steps ? .stop : .more }.checkpoint
      try expect(tuned, run, step: steps - 1)
    }
    _ = try reinforce(
      start, reference: reference, on: rollouts(),
      options: options(#require(Self.runs[run]), tokensPerBatch: tokensPerBatch), lineage: Lineage(name: "t")
    ) { progress in
      steps.append(progress.loss)
      return .more
    }
    #expect(steps.count == 3)
    for name in ["loss", "policy_loss", "value_loss", "kl_loss", "entropy_bonus", "approx_kl", "clip_share"] {
      if steps[0][name] == 0 { continue }
      let found = try steps.map { Float(try #require($0[name])) }
      #expect(largestDifference(found, try values("\(run):\(name)")) < 1e-4, "\(run) \(name) \(found)")
    }
    let norms = try zip(steps, values("\(run):gradient_norm")).map { try #require($0["gradient_norm"]) / Double($1) }
    #expect(norms.allSatisfy { abs($0 - 1) < 1e-3 }, "\(run) \(norms)")
  }

  private func expect(_ tuned: ModelCheckpoint, _ run: String, step: Int) throws {
    let prefix = "\(run):\(step):"
    let names = arrays.names.filter { $0.hasPrefix(prefix + "model.") }.map { String($0.dropFirst(prefix.count)) }
    #expect(names.count == (step == 2 ? 5 : 3))
    for name in names {
      let weight = try #require(tuned.weights[name])
      #expect(largestDifference(weight.values, try values(prefix + name)) < 2e-5, "\(prefix)\(name)")
    }
    let head = try #require(tuned.heads["value"])
    #expect(largestDifference(head.weight + [head.bias], try values(prefix + "head") + values(prefix + "bias")) < 2e-5)
  }
}
