import Episodes
import Foundation
import LanguageModels
import MLX
import Testing
import Tokenization

@testable import Training

/// Rounds of reinforcement: resuming, going on, what is left out, and what is refused.
@Suite struct ReinforcementTests {
  /// Twelve rollouts of three prompts with two turns each, as if some policy had drawn them.
  private static let rollouts = (0..<12).map { row in
    let length = 9 + row % 5
    let isAction = (0..<length).map { $0 == 2 || $0 > 4 && $0 != 7 }
    return Rollout(
      tokens: (0..<length).map { Int32(3 + (row * 17 + $0 * 7) % 60) }, isAction: isAction,
      logProbabilities: isAction.map { $0 ? -4 : 0 }, reward: Float(row % 4) / 2, group: row / 4, isTruncated: row == 5)
  }

  private static let ppo = PolicyGradient.ppo(
    PPO(
      entropyCoefficient: 0.01,
      kl: KLPenalty(coefficient: 0.1, placement: .reward, control: .adaptive(target: 1, horizon: 100)),
      passes: Passes(epochs: 2, minibatches: 4)))
  private static let grpo = PolicyGradient.grpo(GRPO(passes: Passes(epochs: 2, minibatches: 4)))

  private func options(
    _ algorithm: PolicyGradient, _ parts: TrainableParts = .all, rate: Float = 1e-2
  ) -> PolicyGradientOptions {
    PolicyGradientOptions(
      algorithm: algorithm, optimizer: TorchFixture.optimizer(rate: rate), tokensPerBatch: 30, parts: parts,
      seed: Seed(5))
  }

  private func reinforced(
    _ options: PolicyGradientOptions, from start: ModelCheckpoint? = nil, on rollouts: [Rollout] = rollouts,
    state: StateFile? = nil, continuing optimizer: URL? = nil,
    progress: (PolicyGradientProgress) -> TrainingVerdict = { _ in .more }
  ) throws -> (checkpoint: ModelCheckpoint, report: PolicyGradientReport) {
    try reinforce(
      start ?? TorchFixture().checkpoint(), reference: TorchFixture().checkpoint(), on: rollouts, options: options,
      lineage: Lineage(name: "t"), state: state, continuing: optimizer, progress: progress)
  }

  private func withFiles<Value>(_ body: (URL, URL) throws -> Value) throws -> Value {
    let files = (0..<2).map { _ in FileManager.default.temporaryDirectory.appending(path: "rl-\(UUID()).safetensors") }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    return try body(files[0], files[1])
  }

  private func timeless(_ report: PolicyGradientReport) -> PolicyGradientReport {
    var report = report
    report.metrics["tokens_per_second"] = nil
    return report
  }

  @Test(
    "Killed between two writes: weights, value head, moments, report and KL coefficient end as if never stopped",
    arguments: [ppo, grpo], [TrainableParts.adapter(LoRAConfiguration(rank: 3, alpha: 10)), .all])
  func killed(_ algorithm: PolicyGradient, _ parts: TrainableParts) throws {
    try withFiles { file, other in
      let options = options(algorithm, parts)
      let whole = try reinforced(options, state: StateFile(other))
      _ = try reinforced(options, state: StateFile(file, interval: 3)) { $0.step == 5 ? .stop : .more }
      var steps: [Int] = []
      let resumed = try reinforced(options, state: StateFile(file, interval: 3)) {
        steps.append($0.step)
        return .more
      }
      #expect(steps == [4, 5, 6, 7, 8])
      #expect(try resumed.checkpoint.digest() == whole.checkpoint.digest())
      #expect(resumed.checkpoint.heads == whole.checkpoint.heads)
      #expect(resumed.checkpoint.heads.keys.contains("value") == (algorithm.name == "ppo"))
      #expect(timeless(resumed.report) == timeless(whole.report))
      #expect(try Data(contentsOf: file) == Data(contentsOf: other))
      // A round that is done is not done again.
      let again = try reinforced(options, state: StateFile(file)) { _ in
        Issue.record("a finished round took a step")
        return .more
      }
      #expect(try again.checkpoint.digest() == whole.checkpoint.digest())
      #expect(timeless(again.report) == timeless(whole.report))
    }
  }

  @Test("A cancelled task keeps its state and throws")
  func cancelled() async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "rl-\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    func run(cancellingAfter limit: Int?) async throws -> (ModelCheckpoint, first: Int) {
      try await Task {
        var first: Int?
        let result = try reinforced(options(Self.ppo), state: StateFile(file, interval: 1_000)) { progress in
          first = first ?? progress.step
          if progress.step == limit { withUnsafeCurrentTask { $0?.cancel() } }
          return .more
        }
        return (result.checkpoint, first ?? 0)
      }.value
    }
    await #expect(throws: CancellationError.self) { try await run(cancellingAfter: 4) }
    let resumed = try await run(cancellingAfter: nil)
    #expect(resumed.first == 5)
    #expect(try resumed.0.digest() == reinforced(options(Self.ppo)).checkpoint.digest())
  }

  @Test("A token that another program drew with another probability weighs their ratio, up to the cap")
  func importanceWeights() throws {
    var grpo = GRPO(
      scalesByDeviation: false, kl: KLPenalty(coefficient: 0, placement: .loss),
      passes: Passes(epochs: 1, minibatches: 1))
    grpo.clipLow = 0.2
    var options = options(.grpo(grpo))
    // What the trainer itself says of the draws.
    let here = try RolloutScorer(TorchFixture().checkpoint()).logProbabilities(of: Self.rollouts)
    func drawn(_ shift: Float, reward: Float = 1) -> [Rollout] {
      zip(Self.rollouts, here).map { rollout, scores in
        var (rollout, next) = (rollout, scores.makeIterator())
        rollout.logProbabilities = rollout.isAction.map { $0 ? (next.next() ?? 0) + shift : 0 }
        rollout.reward *= reward
        return rollout
      }
    }
    // The server's probability was a half of the trainer's: the weight is 2, and at most the cap.
    for (cap, weight) in [(4, 2), (1.5, 1.5)] as [(Float, Float)] {
      options.importanceCap = cap
      let weighed = try reinforced(options, on: drawn(-log(2)))
      options.importanceCap = nil
      let plain = try reinforced(options, on: drawn(0, reward: weight))
      let metrics = weighed.report.metrics
      for name in ["policy_loss", "gradient_norm", "advantage_std"] {
        let (found, expected) = (metrics[name] ?? 0, plain.report.metrics[name] ?? 1)
        #expect(abs(found - expected) < 1e-4 * max(1, abs(expected)), "\(name)")
      }
      #expect(abs((metrics["importance_weight_mean"] ?? 0) - Double(weight)) < 1e-4)
      #expect(metrics["importance_capped_share"] == (cap < 2 ? 1 : 0))
      #expect(abs((metrics["importance_effective_share"] ?? 0) - 1) < 1e-4)
      #expect(plain.report.metrics["importance_weight_mean"] == nil)
    }
    // One token of all has nearly the whole weight.
    options.importanceCap = 1e6
    var rollouts = drawn(0)
    let place = try #require(rollouts[0].isAction.firstIndex(of: true))
    rollouts[0].logProbabilities?[place] -= 13
    let error = #expect(throws: ModelError.self) { try reinforced(options, on: rollouts) }
    #expect(error?.description.contains("importance weights leave 1 %") == true)
    options.importanceCap = 0.5
    #expect(throws: ModelError.self) { try options.validate() }
  }

  @Test("The next round goes on with the moments of the one before, and not with those of another model")
  func continuing() throws {
    try withFiles { first, second in
      let options = options(Self.ppo)
      let before = try reinforced(options, state: StateFile(first)).checkpoint
      #expect(try Safetensors(contentsOf: first).metadata["optimizer.step"] == "8")
      let carried = try reinforced(options, from: before, state: StateFile(second), continuing: first).checkpoint
      #expect(try Safetensors(contentsOf: second).metadata["optimizer.step"] == "16")
      #expect(try carried.digest() != reinforced(options, from: before).checkpoint.digest())
      #expect(throws: ModelError.self) { try reinforced(self.options(Self.grpo), continuing: first) }
      #expect(throws: ModelError.self) {
        try reinforced(
          self.options(Self.ppo, .adapter(LoRAConfiguration(rank: 3, alpha: 10))), continuing: first)
      }
      try Data("broken".utf8).write(to: first)
      #expect(throws: ModelError.self) { try reinforced(options, continuing: first) }
    }
  }

  @Test("A state of other options, rollouts, start or moments is refused")
  func mismatch() throws {
    try withFiles { file, moments in
      let options = options(Self.ppo)
      func run(
        _ options: PolicyGradientOptions, from start: ModelCheckpoint? = nil, on rollouts: [Rollout] = Self.rollouts,
        continuing: URL? = nil
      ) throws {
        _ = try reinforced(
          options, from: start, on: rollouts, state: StateFile(file, interval: 1), continuing: continuing
        ) { _ in .stop }
      }
      try run(options)
      try run(options)
      #expect(throws: ModelError.self) { try run(options, on: Self.rollouts.dropLast()) }
      var other = options
      other.klCoefficient = 0.2
      #expect(throws: ModelError.self) { try run(other) }
      var start = try TorchFixture().checkpoint()
      start.heads["value"] = ScalarHead(weight: .init(repeating: 0.1, count: 32))
      #expect(throws: ModelError.self) { try run(options, from: start) }
      _ = try reinforced(options, state: StateFile(moments))
      #expect(throws: ModelError.self) { try run(options, continuing: moments) }
    }
  }

  @Test("A loss that is not finite is an error, and the state stays what it was")
  func divergence() throws {
    try withFiles { file, _ in
      let broken = options(Self.ppo, rate: 1e30)
      #expect(throws: (any Error).self) { try reinforced(broken, state: StateFile(file, interval: 1)) }
      let saved = try Safetensors(contentsOf: file)
      #expect(saved.metadata["optimizer.step"] == "1")
      #expect(throws: ModelError.self) {
        var rollouts = Self.rollouts
        rollouts[3].reward = .nan
        _ = try reinforced(options(Self.grpo), on: rollouts)
      }
    }
  }

  @Test("What is left out teaches nothing: cut off rollouts, and groups without a difference")
  func exclusion() throws {
    var rollouts = Self.rollouts
    for row in 8..<12 { rollouts[row].reward = 1 }
    let kl = KLPenalty(coefficient: 0, placement: .loss)
    func grpo(_ zeroVariance: GRPO.ZeroVariance, _ truncation: GRPO.Truncation) -> PolicyGradient {
      .grpo(
        GRPO(
          normalization: .token, kl: kl, zeroVariance: zeroVariance, truncation: truncation,
          passes: Passes(epochs: 1, minibatches: 1)))
    }
    func run(_ algorithm: PolicyGradient, _ rollouts: [Rollout]) throws -> [String: Double] {
      try reinforced(options(algorithm), on: rollouts).report.metrics
    }
    let kept = try run(grpo(.keep, .terminate), rollouts)
    #expect(try abs(#require(kept["zero_variance_share"]) - 1 / 3) < 1e-9)
    #expect(kept["used_share"] == 1)
    let dropped = try run(grpo(.drop, .terminate), rollouts)
    #expect(try abs(#require(dropped["used_share"]) - 8 / 12) < 1e-9)
    // Without the flat group's actions in the mean's denominator the same sum counts for more.
    let actions = rollouts.map { $0.isAction.count { $0 } }
    let factor = Double(actions.reduce(0, +)) / Double(actions.prefix(8).reduce(0, +))
    #expect(try abs(#require(dropped["policy_loss"]) / #require(kept["policy_loss"]) - factor) < 1e-3)
    #expect(try abs(#require(run(grpo(.drop, .exclude), rollouts)["used_share"]) - 7 / 12) < 1e-9)
    #expect(kept["truncated_share"] == 1.0 / 12)
    // Nothing is left: no step, the same weights.
    let none = try reinforced(options(grpo(.drop, .exclude)), on: Array(rollouts[8...]))
    #expect(none.report.steps == 0)
    #expect(none.checkpoint.weights.allSatisfy { _, weight in weight.values.allSatisfy(\.isFinite) })
    #expect(try reinforced(options(Self.ppo), on: []).report.steps == 0)
  }

  @Test("A rollout cut off: bootstrapped, its reward is not paid and its last value takes its place")
  func truncation() throws {
    var start = try TorchFixture().checkpoint()
    start.heads["value"] = ScalarHead(weight: .init(repeating: 0, count: 32), bias: 0.25)
    func returns(_ truncation: PPO.Truncation) throws -> Double {
      // gamma and lambda 1: the return of every action is what stands at the end.
      let ppo = PPO(
        lambda: 1, kl: KLPenalty(coefficient: 0, placement: .loss), truncation: truncation,
        passes: Passes(epochs: 1, minibatches: 1))
      var rollout = Self.rollouts[5]
      rollout.reward = 7
      let result = try reinforced(options(.ppo(ppo)), from: start, on: [rollout])
      return try #require(result.report.metrics["return_mean"])
    }
    #expect(abs(try returns(.bootstrap) - 0.25) < 1e-5)
    #expect(abs(try returns(.terminate) - 7) < 1e-5)
    #expect(try returns(.exclude) == 0)
  }

  @Test(
    "Values begin a round at its mean return, with a new head and with an old one; the head keeps what it has learnt")
  func recentred() throws {
    func run(_ start: ModelCheckpoint, rate: Float) throws -> (ScalarHead, [String: Double]) {
      let ppo = PPO(kl: KLPenalty(coefficient: 0, placement: .loss), passes: Passes(epochs: 1, minibatches: 1))
      let result = try reinforced(options(.ppo(ppo), rate: rate), from: start)
      return (try #require(result.checkpoint.heads["value"]), result.report.metrics)
    }
    // Rewards 0, 0.5, 1 and 1.5 in turn, each counted once an action.
    let actions = Self.rollouts.map { Double($0.isAction.count { $0 }) }
    let mean = zip(Self.rollouts, actions).reduce(0) { $0 + Double($1.0.reward) * $1.1 } / actions.reduce(0, +)
    var start = try TorchFixture().checkpoint()
    let (fresh, metrics) = try run(start, rate: 1e-12)
    #expect(fresh.weight.allSatisfy { abs($0) < 1e-9 } && abs(Double(fresh.bias) - mean) < 1e-5)
    #expect(try abs(#require(metrics["value_mean"]) - mean) < 1e-5)
    #expect(try abs(#require(metrics["advantage_mean"])) < 1e-5)
    start.heads["value"] = ScalarHead(weight: (0..<32).map { Float($0 % 3) - 1 }, bias: 40)
    let (old, shifted) = try run(start, rate: 1e-12)
    #expect(largestDifference(old.weight, try #require(start.heads["value"]).weight) < 1e-9)
    #expect(try abs(#require(shifted["value_mean"]) - mean) < 1e-4)
    #expect(try abs(#require(shifted["advantage_mean"])) < 1e-4)
  }

  @Test("The report: divergence from the reference, the next coefficient, the error of recorded probabilities")
  func report() throws {
    let (start, reference) = (try TorchFixture().checkpoint(), try TorchFixture().checkpoint())
    let report = try reinforce(
      start, reference: reference, on: Self.rollouts, options: options(Self.ppo), lineage: Lineage(name: "t")
    ).report
    // Recorded as -4 everywhere: k1 of an action is -4 less what the reference says of it.
    let scorer = TrajectoryScorer(model: try reference.model(), padding: 0, temperature: 1, tokensPerBatch: 99)
    let trajectories = Self.rollouts.map { Trajectory($0, context: 64) }
    let expected = try scorer.scores(trajectories).map { $0.logProbabilities.reduce(0) { $0 + (-4 - $1) } }
    let divergence = Double(expected.reduce(0, +)) / 12
    #expect(try abs(#require(report.metrics["kl_rollout"]) - divergence) < 1e-3)
    // Far off the target of 1: a fifth in the direction of the error, for 12 of 100 rollouts.
    let change = divergence > 1.2 ? 0.2 : divergence < 0.8 ? -0.2 : divergence - 1
    #expect(abs(report.klCoefficient - 0.1 * (1 + change * 0.12)) < 1e-9)
    #expect(report.steps == 8 && report.metrics["kl_coefficient"] == 0.1)
    let error = try scorer.scores(trajectories).flatMap { $0.logProbabilities.map { abs($0 + 4) } }
    #expect(
      try abs(#require(report.metrics["log_probability_difference"]) - Double(error.reduce(0, +)) / Double(error.count))
        < 1e-4)
  }

  @Test("KL by spans: each has its own mean, and the penalty, in the loss or in the reward, is for the chosen one")
  func spans() throws {
    // Under the words' tokenizer: a thought of two words, then an answer of two.
    let tokenizer = TinyPolicy.tokenizer
    let start = try TinyPolicy.taught([(LookUpTask.prompt, [Segment(.policy, "red")])], epochs: 1)
    let other = try TinyPolicy.taught([(LookUpTask.prompt, [Segment(.policy, "leaf")])], epochs: 8)
    let prompt = try tokenizer.encode(dialogue: [("user", "flower")], opening: "<cot>")
    let drawn = tokenizer.encode("red rose</cot>green leaf", specials: .tags)
    let rollout = Rollout(
      tokens: prompt + drawn, isAction: prompt.map { _ in false } + drawn.map { _ in true }, logProbabilities: nil,
      reward: 0, group: 0)
    func metrics(_ placement: KLPenalty.Placement, _ spans: KLPenalty.Spans) throws -> [String: Double] {
      let ppo = PPO(
        kl: KLPenalty(coefficient: 1, placement: placement, spans: spans), passes: Passes(epochs: 1, minibatches: 1))
      return try reinforce(
        start, reference: other, on: [rollout],
        options: PolicyGradientOptions(algorithm: .ppo(ppo), seed: Seed(1)), lineage: Lineage(name: "t")
      ).report.metrics
    }
    func scores(_ checkpoint: ModelCheckpoint) throws -> [Float] {
      try RolloutScorer(checkpoint).logProbabilities(of: [rollout])[0]
    }
    let k1 = try zip(scores(start), scores(other)).map { Double($0 - $1) }
    let thought = drawn.firstIndex(of: try #require(tokenizer.special("</cot>"))).map { $0 + 1 } ?? 0
    #expect(thought == 3 && k1.count == 5)
    let (inThought, inAnswer) = (k1.prefix(thought), k1.suffix(k1.count - thought))
    for (spans, chosen) in [(KLPenalty.Spans.all, k1[...]), (.thought, inThought), (.answer, inAnswer)] {
      let loss = try metrics(.loss, spans)
      #expect(try abs(#require(loss["kl"]) - k1.reduce(0, +) / 5) < 1e-4)
      #expect(try abs(#require(loss["kl_thought"]) - inThought.reduce(0, +) / 3) < 1e-4)
      #expect(try abs(#require(loss["kl_answer"]) - inAnswer.reduce(0, +) / 2) < 1e-4)
      // q is 1 before the first step, and k2 half the square; the mean is over all actions.
      #expect(try abs(#require(loss["kl_loss"]) - chosen.reduce(0) { $0 + $1 * $1 / 2 } / 5) < 1e-4)
      // In the reward, returns are sums of what is still to come: a penalty at action i is in i + 1 of them.
      let places = spans == .answer ? Array(thought..<5) : Array(0..<chosen.count)
      let returns = places.reduce(0) { $0 - k1[$1] * Double($1 + 1) } / 5
      #expect(try abs(#require(metrics(.reward, spans)["return_mean"]) - returns) < 1e-4)
    }
  }

  @Test("A KL coefficient needs a reference")
  func noReference() throws {
    #expect(throws: ModelError.self) {
      try reinforce(
        TorchFixture().checkpoint(), reference: nil, on: Self.rollouts, options: self.options(Self.grpo),
        lineage: Lineage(name: "t"))
    }
    var options = self.options(Self.grpo)
    options.klCoefficient = 0
    #expect(throws: Never.self) {
      try reinforce(
        TorchFixture().checkpoint(), reference: nil, on: Self.rollouts, options: options, lineage: Lineage(name: "t"))
    }
  }
}
