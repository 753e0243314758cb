import Foundation
import ModelFiles
import Testing
import Tokenization

@testable import LanguageModels

/// The real SmolLM2-135M-Instruct in Q4_1, where the variable `SUBTERFUGE_SMOLLM2` names its file, against `transformers`
/// (`Fixtures/make_smollm2.py`).
struct SmolLM2Tests {
  private static let path = ProcessInfo.processInfo.environment["SUBTERFUGE_SMOLLM2"]

  private struct Expected: Decodable {
    let tokens: [Int32]
    /// The likeliest next tokens, and their logits.
    let ids: [Int]
    let logits: [Float]
    let greedy: [Int32]
  }

  @Test(.enabled(if: path != nil)) func tokensLogitsAndAnswerAreThoseOfTransformers() throws {
    let file = Bundle.module.bundleURL.appending(path: "Fixtures/smollm2.json")
    let expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: file))
    let base = try PretrainedModel.load(from: URL(filePath: try #require(Self.path)), name: "smollm2") { _ in "" }
    let prompt = try base.tokenizer.encode(dialogue: [("user", "What is the capital of France?")], opening: "")
    #expect(prompt == expected.tokens)
    let decoder = try Decoder(ModelCheckpoint(base: base, lineage: Lineage(name: "smollm2")))
    let cache = DecoderCache(decoder)
    var logits = try decoder.logits(prompt, cache)
    for (id, value) in zip(expected.ids, expected.logits) { #expect(abs(logits[id] - value) < 2e-3) }
    var answer: [Int32] = []
    while answer.count < expected.greedy.count, let best = logits.indices.max(by: { logits[$0] < logits[$1] }) {
      answer.append(Int32(best))
      logits = try decoder.logits([Int32(best)], cache)
    }
    #expect(answer == expected.greedy)
  }
}
