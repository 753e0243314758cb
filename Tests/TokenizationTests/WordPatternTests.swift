import Foundation
import Testing

@testable import Tokenization

struct WordPatternTests {
  private struct Words: Decodable {
    let texts: [String]
    /// Expressions that no rules with a name have.
    let patterns: [String: String]
    /// The lengths in bytes of the words of each text, by the `tokenizers` library.
    let lengths: [String: [[Int]]]
  }

  private static let words: Words? = try? JSONDecoder().decode(
    Words.self, from: Data(contentsOf: TokenizerFixture.url("words.json")))

  static let names: [String] = words?.lengths.keys.sorted() ?? []

  @Test("Rules and regular expressions cut text where the tokenizers library does", arguments: Self.names)
  func cuts(name: String) throws {
    let words = try #require(Self.words)
    let expressions = try words.patterns[name].map { [$0] } ?? #require(WordRules.named(name)).expressions
    let patterns = try expressions.map { try WordPatternParser.pattern($0) }
    for (text, lengths) in zip(words.texts, try #require(words.lengths[name])) {
      let bytes = Array(text.utf8)
      let ends = patterns.reduce(bytes.isEmpty ? [] : [bytes.count]) { ends, pattern in
        var (start, finer): (Int, [Int]) = (0, [])
        for end in ends {
          pattern.append(bytes, start..<end, to: &finer)
          start = end
        }
        return finer
      }
      #expect(zip(ends, [0] + ends).map { $0 - $1 } == lengths, "\(text.debugDescription)")
    }
  }

  @Test("Twenty-one rules and expressions are compared, over two hundred texts each")
  func amounts() throws {
    let words = try #require(Self.words)
    #expect(words.lengths.count == 21 && words.texts.count > 200)
    #expect(Set(words.texts).count > 200 && words.lengths.values.allSatisfy { $0.count == words.texts.count })
  }

  @Test("Every rule with a name can be read; those of one family are the same")
  func named() throws {
    for name in WordRules.names.split(separator: ", ") {
      let rules = try #require(WordRules.named(String(name)))
      #expect(!(try rules.expressions.map { try WordPatternParser.pattern($0) }.isEmpty))
    }
    #expect(WordRules.named("llama4")?.expressions == WordRules.named("gpt-4o")?.expressions)
    #expect(WordRules.named("default") == nil && WordRules.named("") == nil)
    #expect(WordRules.named("tekken")?.addsBeginning == true && WordRules.named("qwen2")?.addsBeginning == false)
  }

  @Test(
    "What is not understood in an expression is an error that shows it",
    arguments: [
      ("(?<=a)b", "'?<=a)b'"), (#"\p{Han}+"#, "'Han}+'"), (#"a|\w"#, "'w'"), ("(a", "''"), ("[a", "''"),
      ("(a*)*", "''"),
      ("a{2000}", "''"), ("((((ab){64}){64}){64}){64}", "''"), ("a)", "')'"), ("*a", "'*a'"), (#"\1"#, "'1'"),
      ("[z-a]", "']'"), ("a{2}?", "'?'"),
      ("^a", "'^a'"),
    ])
  func unknown(expression: String, said: String) {
    #expect { try WordPatternParser.pattern(expression) } throws: { "\($0)".hasSuffix("\(said).") }
  }

  @Test("Long runs need no deep stack, and bytes that are not UTF-8 are characters of their own")
  func extremes() throws {
    for name in ["gpt-4o", "deepseek-v3", "bailingmoe"] {
      for text in ["a", "A", " ", "\n", "字", "!"] {
        let bytes = Array(String(repeating: text, count: 20_000).utf8)
        var ends: [Int] = []
        for expression in try #require(WordRules.named(name)).expressions.suffix(1) {
          try WordPatternParser.pattern(expression).append(bytes, 0..<bytes.count, to: &ends)
        }
        #expect(ends.last == bytes.count)
      }
    }
    var ends: [Int] = []
    try WordPatternParser.pattern(WordRules.gpt2).append([0x61, 0xFF, 0xC3, 0x20, 0x62], 0..<5, to: &ends)
    #expect(ends == [1, 3, 5])
  }
}
