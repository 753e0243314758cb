import Episodes
import Foundation
import LanguageModels
import MLX
import Testing
import Tokenization

@testable import Training

/// Fine-tuning of a pretrained model, compared with torch step by step.
@Suite struct FineTuningTests {
  static let lora = LoRAConfiguration(rank: 3, alpha: 10)

  /// All examples in each of six steps.
  private func options(
    _ parts: TrainableParts, rate: Float, microbatchTokens: Int? = nil, checkpointing: Bool = false
  ) -> FineTuneOptions {
    FineTuneOptions(
      epochs: 6, tokensPerBatch: 48, optimizer: TorchFixture.optimizer(rate: rate), seed: Seed(1), parts: parts,
      microbatchTokens: microbatchTokens, checkpointing: checkpointing)
  }

  private func run(
    _ fixture: TorchFixture, from start: ModelCheckpoint, _ options: FineTuneOptions
  ) throws -> (tuned: ModelCheckpoint, losses: [Float]) {
    var losses: [Float] = []
    let tuned = try fineTune(
      start, on: fixture.examples(), options: options, lineage: Lineage(name: "tuned")
    ) { progress in
      losses.append(progress.loss.weighted)
      return .more
    }
    return (tuned, losses)
  }

  @Test("LoRA: six steps give torch's and peft's losses and factors; whole, in parts, and with layers computed again")
  func adapter() throws {
    let fixture = try TorchFixture()
    let expected = try Adapter(peft: TorchFixture.adapterFolder)
    for (microbatch, checkpointing) in [(nil, false), (14, false), (nil, true)] as [(Int?, Bool)] {
      let options = options(
        .adapter(Self.lora), rate: 2e-2, microbatchTokens: microbatch, checkpointing: checkpointing)
      let (tuned, losses) = try run(fixture, from: fixture.checkpoint(adapter: fixture.firstAdapter()), options)
      #expect(largestDifference(losses, try fixture.values("losses:adapter")) < 1e-4)
      let adapter = try #require(tuned.adapter)
      #expect(tuned.weights.isEmpty && adapter.rank == 3 && adapter.alpha == 10)
      #expect(Set(adapter.matrices.keys) == Set(expected.matrices.keys) && adapter.matrices.count == 14)
      for (module, factors) in expected.matrices {
        let found = try #require(adapter.matrices[module])
        #expect(largestDifference(found.a.values, factors.a.values) < 1e-4, "\(module)")
        #expect(largestDifference(found.b.values, factors.b.values) < 1e-4, "\(module)")
      }
    }
  }

  @Test("Full fine-tuning, with the tied embedding and without: six steps give torch's losses and weights")
  func full() throws {
    let fixture = try TorchFixture()
    for (parts, name) in [(TrainableParts.all, "all"), (.body, "body")] {
      for microbatch in [nil, 20] {
        let (tuned, losses) = try run(
          fixture, from: fixture.checkpoint(), options(parts, rate: 1e-2, microbatchTokens: microbatch))
        #expect(largestDifference(losses, try fixture.values("losses:\(name)")) < 1e-4)
        #expect((tuned.weights["model.embed_tokens.weight"] != nil) == (parts == .all))
        for key in fixture.arrays.names where key.hasPrefix(name + ":") {
          let weight = try #require(tuned.weights[String(key.dropFirst(name.count + 1))])
          #expect(largestDifference(weight.values, try fixture.values(key)) < 1e-4, "\(key)")
        }
      }
    }
  }

  @Test("An adapter that peft saved gives peft's logits, and comes back from our files unchanged")
  func peft() throws {
    let fixture = try TorchFixture()
    let adapter = try Adapter(peft: TorchFixture.adapterFolder)
    let model = try fixture.checkpoint(adapter: adapter).model()
    let tokens = try fixture.arrays.require("tokens")[0..<1, 0..<12]
    let logits = try model.logits(tokens, model.parameters)
    #expect(largestDifference(try logits.asArray(Float.self), try fixture.values("adapter:logits")) < 1e-4)
    let folder = FileManager.default.temporaryDirectory.appending(path: "adapter-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try adapter.write(peft: folder, base: "tiny")
    #expect(try Adapter(peft: folder) == adapter)
    func names(_ folder: URL) throws -> Set<String> {
      Set(try Safetensors(contentsOf: folder.appending(path: "adapter_model.safetensors")).arrays.names)
    }
    #expect(try names(folder) == names(TorchFixture.adapterFolder))
  }

  @Test("A new adapter changes nothing before it is trained, and the seed decides it")
  func newAdapter() throws {
    let fixture = try TorchFixture()
    func start(_ seed: UInt64) throws -> (loss: Float, parameters: Parameters) {
      let model = try fixture.checkpoint().model(training: .adapter(Self.lora), key: MLXRandom.key(seed))
      return (try loss(of: model, on: fixture.examples(), padding: 0).weighted, model.parameters)
    }
    let (first, again, other) = (try start(1), try start(1), try start(2))
    #expect(abs(first.loss - (try fixture.values("losses:all"))[0]) < 1e-5)
    let name = "model.layers.0.self_attn.q_proj.lora_A.weight"
    let a = try first.parameters.require(name).asArray(Float.self)
    #expect(try again.parameters.require(name).asArray(Float.self) == a)
    #expect(try other.parameters.require(name).asArray(Float.self) != a)
    #expect(
      a.allSatisfy { abs($0) <= 1 / Float(32).squareRoot() } && a.contains { abs($0) > 0.9 / Float(32).squareRoot() })
  }

  @Test("Dropout: the same seed gives the same run, another one another; none without training")
  func dropout() throws {
    let fixture = try TorchFixture()
    var options = options(.adapter(LoRAConfiguration(rank: 3, alpha: 10, dropout: 0.3)), rate: 2e-2)
    let start = try fixture.checkpoint(adapter: fixture.firstAdapter())
    let (first, again) = (try run(fixture, from: start, options), try run(fixture, from: start, options))
    #expect(first.tuned.adapter == again.tuned.adapter)
    // The first step's loss is the start's: b is zero, so that nothing of what is dropped arrives.
    #expect(abs(first.losses[0] - (try fixture.values("losses:adapter"))[0]) < 1e-5)
    #expect(largestDifference(first.losses, try fixture.values("losses:adapter")) > 1e-3)
    options.checkpointing = true
    #expect(largestDifference(try run(fixture, from: start, options).losses, first.losses) < 1e-5)
    options.seed = Seed(2)
    #expect(try run(fixture, from: start, options).tuned.adapter != first.tuned.adapter)
    #expect(try heldOutLoss(first.tuned, on: fixture.examples()) == heldOutLoss(first.tuned, on: fixture.examples()))
  }

  @Test("Training goes on from a checkpoint's adapter; one of another kind is refused")
  func goingOn() throws {
    let fixture = try TorchFixture()
    let start = try fixture.checkpoint(adapter: Adapter(peft: TorchFixture.adapterFolder))
    let before = try heldOutLoss(start, on: fixture.examples()).weighted
    let (_, losses) = try run(fixture, from: start, options(.adapter(Self.lora), rate: 1e-3))
    #expect(abs(losses[0] - before) < 1e-5 && losses[5] < before)
    for wrong in [
      LoRAConfiguration(rank: 4, alpha: 10), LoRAConfiguration(rank: 3, alpha: 6),
      LoRAConfiguration(rank: 3, alpha: 10, targets: ["q_proj"]),
    ] {
      #expect(throws: ModelError.self) { try run(fixture, from: start, options(.adapter(wrong), rate: 1e-3)) }
    }
    let (tuned, _) = try run(fixture, from: start, options(.body, rate: 1e-3))
    #expect(tuned.adapter == start.adapter && tuned.weights.count == 27)
  }
}
