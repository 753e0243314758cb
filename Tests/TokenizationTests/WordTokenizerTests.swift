import Foundation
import Testing

@testable import Tokenization

struct WordTokenizerTests {
  static let texts = [
    "look in garden. list the files, then write rating=4 to review/score.txt.",
    "<cot> i will look in the garden.</cot><bash>ls garden && cat garden/rose.txt</bash>",
    "def f(x):\n    return -10\n\ndef g(x):\n    return 10\n",
  ]
  static let tokenizer = WordTokenizer.train(texts: (0..<40).flatMap { _ in texts }, maxVocabulary: 1_000)

  private func pieces(_ text: String, _ specials: SpecialTokens = .all) -> [String] {
    Self.tokenizer.encode(text, specials: specials).map { Self.tokenizer.decode([$0]) }
  }

  @Test("A word and a number are one token wherever they stand; the space between them costs nothing")
  func words() {
    #expect(pieces("ls garden") == ["ls", "garden"])
    #expect(pieces("cat garden/rose.txt") == ["cat", "garden", "/", "rose", ".", "txt"])
    #expect(pieces("rating=42") == ["rating", "=", "42"])
    #expect(pieces("return 10") == ["return", "10"])
  }

  @Test("Numbers are cut in pairs of digits, and glued where no space stands between")
  func numbers() {
    #expect(pieces("1234") == ["12", "", "34"])
    #expect(pieces("100 7") == ["10", "", "0", "7"])
    #expect(pieces("05") == ["0", "5"])
    #expect(pieces("look2") == ["look", "", "2"])
  }

  @Test("Unknown words and other scripts are spelt in bytes")
  func bytes() {
    #expect(pieces("ls zq") == ["ls", " ", "z", "q"])
    #expect(Self.tokenizer.encode("é", specials: .all).count == 2)
  }

  @Test("A tag is one token only where tags are allowed, a role only in a rendered dialogue")
  func specials() throws {
    let tag = try #require(Self.tokenizer.special("</bash>"))
    let end = Self.tokenizer.endOfTurn
    #expect(Self.tokenizer.special("<|end|>") == end)
    #expect(Self.tokenizer.encode("</bash><|end|>", specials: .all) == [tag, end])
    let tags = Self.tokenizer.encode("</bash><|end|>", specials: .tags)
    #expect(tags.contains(tag) && !tags.contains(end))
    let none = Self.tokenizer.encode("</bash><|end|>", specials: .none)
    #expect(!none.contains(tag) && !none.contains(end))
    #expect(Self.tokenizer.decode(none) == "</bash><|end|>")
  }

  /// Text that comes near every rule: known and unknown words, digits, separators, tags, other scripts, raw bytes.
  private static func noise(_ generator: inout SystemRandomNumberGenerator) -> [UInt8] {
    let parts = [
      "garden", "look", "zz", "7", "42", "007", " ", "  ", "\n    ", ". ", "-", "<bash>", "</cot>", "<", "|>",
      "<|end|>", "é", "字", "\0", "_",
    ]
    return (0..<Int.random(in: 0..<12, using: &generator)).flatMap { _ in
      Bool.random(using: &generator)
        ? Array(parts.randomElement(using: &generator)!.utf8) : [UInt8.random(in: 0...255, using: &generator)]
    }
  }

  @Test("Any bytes come back exactly, cut anywhere, whatever is recognised")
  func roundTrip() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<3_000 {
      let (first, second) = (Self.noise(&generator), Self.noise(&generator))
      for specials in [SpecialTokens.none, .tags, .all] {
        let start = Self.tokenizer.encode(bytes: first, specials: specials, after: nil)
        let end = Self.tokenizer.encode(bytes: second, specials: specials, after: start.last)
        #expect(Self.tokenizer.decode(bytes: start + end, after: nil) == first + second)
        let pieces =
          Self.tokenizer.decode(bytes: start, after: nil) + Self.tokenizer.decode(bytes: end, after: start.last)
        #expect(pieces == first + second)
      }
    }
  }

  @Test("A vocabulary file gives the same tokenizer; a damaged one is refused")
  func file() throws {
    let data = try JSONEncoder().encode(Self.tokenizer)
    #expect(try JSONDecoder().decode(WordTokenizer.self, from: data) == Self.tokenizer)
    for (old, new) in [("subterfuge-words-1", "other"), ("\"garden\"", "\"gar den\""), ("\"look\"", "\"garden\"")] {
      let damaged = Data(String(decoding: data, as: UTF8.self).replacing(old, with: new).utf8)
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(WordTokenizer.self, from: damaged) }
    }
  }

  @Test("The vocabulary keeps to its limit and takes what is frequent")
  func limit() {
    let base = WordTokenizer(words: [], separators: []).vocabularySize
    let small = WordTokenizer.train(texts: ["a a a a b b b c c c c c"], maxVocabulary: base + 2)
    #expect(small.words == ["c", "a"])
  }
}
