import Episodes
import Foundation
import LanguageModels
import MLX
import Testing
import Tokenization

@testable import Training

/// The same preference model in torch: `Fixtures/make_preference.py`.
@Suite struct PreferenceReferenceTests {
  private struct Fixture {
    let arrays: Parameters
    let model: Seedling
    let head: ScalarHead
    let pairs: [TokenizedPair]

    init() throws {
      let file = Bundle.module.bundleURL.appending(path: "Fixtures/preference.safetensors")
      arrays = try Safetensors(contentsOf: file).arrays.mapped { _, array in
        array.dtype == .float16 ? try array.asType(.float32) : array
      }
      let weights = arrays.named(under: "weight:")
      head = try ScalarHead(weights)
      model = try Seedling(
        configuration: PreferenceSamples.configuration,
        parameters: Parameters(weights.pairs.filter { !$0.name.hasPrefix("head.") }.map { ($0.name, $0.array) }))
      let tokens = try arrays.require("tokens").asArray(Int32.self)
      let rows = try arrays.require("lengths").asArray(Int32.self).enumerated().map { row, length in
        Array(tokens[row * 14..<row * 14 + Int(length)])
      }
      pairs = try arrays.require("margins").asArray(Float.self).enumerated().map { index, margin in
        TokenizedPair(chosen: rows[index], rejected: rows[index + 3], margin: margin)
      }
    }

    func values(_ name: String) throws -> [Float] { try arrays.require(name).asArray(Float.self) }
  }

  @Test("Raw scores are torch's, however the rows are padded")
  func scores() throws {
    let fixture = try Fixture()
    let expected = try fixture.values("scores")
    let (model, head) = (fixture.model, try fixture.head.parameters())
    func scores(_ rows: [[Int32]]) throws -> [Float] {
      let batch = try AnswerBatch(rows, padding: 0)
      return try batch.scores(model.read(TokenRows(batch.inputs), model.parameters), head).asArray(Float.self)
    }
    let rows = fixture.pairs.map(\.chosen) + fixture.pairs.map(\.rejected)
    #expect(try largestDifference(scores(rows), expected) < 1e-4)
    #expect(try largestDifference(rows.flatMap { try scores([$0]) }, expected) < 1e-4)
  }

  @Test("Three steps give torch's losses and weights, whole and in parts", arguments: [nil, 30])
  func steps(microbatchTokens: Int?) throws {
    let fixture = try Fixture()
    let options = PreferenceOptions(
      training: FineTuneOptions(
        optimizer: TorchFixture.optimizer(rate: 1e-2), seed: Seed(1), microbatchTokens: microbatchTokens),
      centring: 0.05)
    var trainer = try PreferenceTrainer(
      fixture.model, head: fixture.head, padding: 0, options: options, steps: 3, restoring: nil)
    let losses = try (0..<3).map { _ in try trainer.train(on: fixture.pairs) }
    #expect(largestDifference(losses.map(\.mean), try fixture.values("losses")) < 1e-4)
    // The scores before training order one pair of three rightly: 0.236 > 0.875, 0.081 > -0.538 and -1.837 > 0.254.
    #expect(losses[0].correct == 1 && losses[0].pairs == 3)
    for name in ["head.weight", "head.bias", "norm", "layers.1.down", "layers.0.key_norm"] {
      let found = try trainer.parameters.require(name).asArray(Float.self)
      #expect(largestDifference(found, try fixture.values("trained:" + name)) < 1e-4, "\(name)")
    }
  }
}
