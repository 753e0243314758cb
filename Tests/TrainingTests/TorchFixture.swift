import Foundation
import LanguageModels
import MLX
import ModelFiles
import Tokenization

@testable import Training

/// What `Fixtures/make_training.py` computed: a tiny Gemma 3 fine-tuned by torch.
struct TorchFixture {
  static let configuration = TransformerConfiguration(
    family: .gemma3, vocabulary: 64, width: 32, layers: 2, heads: 4, keyValueHeads: 2, headWidth: 8, hidden: 24,
    context: 64, gate: .gelu, rotary: .init(base: 1_000), localRotary: .init(base: 50), window: 5,
    isWindowed: [true, false], queryKeyNorm: .perHead, norms: .sandwich, attentionScale: 1 / Float(8).squareRoot(),
    embeddingScale: Float(32).squareRoot())
  /// torch's settings.
  static func optimizer(rate: Float) -> Optimizer.Configuration {
    Optimizer.Configuration(
      adamW: AdamW(learningRate: rate, beta2: 0.97, epsilon: 1e-6, weightDecay: 0.1),
      schedule: LearningRateSchedule(warmupSteps: 2, totalSteps: 0, decay: .cosine, finalFraction: 0.1),
      maximumGradientNorm: 1)
  }

  static var adapterFolder: URL { Bundle.module.bundleURL.appending(path: "Fixtures/adapter") }

  let arrays: Parameters

  init() throws {
    let file = Bundle.module.bundleURL.appending(path: "Fixtures/training.safetensors")
    arrays = try Safetensors(contentsOf: file).arrays.mapped { _, array in
      array.dtype == .float16 ? try array.asType(.float32) : array
    }
  }

  func values(_ name: String) throws -> [Float] { try arrays.require(name).asArray(Float.self) }

  /// The rows without their padding.
  func examples() throws -> [TrainingExample] {
    let (tokens, weights) = (try arrays.require("tokens").asArray(Int32.self), try values("weights"))
    return [12, 7, 9, 12].enumerated().map { row, length in
      TrainingExample(
        tokens: Array(tokens[row * 12..<row * 12 + length]), weights: Array(weights[row * 12..<row * 12 + length]))
    }
  }

  func checkpoint(adapter: Adapter? = nil) throws -> ModelCheckpoint {
    let base = PretrainedModel(
      name: "tiny", configuration: Self.configuration, tokenizer: WordTokenizer(words: [], separators: []),
      weights: StartWeights(
        values: try Dictionary(
          uniqueKeysWithValues: Self.configuration.weightShapes.map { ($0.name, try values("start:" + $0.name)) })),
      digest: "tiny")
    return try ModelCheckpoint(base: base, lineage: Lineage(name: "tiny"), adapter: adapter)
  }

  /// The adapter that torch began with: random a, zero b.
  func firstAdapter() throws -> Adapter {
    let suffix = ".lora_A.weight"
    let names = arrays.names.filter { $0.hasPrefix("adapter:") && $0.hasSuffix(suffix) }
    let matrices = try names.map { name in
      let module = String(name.dropFirst("adapter:".count).dropLast(suffix.count))
      let a = try arrays.require(name)
      let outputs = Self.configuration.weightShapes.first { $0.name == module + ".weight" }?.shape[0] ?? 0
      return (
        module,
        Adapter.Factors(
          a: Weight(shape: a.shape, values: try a.asArray(Float.self)),
          b: Weight(shape: [outputs, 3], values: .init(repeating: 0, count: outputs * 3)))
      )
    }
    return Adapter(rank: 3, alpha: 10, matrices: Dictionary(uniqueKeysWithValues: matrices))
  }

  private struct StartWeights: WeightSource {
    let values: [String: [Float]]
    func values(_ name: String) throws -> [Float] {
      guard let found = values[name] else { throw ModelError("no '\(name)'") }
      return found
    }
    func blocks(_ name: String) throws -> EightBitBlocks? { nil }
  }
}

/// The largest difference of two lists of numbers.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
}
