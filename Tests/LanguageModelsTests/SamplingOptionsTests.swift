import Foundation
import Testing
import Tokenization

@testable import LanguageModels

struct SamplingOptionsTests {
  /// A case of `Fixtures/make_truncation.py`.
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let temperature: Float
    let topK: Int
    let topP: Float
    let minP: Float
    let probabilities: [Double]

    var options: SamplingOptions { SamplingOptions(temperature: temperature, topK: topK, topP: topP, minP: minP) }
    var testDescription: String { "T \(temperature) k \(topK) p \(topP) min \(minP)" }

    static let all: [Case] = {
      let file = Bundle.module.bundleURL.appending(path: "Fixtures/truncation.json")
      let cases = try? JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
      return cases ?? []
    }()
  }

  /// Draws after row 0 of the tiny llama, whose logits the cases have been made from.
  private static func draws(_ options: SamplingOptions, seeds: Range<UInt64>, like checkpoint: ModelCheckpoint? = nil)
    throws -> [Draw]
  {
    let tiny = TinyTransformer.all[0]
    let decoder = try Decoder(checkpoint ?? tiny.checkpoint())
    let tokens = try tiny.row(0).tokens
    let read = DecoderCache(decoder)
    _ = try decoder.step([DecoderRun(cache: read, tokens: tokens.dropLast(), draws: false)])
    let runs = seeds.map {
      DecoderRun(
        cache: read.fork(), tokens: [tokens[tokens.count - 1]], draws: true, sampling: options,
        seed: $0 &* 0x9e37_79b9_7f4a_7c15)
    }
    return try decoder.step(runs).compactMap { $0 }
  }

  @Test("The fixture is there") func fixture() { #expect(Case.all.count == 14) }

  @Test("Draws and log-probabilities are those of the distribution that transformers leaves", arguments: Case.all)
  func truncation(_ example: Case) throws {
    let draws = try Self.draws(example.options, seeds: 0..<2_000)
    var counts = [Double](repeating: 0, count: example.probabilities.count)
    for draw in draws {
      counts[Int(draw.token)] += 1
      let expected = log(example.probabilities[Int(draw.token)])
      #expect(abs(Double(draw.logProbability) - expected) < 1e-4)
    }
    let cells = zip(counts, example.probabilities).filter { $0.1 * 2_000 >= 5 }
    let statistic = cells.reduce(0) { $0 + pow($1.0 - $1.1 * 2_000, 2) / ($1.1 * 2_000) }
    // Chi-squared: mean k, standard deviation sqrt(2 k); five of them are beyond any luck.
    #expect(statistic < Double(cells.count) + 5 * (2 * Double(cells.count)).squareRoot())
  }

  @Test("Of equally probable tokens, top-k and greedy take the lowest ids, and top-p as few as reach it")
  func ties() throws {
    let tiny = TinyTransformer.all[0]
    var weights = try tiny.weights()
    weights.floats["lm_head.weight"] = .init(repeating: 0, count: 48 * 32)
    let checkpoint = try ModelCheckpoint(tiny.configuration, weights)
    func tokens(_ options: SamplingOptions) throws -> Set<Int32> {
      Set(try Self.draws(options, seeds: 0..<400, like: checkpoint).map(\.token))
    }
    #expect(try tokens(.init(topK: 3)) == [0, 1, 2])
    #expect(try tokens(.init(temperature: 0)) == [0])
    #expect(try tokens(.init(topP: 0.07)) == [0, 1, 2, 3])
    #expect(try tokens(.init(topP: 0.0625)) == [0, 1, 2])  // three of 48 reach it exactly
    #expect(try tokens(.init(minP: 1)).count > 40)
    let draw = try Self.draws(.init(topK: 4), seeds: 0..<1, like: checkpoint)[0]
    #expect(abs(draw.logProbability - log(0.25)) < 1e-6)
  }

  @Test("A temperature near 0 draws the most probable token and overflows nowhere")
  func coldness() throws {
    let best = try Self.draws(.init(temperature: 0), seeds: 0..<1)[0].token
    for draw in try Self.draws(.init(temperature: 1e-38), seeds: 0..<50) {
      #expect(draw.token == best && draw.logProbability == 0)
    }
    for draw in try Self.draws(.init(temperature: 1e-3, topP: 0.5), seeds: 0..<50) { #expect(draw.token == best) }
  }

  @Test("Numbers that cannot be are refused, by the engine too")
  func validation() async throws {
    let wrong: [SamplingOptions] = [
      .init(temperature: -1), .init(temperature: .nan), .init(temperature: .infinity), .init(topK: -1),
      .init(topP: 0), .init(topP: 1.1), .init(topP: .nan), .init(minP: -0.1), .init(minP: 2),
    ]
    let engine = try SamplingEngine(TinyModel.checkpoint())
    for options in wrong {
      #expect(throws: ModelError.self) { try options.validate() }
      await #expect(throws: ModelError.self) {
        try await engine.open(prompt: TinyModel.tokens(3), seed: 1, sampling: options)
      }
    }
    #expect(throws: Never.self) { try SamplingOptions(temperature: 0, topK: 1, topP: 1, minP: 1).validate() }
  }
}
