import Foundation
import Testing

@testable import Tokenization

/// What the protocol asks for beyond the references' ids.
struct BytePairContractTests {
  /// Bytes near every rule: raw ones, halves of characters, marks, spaces, control tokens.
  private static func noise(_ generator: inout SplitMix, composes: Bool) -> [UInt8] {
    let parts = [
      " ", "  ", "\n", "\r\n", "▁", "▁▁", "é", "字", "🙂", "don't", "I'LL", "12345", "token", " the", "<s>", "</s>",
      "<|im_end|>", "<end_of_turn>", "<b>", "<think>", "<0x0A>", "\u{a0}", "\0", "x",
    ]
    return (0..<Int(generator.next() % 12)).flatMap { _ -> [UInt8] in
      switch generator.next() % 4 {
      // Where text is composed, raw bytes could happen to be a mark and its letter.
      case 0 where !composes: [UInt8(truncatingIfNeeded: generator.next())]
      case 1: Array("aé字🙂".utf8.dropFirst(Int(generator.next() % 10)).prefix(Int(generator.next() % 5)))
      default: Array(parts[Int(generator.next() % UInt64(parts.count))].utf8)
      }
    }
  }

  private static func tokenizers(_ name: String) throws -> [BytePairTokenizer] {
    try [TokenizerFixture.tokenizer(name)]
      + (TokenizerFixture.ggufNames.contains(name) ? [BytePairTokenizer(gguf: TokenizerFixture.gguf(name))] : [])
  }

  @Test("Any bytes come back exactly, cut anywhere, whatever is recognised", arguments: TokenizerFixture.names)
  func roundTrip(name: String) throws {
    var generator = SplitMix(state: 11)
    for tokenizer in try Self.tokenizers(name) {
      for _ in 0..<400 {
        let composes = tokenizer.vocabulary.rules.composes
        let first = Self.noise(&generator, composes: composes)
        let second = Self.noise(&generator, composes: composes)
        for specials in [SpecialTokens.none, .tags, .all] {
          let start = tokenizer.encode(bytes: first, specials: specials, after: nil)
          let end = tokenizer.encode(bytes: second, specials: specials, after: start.last)
          #expect(tokenizer.decode(bytes: start + end, after: nil) == first + second)
          let halves =
            tokenizer.decode(bytes: start, after: nil) + tokenizer.decode(bytes: end, after: start.last)
          #expect(halves == first + second)
        }
      }
    }
  }

  @Test("Every single byte and every cut of a text in many scripts come back", arguments: TokenizerFixture.names)
  func cuts(name: String) throws {
    let text = Array(" é字🙂 <b>▁ don't\r\n  12345".utf8) + [0xFF, 0xC3, 0x20, 0xF0, 0x9F]
    for tokenizer in try Self.tokenizers(name) {
      for byte in UInt8.min...UInt8.max {
        #expect(
          tokenizer.decode(bytes: tokenizer.encode(bytes: [byte], specials: .none, after: nil), after: nil) == [byte])
      }
      for cut in 0...text.count {
        let start = tokenizer.encode(bytes: text[..<cut], specials: .none, after: nil)
        let end = tokenizer.encode(bytes: text[cut...], specials: .none, after: start.last)
        #expect(tokenizer.decode(bytes: start + end, after: nil) == text)
      }
    }
  }

  @Test("The space that is not there stands only at the start of a document, and behind tokens matched whole")
  func prefix() throws {
    let tokenizer = try TokenizerFixture.tokenizer("llama2")
    let start = tokenizer.encode("x", specials: .none)
    #expect(start != tokenizer.encode("x", specials: .none, after: start.last))
    #expect(start == tokenizer.encode("x", specials: .none, after: tokenizer.special("<s>")))
    #expect(start == tokenizer.encode(" x", specials: .none, after: start.last))
    #expect(tokenizer.decode(start) == "x")
    #expect(tokenizer.decode(start, after: start.last) == " x")
  }

  @Test("Ordinary text makes no control token, even where merges could reach it")
  func unreachable() throws {
    let vocabulary = #"{"<":0,"b":1,">":2,"<b":3,"<b>":4,"<eos>":5,"e":6,"▁":7}"#
    let file = #"""
      {"model":{"type":"BPE","vocab":\#(vocabulary),"merges":["< b","<b >"]},"pre_tokenizer":{"type":"Metaspace",
      "replacement":"▁","prepend_scheme":"never"},"added_tokens":[{"id":5,"content":"<eos>","special":true}SPECIAL]}
      """#
    let ordinary = try BytePairTokenizer(json: Array(file.replacing("SPECIAL", with: "").utf8))
    #expect(ordinary.encode("<b>", specials: .none) == [4])
    let special = try BytePairTokenizer(
      json: Array(file.replacing("SPECIAL", with: #",{"id":4,"content":"<b>","special":true}"#).utf8))
    #expect(special.encode("<b>", specials: .none) == [3, 2])
    #expect(special.encode("<b>", specials: .tags) == [3, 2])
    #expect(special.encode("<b>", specials: .all) == [4])
    // Nor where a word that is a piece is that piece.
    let whole = try BytePairTokenizer(
      json: Array(file.replacing("SPECIAL", with: "").replacing(#""BPE""#, with: #""BPE","ignore_merges":true"#).utf8))
    #expect(whole.encode("<b>", specials: .none) == [4])
    #expect(whole.encode("<eos>", specials: .none).contains(5) == false)
  }

  @Test("Neighbours of the highest score are joined first, and of equal ones the leftmost")
  func scores() throws {
    func pieces(_ ab: Float, _ bc: Float) throws -> [Int32] {
      let data = GGUFTokenizerData(
        model: "llama", pre: "default", tokens: ["</s>", "a", "b", "c", "ab", "bc"], scores: [0, 0, 0, 0, ab, bc],
        types: [3, 1, 1, 1, 1, 1], merges: [], beginID: nil, endID: 0, unknownID: nil, paddingID: nil,
        addsBeginning: false, addsSpacePrefix: false, chatTemplate: nil)
      return try BytePairTokenizer(gguf: data).encode("abc", specials: .none)
    }
    let (left, right): ([Int32], [Int32]) = ([4, 3], [1, 5])
    let cases: [(Float, Float, [Int32])] = [
      (-1, -2, left), (-2, -1, right), (1, 2, right), (2, 1, left), (-1, 1, right), (1, -1, left), (0, -1, left),
      (0, 1e-30, right), (3, 3, left), (0, -0.0, left), (-0.0, 0, left), (-.infinity, -1e30, right),
      (.infinity, 1e30, left),
    ]
    for (ab, bc, expected) in cases { #expect(try pieces(ab, bc) == expected, "\(ab) \(bc)") }
  }

  @Test("A mark of a chat format is a control token, whatever the file calls it")
  func marks() throws {
    var data = try TokenizerFixture.gguf("qwen2")
    let mark = try #require(data.tokens.firstIndex(of: "<|im_end|>"))
    for type in [Int32(1), 3, 4] {
      data.types[mark] = type
      let tokenizer = try BytePairTokenizer(gguf: data)
      #expect(tokenizer.encode("<|im_end|>", specials: .tags).contains(Int32(mark)) == false)
      #expect(tokenizer.encode("<|im_end|>", specials: .all) == [Int32(mark)])
      #expect(tokenizer.endOfTurn == Int32(mark))
    }
  }

  @Test("Names, ends, padding and beginnings are those of the files")
  func specials() throws {
    let gemma = try TokenizerFixture.tokenizer("gemma")
    #expect(gemma.special("<start_of_turn>") == 4)
    #expect(gemma.special("the") == nil && gemma.special("<start") == nil && gemma.special("") == nil)
    #expect(gemma.padding == gemma.special("<pad>") && gemma.beginning == gemma.special("<bos>"))
    #expect(gemma.endOfTurn == gemma.special("<end_of_turn>") && gemma.endOfText == gemma.special("<eos>"))
    let qwen = try TokenizerFixture.tokenizer("qwen2")
    #expect(qwen.beginning == nil && qwen.padding == qwen.special("<|endoftext|>"))
    #expect(qwen.decode([-1, 1_000_000, .max]) == "")
  }

  @Test("A token alone is a word only between characters that are none")
  func singleWord() throws {
    let file = try String(decoding: TokenizerFixture.file("gpt2"), as: UTF8.self)
    let added = #"[{"id":400,"content":"cat","single_word":true,"special":false},"#
    let tokenizer = try BytePairTokenizer(
      json: Array(file.replacing(#""added_tokens":["#, with: #""added_tokens":\#(added)"#).utf8))
    for (text, count) in [
      ("cat", 1), ("a cat.", 1), ("cats", 0), ("bobcat", 0), ("cat_", 0), ("é cat é", 1), ("écat", 0),
    ] {
      #expect(tokenizer.encode(text, specials: .none).count { $0 == 400 } == count, "\(text)")
    }
  }

  @Test("Tokens that the model has no embedding for are left out")
  func embeddings() throws {
    let whole = try TokenizerFixture.tokenizer("qwen2")
    let last = Int32(whole.vocabularySize - 1)
    #expect(whole.special("</think>") == last)
    let settings = try Array(JSONEncoder().encode(TokenizerFixture.named("qwen2").settings))
    let part = try BytePairTokenizer(
      json: TokenizerFixture.file("qwen2"), configuration: settings, embeddings: Int(last))
    #expect(part.vocabularySize == Int(last) && part.special("</think>") == nil && part.special("<think>") == last - 1)
  }
}
