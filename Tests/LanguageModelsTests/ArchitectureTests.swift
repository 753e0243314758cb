import Foundation
import MLX
import ModelFiles
import Testing
import Tokenization

@testable import LanguageModels

/// A tiny checkpoint of `Fixtures/make_transformers.py`, with what `transformers` computed from it.
struct TinyTransformer: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let configuration: TransformerConfiguration

  static let all = [
    TinyTransformer(
      "llama", .llama,
      rotary: .init(
        base: 500,
        scaling: .llama3(
          factor: 4, lowFrequency: 1, highFrequency: 4, originalContext: 16))
    ) {
      $0.tiedEmbeddings = false
      $0.normEpsilon = 1e-5
    },
    TinyTransformer("qwen2", .qwen2, rotary: .init(base: 100)) { $0.attentionBias = true },
    TinyTransformer("qwen3", .qwen3, rotary: .init(base: 100), headWidth: 12) { $0.queryKeyNorm = .perHead },
    TinyTransformer("gemma3", .gemma3, rotary: .init(base: 1_000, scaling: .linear(factor: 2)), headWidth: 12) {
      $0.asGemma()
    },
    TinyTransformer(
      "gemma3-untied", .gemma3, rotary: .init(base: 1_000, scaling: .linear(factor: 2)), headWidth: 12
    ) {
      $0.asGemma()
      $0.tiedEmbeddings = false
      $0.logitCap = 3
    },
    TinyTransformer("mistral", .mistral, rotary: .init(base: 100)) { $0.seesWindow([true, true]) },
    TinyTransformer("olmo2", .olmo2, rotary: .init(base: 100)) { $0.asOlmo() },
    TinyTransformer(
      "olmo3", .olmo3,
      rotary: .init(
        base: 500,
        scaling: .yarn(
          factor: 4, originalContext: 16, betaFast: 8, betaSlow: 1, attentionFactor: 1.1386294361119891))
    ) {
      $0.asOlmo()
      $0.seesWindow([true, false])
      $0.localRotary = .init(base: 500)
    },
    TinyTransformer("phi3", .phi3, rotary: .init(base: 100)) {
      $0.normEpsilon = 1e-5
      $0.rotaryWidth = 4
      $0.seesWindow([true, true])
    },
    // Longer texts than 16 tokens would need other factors.
    TinyTransformer(
      "phi3-longrope", .phi3,
      rotary: .init(
        base: 500, scaling: .longrope(factors: [1, 1.25, 2], attentionFactor: (1 + log(4.0) / log(16.0)).squareRoot()))
    ) {
      $0.normEpsilon = 1e-5
      $0.rotaryWidth = 6
    },
    TinyTransformer("smollm3", .smollm3, rotary: .init(base: 100)) {
      $0.layers = 4
      $0.isWindowed = [false, false, false, false]
      $0.isRotated = [true, true, true, false]
    },
  ]

  init(
    _ name: String, _ family: TransformerConfiguration.Family, rotary: TransformerConfiguration.Rotary,
    headWidth: Int = 8, _ adjust: (inout TransformerConfiguration) -> Void
  ) {
    testDescription = name
    var configuration = TransformerConfiguration(
      family: family, vocabulary: 48, width: 32, layers: 2, heads: 4, keyValueHeads: 2, headWidth: headWidth,
      hidden: 16, context: 64, rotary: rotary)
    adjust(&configuration)
    self.configuration = configuration
  }

  /// The weights and what was computed from them.
  func arrays() throws -> Parameters {
    let file = Bundle.module.bundleURL.appending(path: "Fixtures/\(testDescription).safetensors")
    let arrays = try Safetensors(contentsOf: file).arrays
    return try arrays.mapped { _, array in array.dtype == .float16 ? try array.asType(.float32) : array }
  }

  /// The model with every weight trainable, or with none.
  func model(trainable: Bool = true) throws -> Transformer {
    let arrays = try arrays()
    let weights = Parameters(try configuration.weightShapes.map { ($0.name, try arrays.require($0.name)) })
    return try Transformer(
      configuration, trained: trainable ? weights : Parameters(), frozen: trainable ? Parameters() : weights)
  }
}

extension TransformerConfiguration {
  fileprivate mutating func asOlmo() {
    (norms, queryKeyNorm, normEpsilon) = (.after, .whole, 1e-5)
  }

  fileprivate mutating func seesWindow(_ layers: [Bool]) { (window, isWindowed) = (5, layers) }

  fileprivate mutating func asGemma() {
    (gate, queryKeyNorm, norms) = (.gelu, .perHead, .sandwich)
    (window, isWindowed, localRotary) = (5, [true, false], .init(base: 50))
    attentionScale = 1 / Float(10).squareRoot()
    embeddingScale = Float(32).squareRoot()
  }
}

/// The largest difference relative to the largest magnitude.
func relativeDifference(_ a: MLXArray, _ b: MLXArray) throws -> Float {
  guard a.shape == b.shape else { return .infinity }
  return try (abs(a - b).max() / abs(b).max()).item(Float.self)
}

@Suite struct ArchitectureTests {
  @Test("Logits equal those of transformers", arguments: TinyTransformer.all)
  func logits(_ tiny: TinyTransformer) throws {
    let (model, arrays) = (try tiny.model(), try tiny.arrays())
    let logits = try model.logits(arrays.require("tokens"), model.parameters)
    #expect(try relativeDifference(logits, arrays.require("logits")) < 1e-5)
  }

  @Test(
    "Loss and gradients equal those of transformers, also when layers are computed again",
    arguments: TinyTransformer.all)
  func gradients(_ tiny: TinyTransformer) throws {
    let arrays = try tiny.arrays()
    for recomputes in [false, true] {
      var model = try tiny.model()
      model.recomputesLayers = recomputes
      let tokens = try arrays.require("tokens")
      let rows = try TokenRows(tokens[0..<2, 0..<8])
      let result = try model.gradient(rows, model.parameters, dropout: nil) { states, parameters in
        let logits = try model.head(parameters).logits(states)
        return [try CrossEntropy(logits: logits, targets: tokens[0..<2, 1..<9]).loss.mean()]
      }
      #expect(try relativeDifference(result.loss.reshaped(1), arrays.require("loss")) < 1e-6)
      let compared = arrays.names.filter { $0.hasPrefix("gradient:") }
      #expect(compared.count >= 2)
      for name in compared {
        let gradient = try result.gradients.require(String(name.dropFirst("gradient:".count)))
        #expect(try relativeDifference(gradient, arrays.require(name)) < 2e-5, "\(name)")
      }
    }
  }

  @Test("Padding on the right changes nothing before it", arguments: TinyTransformer.all)
  func padding(_ tiny: TinyTransformer) throws {
    let (model, tokens) = (try tiny.model(trainable: false), try tiny.arrays().require("tokens"))
    let padded = try concatenated([tokens, MLXArray.zeros([2, 6], dtype: .int32)], axis: 1)
    let (short, long) = (try model.logits(tokens, Parameters()), try model.logits(padded, Parameters()))
    #expect(try relativeDifference(long[0..<2, 0..<9], short) < 1e-5)
  }

  @Test("Texts that share their beginning have the states that they have alone", arguments: TinyTransformer.all)
  func sharedBeginnings(_ tiny: TinyTransformer) throws {
    let model = try tiny.model(trainable: false)
    let (shared, own) = ([5, 9, 2, 7, 7, 1, 3, 8], [[4, 1, 6], [2], [9, 9, 5, 4, 3, 2, 6]] as [[Int32]])
    let row = shared.map(Int32.init) + own.flatMap { $0 }
    // Beside it stands a row of one text.
    let rows = try TokenRows(
      MLXArray(row + row.reversed(), [2, row.count]), lengths: [row.count, row.count], shared: [shared.count, 0],
      starts: [[8, 11, 12], []])
    let states = try model.hidden(rows, Parameters(), dropout: nil)
    var start = shared.count
    for text in own {
      let tokens = shared.map(Int32.init) + text
      let alone = try model.hidden(MLXArray(tokens, [1, tokens.count]), Parameters(), dropout: nil)
      let found = try concatenated([states[0..<1, 0..<8], states[0..<1, start..<start + text.count]], axis: 1)
      #expect(try relativeDifference(found, alone) < 1e-5)
      start += text.count
    }
    let other = try model.hidden(MLXArray(row.reversed(), [1, row.count]), Parameters(), dropout: nil)
    #expect(try relativeDifference(states[1..<2], other) < 1e-5)
  }

  @Test("A row longer than the context, or a weight of another shape, is an error")
  func errors() throws {
    let tiny = TinyTransformer.all[1]
    let model = try tiny.model()
    #expect(throws: ModelError.self) { try model.logits(.zeros([1, 65], dtype: .int32), model.parameters) }
    var wrong = model.parameters
    wrong["model.norm.weight"] = try .ones([31])
    #expect(throws: ModelError.self) { try Transformer(tiny.configuration, trained: wrong, frozen: Parameters()) }
  }
}
