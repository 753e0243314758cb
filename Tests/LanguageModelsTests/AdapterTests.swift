import Foundation
import MLX
import ModelFiles
import Testing
import Tokenization

@testable import LanguageModels

@Suite struct AdapterTests {
  private static let settings = LoRAConfiguration(
    rank: 2, alpha: 3, targets: ["q_proj", "v_proj", "up_proj", "down_proj"])

  /// An adapter that changes something: both factors random.
  private func adapter(_ tiny: TinyTransformer) throws -> Adapter {
    let fresh = try Adapter(Self.settings, for: tiny.configuration, key: MLXRandom.key(1))
    let matrices = try fresh.matrices.mapValues { factors in
      let b = try MLXRandom.normal(factors.b.shape, scale: 0.3, key: MLXRandom.key(2))
      return Adapter.Factors(a: factors.a, b: try Weight(b))
    }
    return Adapter(rank: 2, alpha: 3, matrices: matrices)
  }

  @Test(
    "An adapter in training, a frozen one and one merged into its matrices give the same logits",
    arguments: TinyTransformer.all)
  func threeWays(_ tiny: TinyTransformer) throws {
    let (weights, factors) = (try tiny.model().parameters, try adapter(tiny).parameters())
    #expect(factors.count == 2 * tiny.configuration.layers * 4)
    let trained = try Transformer(tiny.configuration, trained: factors, frozen: weights, adapter: Self.settings)
    let both = Parameters((weights.pairs + factors.pairs).map { ($0.name, $0.array) })
    let frozen = try Transformer(tiny.configuration, trained: Parameters(), frozen: both, adapter: Self.settings)
    let sums = try weights.mapped { name, weight in
      let module = name.replacing(".weight", with: "")
      guard let a = factors[module + ".lora_A.weight"], let b = factors[module + ".lora_B.weight"] else {
        return weight
      }
      return try weight + matmul(b, a) * 1.5
    }
    let merged = try Transformer(tiny.configuration, trained: Parameters(), frozen: sums)
    let tokens = try tiny.arrays().require("tokens")
    let expected = try merged.logits(tokens, Parameters())
    #expect(try relativeDifference(trained.logits(tokens, factors), expected) < 1e-5)
    #expect(try relativeDifference(frozen.logits(tokens, Parameters()), expected) < 1e-5)
    #expect(try relativeDifference(tiny.model().logits(tokens, weights), expected) > 1e-2)
  }

  @Test("Beside matrices that stay in blocks an adapter has the loss and gradient that it has beside their floats")
  func besideBlocks() throws {
    let weights = TinyBlocks.weights()
    let tokens = try MLXArray((0..<Int32(60)).map { $0 * 37 % 250 }, [2, 30])
    func result(_ weights: TestWeights, recomputes: Bool = false) throws -> (loss: Float, gradients: Parameters) {
      let model = try ModelCheckpoint(TinyBlocks.configuration, weights).model(
        training: .adapter(Self.settings), key: MLXRandom.key(3), recomputesLayers: recomputes)
      let matrices = try #require(model as? Transformer).blocks
      #expect(matrices.count == (weights.blocks.isEmpty ? 0 : 14))
      // The second factor is not zero, so that both have gradients.
      let parameters = try model.parameters.mapped { name, array in
        name.hasSuffix("lora_B.weight") ? try MLXRandom.normal(array.shape, scale: 0.3, key: MLXRandom.key(5)) : array
      }
      let found = try model.gradient(TokenRows(tokens[0..<2, 0..<29]), parameters, dropout: nil) { states, parameters in
        let logits = try model.head(parameters).logits(states)
        return [try CrossEntropy(logits: logits, targets: tokens[0..<2, 1..<30]).loss.mean()]
      }
      return (try found.loss.item(Float.self), found.gradients)
    }
    let expected = try result(TestWeights(floats: weights.floats))
    for recomputes in [false, true] {
      let found = try result(weights, recomputes: recomputes)
      #expect(abs(found.loss - expected.loss) < 1e-5 * expected.loss)
      for (name, gradient) in expected.gradients.pairs {
        #expect(try relativeDifference(found.gradients.require(name), gradient) < 1e-4, "\(name)")
      }
    }
  }

  @Test("Adapters of other kinds and damaged ones are refused in words")
  func refused() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "adapter-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "adapter_config.json")
    let good = try adapter(TinyTransformer.all[0])
    try good.write(peft: folder, base: nil)
    let text = try String(contentsOf: file, encoding: .utf8)
    let damages = [
      ("\"use_rslora\" : false", "\"use_rslora\" : true"), ("\"use_dora\" : false", "\"use_dora\" : true"),
      ("\"bias\" : \"none\"", "\"bias\" : \"all\""), ("\"LORA\"", "\"IA3\""), ("\"r\" : 2", "\"r\" : 3"),
      ("\"r\" : 2", "\"r\" : -1"), ("\"lora_alpha\" : 3", "\"lora_alpha\" : 1e39"), ("{", "["),
    ]
    for (from, to) in damages {
      let damaged = text.replacing(from, with: to, maxReplacements: 1)
      #expect(damaged != text)
      try Data(damaged.utf8).write(to: file)
      let error = #expect(throws: ModelError.self, "\(to)") { try Adapter(peft: folder) }
      #expect(error?.description.contains(folder.path) == true)
    }
    try Data(text.utf8).write(to: file)
    #expect(try Adapter(peft: folder) == good)
    try Data("{}".utf8).write(to: folder.appending(path: "adapter_model.safetensors"))
    #expect(throws: ModelError.self) { try Adapter(peft: folder) }
  }

  @Test("Settings that cannot be are refused")
  func settings() {
    for wrong in [
      LoRAConfiguration(rank: 0), LoRAConfiguration(alpha: 0), LoRAConfiguration(alpha: .infinity),
      LoRAConfiguration(targets: []), LoRAConfiguration(targets: ["lm_head"]), LoRAConfiguration(dropout: 1),
    ] {
      #expect(throws: ModelError.self) { try wrong.validate() }
    }
    #expect(throws: Never.self) { try LoRAConfiguration().validate() }
  }
}
