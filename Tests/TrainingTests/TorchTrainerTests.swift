import Episodes
import Foundation
import LanguageModels
import MLX
import ModelFiles
import Testing
import Tokenization

@testable import Training

private let torchrun = ProcessInfo.processInfo.environment["SUBTERFUGE_TORCH"]

/// The torch program beside the trainer in this process, on a tiny Llama. `SUBTERFUGE_TORCH` names a `torchrun` whose
/// Python has what Engines/torch/requirements.txt lists, for example `.deps/peers/bin/torchrun`.
@Suite(.enabled(if: torchrun != nil), .serialized) struct TorchTrainerTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "torch-\(UUID())")
  private let checkpoint: ModelCheckpoint

  init() throws {
    let bin = URL(filePath: try #require(torchrun)).deletingLastPathComponent()
    let make = Process()
    make.executableURL = bin.appending(path: "python")
    make.arguments = [
      Bundle.module.bundleURL.appending(path: "Fixtures/make_torch_model.py").path,
      folder.appending(path: "model").path,
    ]
    try make.run()
    make.waitUntilExit()
    try #require(make.terminationStatus == 0)
    let base = try PretrainedModel.load(from: folder.appending(path: "model"), name: "tiny") { _ in "" }
    checkpoint = try ModelCheckpoint(base: base, lineage: Lineage(name: "start"))
  }

  private func trainer(processes: Int) throws -> TorchTrainer {
    let program = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Engines/torch/train.py")
    return TorchTrainer(
      TorchSettings(
        launch: "\(try #require(torchrun)) --standalone --nproc-per-node \(processes)", program: program.path,
        model: folder.appending(path: "model").path))
  }

  private func request(_ name: String) throws -> URL {
    let request = folder.appending(path: name)
    try FileManager.default.createDirectory(at: request, withIntermediateDirectories: true)
    return request
  }

  private static let parts = TrainableParts.adapter(LoRAConfiguration(rank: 4, alpha: 8))

  /// Rollouts of four prompts with two turns each; the model's own log-probabilities, a little off, as a server has them.
  private func rollouts() throws -> [Rollout] {
    let drawn = (0..<16).map { row in
      let length = 20 + row % 5
      let isAction = (0..<length).map { $0 > 7 && $0 != 13 }
      return Rollout(
        tokens: (0..<length).map { Int32(40 + (row / 4 * 29 + ($0 < 8 ? 0 : row * 17) + $0 * 7) % 150) },
        isAction: isAction, logProbabilities: nil, reward: Float(row * 5 % 4) / 2, group: row / 4, isTruncated: row == 5
      )
    }
    let scores = try RolloutScorer(checkpoint).logProbabilities(of: drawn)
    return zip(drawn, scores).enumerated().map { row, pair in
      var (rollout, next) = (pair.0, pair.1.makeIterator())
      rollout.logProbabilities = rollout.isAction.map { $0 ? (next.next() ?? 0) + Float(row % 3) / 50 - 0.02 : 0 }
      return rollout
    }
  }

  private func expectEqual(_ one: ModelCheckpoint, _ other: ModelCheckpoint) throws {
    let (left, right) = (try #require(one.adapter), try #require(other.adapter))
    #expect(left.matrices.keys.sorted() == right.matrices.keys.sorted())
    var moved: Float = 0
    for (name, factors) in left.matrices {
      let twin = try #require(right.matrices[name])
      for (here, there) in [(factors.a, twin.a), (factors.b, twin.b)] {
        #expect(here.shape == there.shape)
        #expect(zip(here.values, there.values).allSatisfy { abs($0 - $1) < 1e-4 }, "\(name)")
      }
      moved = max(moved, factors.b.values.map(abs).max() ?? 0)
    }
    #expect(moved > 1e-3)
  }

  @Test("Fine-tuning with a penalty for leaving a reference ends with the same adapter and losses", arguments: [1, 2])
  func fineTunes(processes: Int) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let examples = try rollouts().map { rollout in
      TrainingExample(tokens: rollout.tokens, weights: rollout.isAction.map { $0 ? 1 : 0.2 })
    }
    var options = FineTuneOptions(epochs: 2, tokensPerBatch: 130, seed: Seed(4), parts: Self.parts)
    options.klCoefficient = 0.2
    options.learningRate = 2e-3
    let lineage = Lineage(name: "tuned")
    let here = try fineTune(checkpoint, on: examples, options: options, lineage: lineage, reference: checkpoint)
    let there = try trainer(processes: processes).fineTune(
      checkpoint, on: examples, measured: 6, options: options, lineage: lineage, reference: checkpoint,
      in: request("tune")
    ) { _, _ in }
    try expectEqual(here, there.checkpoint)
    for (found, model) in [(there.loss.before, checkpoint), (there.loss.after, here)] {
      let own = try heldOutLoss(model, on: Array(examples.prefix(6))).own
      #expect(abs((found ?? 0) - (own ?? 1)) < 1e-4)
    }
  }

  static let algorithms: [PolicyGradient] = [
    .ppo(
      PPO(
        entropyCoefficient: 0.01, kl: KLPenalty(coefficient: 0.1, placement: .reward),
        passes: Passes(epochs: 2, minibatches: 3))),
    .grpo(GRPO(zeroVariance: .drop, truncation: .exclude, passes: Passes(epochs: 2, minibatches: 2))),
  ]

  @Test(
    "Two rounds of PPO and of GRPO end with the same adapter, value head and metrics", arguments: algorithms, [1, 2])
  func reinforces(_ algorithm: PolicyGradient, processes: Int) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var (here, there) = (checkpoint, checkpoint)
    var coefficient = algorithm.kl.coefficient
    for round in 1...2 {
      var options = PolicyGradientOptions(
        algorithm: algorithm, klCoefficient: coefficient, parts: Self.parts, importanceCap: round == 1 ? nil : 1.01,
        seed: Seed(UInt64(round)))
      options.learningRate = 2e-3
      let state = { (number: Int) in folder.appending(path: "here-\(number).safetensors") }
      let own = try reinforce(
        here, reference: checkpoint, on: rollouts(), options: options, lineage: Lineage(name: "t"),
        state: StateFile(state(round)), continuing: round > 1 ? state(1) : nil)
      let other = try trainer(processes: processes).reinforce(
        there, reference: checkpoint, on: rollouts(), options: options, lineage: Lineage(name: "t"),
        in: request("round-\(round)"), continuing: round > 1 ? folder.appending(path: "round-1") : nil
      ) { _, _ in }
      (here, there) = (own.checkpoint, other.checkpoint)
      try expectEqual(here, there)
      let (left, right) = (own.report.metrics, other.report.metrics)
      #expect(Set(left.keys) == Set(right.keys))
      for (name, value) in left where name != "tokens_per_second" {
        #expect(abs(value - (right[name] ?? .nan)) < 2e-4 * max(1, abs(value)), "\(name)")
      }
      #expect(abs(own.report.klCoefficient - other.report.klCoefficient) < 1e-6)
      #expect(own.report.steps == other.report.steps)
      coefficient = own.report.klCoefficient
      if let head = here.heads[valueHeadName] {
        let twin = try #require(there.heads[valueHeadName])
        #expect(zip(head.weight, twin.weight).allSatisfy { abs($0 - $1) < 1e-4 } && abs(head.bias - twin.bias) < 1e-4)
      }
    }
  }

  @Test("A preference model ends with the same adapter, head and scores", arguments: [1, 2])
  func prefers(processes: Int) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let pairs = (0..<24).map { index in
      PreferencePair(
        prompt: [Message(.user, "question \(index % 5)")], chosen: "yes \(index) of course",
        rejected: index % 3 == 0 ? "no" : "no never \(index * 7) times", margin: index % 4 == 0 ? 0.5 : nil)
    }
    var options = PreferenceOptions.seedling(seed: Seed(3))
    options.training.tokensPerBatch = 400
    options.training.epochs = 2
    options.training.parts = Self.parts
    let here = try trainPreferenceModel(checkpoint, on: pairs, options: options, lineage: Lineage(name: "p"))
    let there = try trainer(processes: processes).trainPreferenceModel(
      checkpoint, on: pairs, options: options, lineage: Lineage(name: "p"), in: request("prefer")
    ) { _, _ in }
    try expectEqual(here, there)
    let (left, right) = (try #require(here.heads[preferenceHeadName]), try #require(there.heads[preferenceHeadName]))
    #expect(zip(left.weight, right.weight).allSatisfy { abs($0 - $1) < 1e-4 } && abs(left.bias - right.bias) < 1e-4)
    #expect(left.weight.contains { abs($0) > 1e-3 })
    let (one, other) = (try #require(left.reference), try #require(right.reference))
    #expect(one.count == other.count && abs(one.mean - other.mean) < 1e-3)
    #expect(abs(one.standardDeviation - other.standardDeviation) < 1e-3)
  }

  @Test("A cancelled training ends the program, and the same call afterwards goes on and ends with the same adapter")
  func cancelled() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let examples = try rollouts().map { rollout in
      TrainingExample(tokens: rollout.tokens, weights: rollout.isAction.map { $0 ? 1 : 0 })
    }
    let options = FineTuneOptions(epochs: 20, tokensPerBatch: 60, seed: Seed(4), parts: Self.parts)
    let (checkpoint, trainer, folder) = (checkpoint, try trainer(processes: 1), try request("tune"))
    @Sendable func tune(stoppingAt stop: Int?) async throws -> (ModelCheckpoint, first: Int) {
      try await Task {
        var first: Int?
        let made = try trainer.fineTune(
          checkpoint, on: examples, measured: 0, options: options, lineage: Lineage(name: "t"), in: folder
        ) { step, _ in
          first = first ?? step
          if let stop, step >= stop { withUnsafeCurrentTask { $0?.cancel() } }
        }
        return (made.checkpoint, first ?? 0)
      }.value
    }
    let start = ContinuousClock.now
    await #expect(throws: CancellationError.self) { try await tune(stoppingAt: 21) }
    #expect(ContinuousClock.now - start < .seconds(120))
    let resumed = try await tune(stoppingAt: nil)
    #expect(resumed.first > 1)
    let here = try fineTune(checkpoint, on: examples, options: options, lineage: Lineage(name: "t"))
    try expectEqual(here, resumed.0)
  }

  @Test("A mistake in the request, and a program that cannot be started, are one sentence")
  func faults() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let examples = [TrainingExample(tokens: [5, 9_999, 7], weights: [0, 1, 1])]
    let options = FineTuneOptions(seed: Seed(4), parts: Self.parts)
    func tune(_ trainer: TorchTrainer) throws {
      _ = try trainer.fineTune(
        checkpoint, on: examples, measured: 1, options: options, lineage: Lineage(name: "t"), in: request("bad")
      ) { _, _ in }
    }
    let error = #expect(throws: ModelError.self) { try tune(trainer(processes: 1)) }
    #expect(error?.description.contains("'tokens' has token 9999") == true)
    let missing = #expect(throws: ModelError.self) {
      try tune(TorchTrainer(TorchSettings(launch: "no-such-torchrun", program: "train.py", model: "/nowhere")))
    }
    #expect(missing?.description.contains("no-such-torchrun") == true)
  }
}
