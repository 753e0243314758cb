import Foundation
import MLX
import ModelFiles
import Tokenization

@testable import LanguageModels

/// Weights at hand, with or without blocks.
struct TestWeights: WeightSource {
  var floats: [String: [Float]]
  var blocks: [String: EightBitBlocks] = [:]

  func values(_ name: String) throws -> [Float] {
    guard let values = floats[name] else { throw ModelError("There is no '\(name)'.") }
    return values
  }

  func blocks(_ name: String) throws -> EightBitBlocks? { blocks[name] }
}

extension ModelCheckpoint {
  /// An untrained checkpoint of a model with these weights.
  init(
    _ configuration: TransformerConfiguration, _ weights: TestWeights, changed: [String: Weight] = [:],
    adapter: Adapter? = nil
  ) throws {
    let base = PretrainedModel(
      name: "test", configuration: configuration, tokenizer: TinyModel.tokenizer, weights: weights, digest: "0")
    try self.init(base: base, lineage: Lineage(name: "test"), weights: changed, adapter: adapter)
  }
}

extension TinyTransformer {
  func weights() throws -> TestWeights {
    let arrays = try arrays()
    let pairs = try configuration.weightShapes.map { ($0.name, try arrays.require($0.name).asArray(Float.self)) }
    return TestWeights(floats: Dictionary(uniqueKeysWithValues: pairs))
  }

  func checkpoint(adapter: Adapter? = nil) throws -> ModelCheckpoint {
    try ModelCheckpoint(configuration, weights(), adapter: adapter)
  }

  /// Row `index` of the fixture's tokens, and the logits [T, V] that `transformers` computed.
  func row(_ index: Int) throws -> (tokens: [Int32], logits: [[Float]]) {
    let arrays = try arrays()
    let tokens = try arrays.require("tokens")[index].asArray(Int32.self)
    let logits = try arrays.require("logits")[index].asArray(Float.self)
    let width = configuration.vocabulary
    return (tokens, tokens.indices.map { Array(logits[$0 * width..<($0 + 1) * width]) })
  }
}

/// A model with random weights whose matrices are blocks of eight-bit numbers: of 32, of 16, and with offsets.
enum TinyBlocks {
  static let configuration: TransformerConfiguration = {
    var configuration = TransformerConfiguration(
      family: .gemma3, vocabulary: 250, width: 64, layers: 2, heads: 4, keyValueHeads: 2, headWidth: 16, hidden: 96,
      context: 400, rotary: .init(base: 1_000), localRotary: .init(base: 100), window: 20, isWindowed: [true, false])
    (configuration.gate, configuration.queryKeyNorm, configuration.norms) = (.gelu, .perHead, .sandwich)
    return configuration
  }()

  static func weights(seed: UInt64 = 1) -> TestWeights {
    var state = seed
    func next() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 24)
    }
    var weights = TestWeights(floats: [:])
    for (index, (name, shape)) in configuration.weightShapes.enumerated() {
      let count = shape.reduce(1, *)
      guard shape.count == 2 else {
        weights.floats[name] = (0..<count).map { _ in 0.5 + next() }
        continue
      }
      let size = index % 3 == 0 ? 16 : 32
      let numbers = (0..<count).map { _ in Int8(next() * 200 - 100) }
      let scales = (0..<count / size).map { _ in (0.5 + next()) / 400 }
      let offsets = index % 4 == 1 ? scales.map { $0 * 10 * next() } : []
      weights.blocks[name] = EightBitBlocks(
        shape: shape, size: size, numbers: numbers, scales: scales, offsets: offsets)
      weights.floats[name] = numbers.indices.map { i in
        let value = Float(numbers[i]) * scales[i / size]
        return offsets.isEmpty ? value : value - offsets[i / size]
      }
    }
    return weights
  }
}

extension Decoder {
  /// The logits after each piece of `tokens`, cut before `cuts`.
  func logits(_ tokens: [Int32], cuts: [Int]) throws -> [[Float]] {
    let cache = DecoderCache(self)
    let ends = cuts + [tokens.count]
    return try zip([0] + cuts, ends).map { try logits(Array(tokens[$0..<$1]), cache) }
  }
}
