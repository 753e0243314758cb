import Foundation
import MLX
import Synchronization
import Testing
import Tokenization

@testable import LanguageModels

struct SamplingEngineTests {
  /// What one row reads and writes: a prompt, then pieces of writing with text injected between.
  struct Plan: Sendable {
    var prompt: [Int32]
    var seed: UInt64
    var injections: [[Int32]] = [[]]
    var temperature: Float = 1
  }

  struct Rollout: Sendable, Equatable {
    var tokens: [Int32]
    /// Positions of drawn tokens, and the bits of their log-probabilities.
    var drawn: [Int] = []
    var bits: [UInt32] = []

    /// How far a recorded log-probability is from what `logits` of the whole text gives, at most.
    func largestError(temperature: Float, logits: (MLXArray) throws -> MLXArray) throws -> Float {
      let logits = try logits(MLXArray(tokens, [1, tokens.count])) / temperature
      let logProbabilities = try logits - logits.logSumExp(axis: -1, keepDims: true)
      let (expected, vocabulary) = (try logProbabilities.asArray(Float.self), logProbabilities.dim(2))
      let errors = zip(drawn, bits).map { position, bits in
        abs(expected[(position - 1) * vocabulary + Int(tokens[position])] - Float(bitPattern: bits))
      }
      return errors.max() ?? 0
    }
  }

  static func play(_ plan: Plan, on engine: SamplingEngine, pieces: Int = 9) async throws -> Rollout {
    let row = try await engine.open(
      prompt: plan.prompt, seed: plan.seed, sampling: SamplingOptions(temperature: plan.temperature))
    var rollout = Rollout(tokens: plan.prompt)
    for injection in plan.injections {
      let text = try await engine.generate(row, injecting: injection, maxTokens: pieces)
      rollout.tokens += injection
      rollout.drawn += rollout.tokens.count..<rollout.tokens.count + text.tokens.count
      rollout.tokens += text.tokens
      rollout.bits += text.logProbabilities.map(\.bitPattern)
    }
    await engine.close(row)
    return rollout
  }

  /// A decoder that does not go on before as many tasks run at once as there are threads for tasks.
  private final class Waiting: RowDecoder {
    private let decoder: Decoder

    init(_ decoder: Decoder) { self.decoder = decoder }

    func emptyCache() -> DecoderCache { DecoderCache(decoder) }
    var cacheBytes: Int { decoder.cacheBytes }

    func step(_ runs: [DecoderRun]) throws -> [Draw?] {
      let (count, running, all) = (ProcessInfo.processInfo.activeProcessorCount, Counter(), DispatchSemaphore(value: 0))
      let deadline = ContinuousClock.now + .seconds(5)
      for _ in 0..<count {
        Task.detached {
          running.add(1)
          while running.value < count, ContinuousClock.now < deadline {}
          // Whoever leaves before all have come has not met the rest.
          if running.value >= count { all.signal() } else { running.add(-1) }
        }
      }
      guard all.wait(timeout: .now() + 6) == .success else { throw ModelError("The tasks did not meet.") }
      return try decoder.step(runs)
    }
  }

  private final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add(_ number: Int) { count.withLock { $0 += number } }
  }

  @Test("While the engine computes, tasks have all threads of theirs")
  func computesBesideTasks() async throws {
    let checkpoint = try TinyModel.checkpoint()
    let engine = SamplingEngine(
      decoder: Waiting(try Decoder(checkpoint)), context: 96, tokenizer: TinyModel.tokenizer)
    let rollout = try await Self.play(Self.ragged[0], on: engine, pieces: 2)
    #expect(!rollout.drawn.isEmpty)
  }

  static func playAll(
    _ plans: [Plan], checkpoint: ModelCheckpoint, options: SamplingEngine.Options
  ) async throws -> [Rollout] {
    let engine = try SamplingEngine(checkpoint, options: options)
    return try await withThrowingTaskGroup(of: (Int, Rollout).self) { group in
      for (index, plan) in plans.enumerated() { group.addTask { (index, try await play(plan, on: engine)) } }
      var rollouts = [Rollout?](repeating: nil, count: plans.count)
      for try await (index, rollout) in group { rollouts[index] = rollout }
      return rollouts.compactMap { $0 }
    }
  }

  /// 37 rows: groups of four with a common prompt, prompts of 1 to 37 tokens, up to three injections.
  static let ragged: [Plan] = (0..<37).map { index in
    Plan(
      prompt: TinyModel.tokens(1 + 4 * (index / 4), from: index / 4), seed: UInt64(index),
      injections: (0...index % 3).map { TinyModel.tokens($0 == 0 ? index % 2 * 5 : 7 * $0, from: index) },
      temperature: index % 5 == 0 ? 0.7 : 1)
  }

  @Test(
    "Recorded log-probabilities are the training path's, alone and in a ragged batch with shared prompts",
    arguments: [1, 37])
  func logProbabilities(rows: Int) async throws {
    let checkpoint = try TinyModel.checkpoint()
    let plans = Array(Self.ragged.suffix(rows))
    let rollouts = try await Self.playAll(plans, checkpoint: checkpoint, options: .init(rows: 16))
    let model = try checkpoint.seedling()
    for (plan, rollout) in zip(plans, rollouts) {
      #expect(!rollout.drawn.isEmpty)
      let error = try rollout.largestError(temperature: plan.temperature) { try model.logits($0, model.parameters) }
      #expect(error < 1e-4)
    }
  }

  @Test("Not one bit depends on the other rows, the threads, or how reading is cut into steps")
  func batchInvariance() async throws {
    let checkpoint = try TinyModel.checkpoint()
    let together = try await Self.playAll(Self.ragged, checkpoint: checkpoint, options: .init(threads: 1))
    for options in [
      SamplingEngine.Options(rows: 1, threads: 1), .init(threads: 3), .init(rows: 5, tokensPerStep: 7),
    ] {
      #expect(try await Self.playAll(Self.ragged, checkpoint: checkpoint, options: options) == together)
    }
    #expect(Set(together.map(\.tokens)).count > 30)
  }

  @Test("All kernels give the same bits")
  func kernels() throws {
    let checkpoint = try TinyModel.checkpoint()
    let draws = try Decoder.Kernels.allCases.map { kernels in
      let decoder = try Decoder(checkpoint, kernels: kernels)
      let cache = DecoderCache(decoder)
      return try (0..<5).flatMap { step in
        try decoder.step([
          DecoderRun(
            cache: cache, tokens: TinyModel.tokens(11, from: step), draws: true, seed: UInt64(step))
        ])
      }
    }
    #expect(draws[0] == draws[1] && draws[1] == draws[2])
  }

  @Test("Draws follow the softmax: frequencies of 4000 seeds against probabilities of the training path")
  func frequencies() throws {
    let checkpoint = try TinyModel.checkpoint()
    let prompt = TinyModel.tokens(6)
    let model = try checkpoint.seedling()
    let probabilities = try softmax(model.logits(MLXArray(prompt, [1, 6]), model.parameters)[0, 5]).asArray(Float.self)
    let decoder = try Decoder(checkpoint)
    let read = DecoderCache(decoder)
    _ = try decoder.step([DecoderRun(cache: read, tokens: prompt.dropLast(), draws: false)])
    var counts = [Int](repeating: 0, count: probabilities.count)
    let trials = 4_000
    for seed in 0..<trials {
      let run = DecoderRun(
        cache: read.fork(), tokens: [prompt[5]], draws: true,
        seed: UInt64(seed) &* 0x9e37_79b9_7f4a_7c15)
      if let draw = try decoder.step([run])[0] { counts[Int(draw.token)] += 1 }
    }
    let expected = probabilities.map { Double($0) * Double(trials) }
    let cells = zip(counts, expected).filter { $0.1 >= 5 }
    let statistic = cells.reduce(0) { $0 + pow(Double($1.0) - $1.1, 2) / $1.1 }
    // Chi-squared: mean k, standard deviation sqrt(2 k); five of them are beyond any luck.
    #expect(cells.count > 20)
    #expect(statistic < Double(cells.count) + 5 * (2 * Double(cells.count)).squareRoot())
  }

  @Test("Temperature 0 takes the most probable token")
  func greedy() async throws {
    let checkpoint = try TinyModel.checkpoint()
    let rollout = try await Self.play(
      Plan(prompt: TinyModel.tokens(5), seed: 1, temperature: 0), on: SamplingEngine(checkpoint))
    let model = try checkpoint.seedling()
    let best = try model.logits(MLXArray(rollout.tokens, [1, rollout.tokens.count]), model.parameters)
      .argMax(axis: -1).asArray(Int32.self)
    for position in rollout.drawn { #expect(rollout.tokens[position] == best[position - 1]) }
  }
}
