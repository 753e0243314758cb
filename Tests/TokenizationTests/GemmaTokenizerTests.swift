import Foundation
import ModelFiles
import Testing

@testable import Tokenization

/// The vocabulary of the real Gemma 3 270M, where the variable `SUBTERFUGE_GEMMA` names its file.
struct GemmaTokenizerTests {
  private static let path = ProcessInfo.processInfo.environment["SUBTERFUGE_GEMMA"]

  @Test("Gemma 3's own vocabulary gives the ids of llama.cpp and its own chat format", .enabled(if: path != nil))
  func gemma() throws {
    let file = try GGUFFile(contentsOf: URL(fileURLWithPath: try #require(Self.path)))
    let tokenizer = try BytePairTokenizer(gguf: file.tokenizerData())
    for item in try TokenizerFixture.named("gemma3-270m").cases {
      for (specials, ids) in [(SpecialTokens.none, item.none), (.all, item.all ?? item.none)] {
        let tokens = tokenizer.encode(item.text, specials: specials)
        #expect(tokens == ids, "\(item.text.debugDescription) \(specials)")
        #expect(tokenizer.decode(bytes: tokens, after: nil) == Array(item.text.utf8))
      }
    }
    #expect(tokenizer.vocabularySize == 262_144 && tokenizer.padding == 0 && tokenizer.endOfTurn == 106)
    // <bos> <start_of_turn> user \n Hi <end_of_turn> \n <start_of_turn> model \n
    let dialogue = try tokenizer.encode(dialogue: [("user", "Hi")], opening: "")
    #expect(dialogue == [2, 105, 2364, 107, 10979, 106, 107, 105, 4368, 107])
  }
}
