import Foundation
import Testing

@testable import Tokenization

struct WordPatternTests {
  private struct Words: Decodable {
    let texts: [String]
    let patterns: [String: String]
    /// The lengths in bytes of the words of each text, by the `tokenizers` library.
    let lengths: [String: [[Int]]]
  }

  @Test("Each scanner cuts text where its regular expression does", arguments: ["gpt2", "llama3", "qwen2", "qwen35"])
  func words(name: String) throws {
    let words = try JSONDecoder().decode(Words.self, from: Data(contentsOf: TokenizerFixture.url("words.json")))
    let expression = try #require(words.patterns[name])
    let pattern = try #require(WordPattern.known(expression))
    for (text, lengths) in zip(words.texts, try #require(words.lengths[name])) {
      var ends = [0]
      WordRule.pattern(pattern).append(Array(text.utf8), 0..<text.utf8.count, to: &ends)
      #expect(zip(ends.dropFirst(), ends).map { $0 - $1 } == lengths, "\(text.debugDescription)")
    }
  }
}
