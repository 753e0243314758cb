import Foundation
import Testing

@testable import Tokenization

struct BytePairTokenizerTests {
  @Test("Ids are those of the tokenizers library, for every family's rules", arguments: TokenizerFixture.names)
  func reference(name: String) throws {
    let tokenizer = try TokenizerFixture.tokenizer(name)
    for item in try TokenizerFixture.named(name).cases {
      // Metaspace takes a space at the start for the one that is not there, and loses it.
      if name == "metaspace" && item.text.hasPrefix(" ") { continue }
      for (specials, ids) in [(SpecialTokens.none, item.none), (.tags, item.none), (.all, item.all ?? item.none)] {
        #expect(tokenizer.encode(item.text, specials: specials) == ids, "\(item.text.debugDescription) \(specials)")
      }
    }
  }

  @Test("A vocabulary in a GGUF file gives the ids of llama.cpp", arguments: TokenizerFixture.ggufNames)
  func llamaCpp(name: String) throws {
    let tokenizer = try BytePairTokenizer(gguf: TokenizerFixture.gguf(name))
    for item in try TokenizerFixture.named(name).cases {
      let all = item.llamaAll ?? item.all ?? item.none
      for (specials, ids) in [(SpecialTokens.none, item.llamaNone ?? item.none), (.all, all)] {
        #expect(tokenizer.encode(item.text, specials: specials) == ids, "\(item.text.debugDescription) \(specials)")
      }
    }
  }
}
