import Foundation
import ModelFiles
import Testing
import Tokenization

@testable import LanguageModels

/// Tiny GGUF files with odd but legal contents, where the variable `GGUF_CASES` names their folder, against `transformers`
/// (`Fixtures/make_gguf_cases.py`).
struct GGUFCasesTests {
  private static let folder = ProcessInfo.processInfo.environment["GGUF_CASES"].map { URL(filePath: $0) }

  private struct Case: Decodable {
    let file: String
    let tokens: [Int32]
    let logits: [Float]
    /// What the error is to say; empty where the file is to load.
    let error: String
  }

  @Test(.enabled(if: folder != nil)) func filesGiveTheLogitsOfTransformersOrOneClearError() throws {
    let folder = try #require(Self.folder)
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: folder.appending(path: "cases.json")))
    for expected in cases {
      do {
        let base = try PretrainedModel.load(from: folder.appending(path: expected.file), name: "case") { _ in "" }
        let decoder = try Decoder(ModelCheckpoint(base: base, lineage: Lineage(name: "case")))
        let logits = try decoder.logits(expected.tokens, DecoderCache(decoder))
        #expect(expected.error.isEmpty, "\(expected.file) loads")
        let largest = expected.logits.map(abs).max() ?? 0
        let apart = zip(logits, expected.logits).map { abs($0 - $1) }.max() ?? .infinity
        #expect(apart <= 1e-4 * largest, "\(expected.file): \(apart) of \(largest)")
      } catch {
        let isExpected = !expected.error.isEmpty && "\(error)".contains(expected.error)
        #expect(isExpected, "\(expected.file): \(error)")
      }
    }
  }
}
