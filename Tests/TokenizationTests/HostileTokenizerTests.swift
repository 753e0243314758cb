import Foundation
import Testing

@testable import Tokenization

/// Files that nobody vouches for: each gives a tokenizer or one clear error.
struct HostileTokenizerTests {
  private static let file = #"""
    {"model":{"type":"BPE","unk_token":"<unk>","vocab":{"<unk>":0,"a":1,"b":2,"ab":3,"▁":4,"<0x0A>":5,"▁ab":6},
    "byte_fallback":true,"merges":["a b",["▁","ab"]]},"normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend",
    "prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]},"pre_tokenizer":null,
    "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":
    "A","type_id":0}}]},"added_tokens":[{"id":0,"content":"<unk>","special":true},{"id":7,"content":"<s>","special":true},
    {"id":8,"content":"</s>","special":true,"lstrip":false},{"id":9,"content":"<b>","special":false}]}
    """#

  private static let gguf = GGUFTokenizerData(
    model: "llama", pre: "default", tokens: ["<unk>", "<s>", "</s>", "<0x0A>", "▁", "a", "b", "ab", "▁ab", "<b>"],
    scores: [0, 0, 0, 0, -3, -4, -5, -1, -2, 0], types: [2, 3, 3, 6, 1, 1, 1, 1, 1, 4], merges: [], beginID: 1,
    endID: 2,
    unknownID: 0, paddingID: nil, addsBeginning: true, addsSpacePrefix: true, chatTemplate: nil)

  private static func read(_ file: String) throws -> BytePairTokenizer { try BytePairTokenizer(json: Array(file.utf8)) }

  @Test("The whole ones are read")
  func whole() throws {
    let tokenizer = try Self.read(Self.file)
    #expect(tokenizer.encode("ab ba\n<b>x", specials: .none) == [6, 4, 2, 1, 5, 9, 4, 0])
    #expect(tokenizer.beginning == 7 && tokenizer.endOfTurn == 8 && tokenizer.padding == 0)
    let gguf = try BytePairTokenizer(gguf: Self.gguf)
    #expect(gguf.encode("ab ba\n<b>x", specials: .none) == [8, 4, 6, 5, 3, 9, 4, 0])
    #expect(gguf.beginning == 1 && gguf.endOfTurn == 2 && gguf.padding == 0)
  }

  @Test(
    "A damaged tokenizer.json gives an error that says what is wrong",
    arguments: [
      (#""b":2"#, #""a":2"#, "'a'"), (#""b":2"#, #""b":1"#, "both have the id 1"),
      (#""b":2"#, #""b":-2"#, "out of range"),
      (#""b":2"#, #""b":2.5"#, "out of range"), (#""b":2"#, #""b":900000000"#, "out of range"),
      (#""b":2"#, #""b":"2""#, "out of range"), (#""a b""#, #""a c""#, "'a' + 'c'"),
      (#""a b""#, #""b a""#, "not tokens"),
      (#""a b""#, #""ab""#, "not two pieces"), (#""a b""#, "7", "not a pair"), (#"["▁","ab"]"#, #""a b""#, "twice"),
      (#"["▁","ab"]"#, #"["▁"]"#, "not a pair"), (#""merges""#, #""fusions""#, "no merges"),
      (#""vocab""#, #""words""#, "no vocab"),
      (#""BPE""#, #""Unigram""#, "Unigram"), (#""model""#, #""modal""#, "no model"),
      (#""id":7"#, #""id":3"#, "both have the id 3"),
      (#""id":9,"content":"<b>""#, #""id":9,"content":"a""#, "'a'"), (#""lstrip":false"#, #""lstrip":true"#, "lstrip"),
      (#""unk_token":"<unk>""#, #""unk_token":"?""#, "'?'"), (#""</s>""#, #""<x>""#, "ends a document"),
      (#""Prepend""#, #""Lowercase""#, "Lowercase"),
      (#""pre_tokenizer":null"#, #""pre_tokenizer":{"type":"Whitespace"}"#, "Whitespace"),
      (
        #""pre_tokenizer":null"#, #""pre_tokenizer":{"type":"Split","pattern":{"Regex":"\\w+"},"behavior":"Isolated"}"#,
        #"'w+'"#
      ),
      (#""id":"<s>""#, #""id":"<t>""#, "<t>"), (#""▁":4"#, #""_":4"#, "'▁'"), ("]}\n", "", "not JSON"),
      (":null", ":nul", "not JSON"),
    ])
  func damaged(old: String, new: String, said: String) throws {
    let damaged = (Self.file + "\n").replacing(old, with: new, maxReplacements: 1)
    #expect(damaged != Self.file + "\n")
    #expect { try Self.read(damaged) } throws: { error in
      error is ModelError && "\(error)".hasPrefix("tokenizer.json: ") && "\(error)".contains(said)
    }
  }

  @Test("Damaged GGUF data gives an error that says what is wrong")
  func damagedGGUF() throws {
    let damages: [(String, (inout GGUFTokenizerData) -> Void)] = [
      ("'bert'", { $0.model = "bert" }), ("0 tokens", { $0.tokens = [] }), ("9 scores", { $0.scores.removeLast() }),
      ("3 types", { $0.types = [1, 2, 3] }), ("type 9", { $0.types[5] = 9 }), ("'a'", { $0.tokens[6] = "a" }),
      ("not a number", { $0.scores[3] = .nan }), ("end token is 10", { $0.endID = 10 }),
      ("ends a document", { $0.endID = nil }),
      ("begin token is -1", { $0.beginID = -1 }), ("<0x0A>", { $0.types[5] = 6 }), ("'▁'", { $0.tokens[4] = "_" }),
      ("twice", { ($0.tokens[5], $0.types[5]) = ("<0x0a>", 6) }), ("twice", { $0.tokens[2] = "<s>" }),
      ("'default'", { $0.model = "gpt2" }),
      ("'c'", { ($0.model, $0.pre, $0.tokens[4], $0.merges) = ("gpt2", "qwen2", "c", ["c a"]) }),
    ]
    for (said, damage) in damages {
      var data = Self.gguf
      damage(&data)
      #expect { try BytePairTokenizer(gguf: data) } throws: { error in
        error is ModelError && "\(error)".contains(said)
      }
    }
  }

  @Test("Depth is bounded, and JSON is read as Foundation reads it")
  func json() throws {
    let deep = String(repeating: "[", count: 100_000)
    #expect { try JSON(Array(deep.utf8)) } throws: { "\($0)".contains("deeper") }
    let text =
      #" {"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude42": [1, -2.5e3, 0.1, true, false, null, "", "é"], "b": {}, "c": []} "#
    let json = try JSON(Array(text.utf8))
    let other = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let values = try #require(json["a\"\\/\u{8}\u{c}\n\r\té🙂"]?.array)
    #expect(other.keys.sorted() == ["a\"\\/\u{8}\u{c}\n\r\té🙂", "b", "c"])
    #expect(values[0].integer == 1 && values[1].integer == -2500 && values[2].integer == nil && values[7].string == "é")
    for bad in [
      "", "{", "[1,]", "{\"a\"}", "\"", "\"\\x\"", "\"\\ud83d\"", "\"\\ud83dx\"", "\"\\u12\"", "tru", "1 2", "1e999",
      "--1",
    ] {
      #expect(throws: ModelError.self, "\(bad)") { try JSON(Array(bad.utf8)) }
    }
    #expect(throws: ModelError.self) { try JSON([0x22, 0xFF, 0x22]) }
  }

  /// Bytes changed, dropped, doubled or moved at random.
  private static func mutated(_ bytes: [UInt8], _ generator: inout SplitMix) -> [UInt8] {
    var bytes = bytes
    for _ in 0...generator.next() % 4 where !bytes.isEmpty {
      let at = Int(generator.next() % UInt64(bytes.count))
      let end = min(bytes.count, at + Int(generator.next() % 24))
      switch generator.next() % 6 {
      case 0: bytes[at] ^= 1 << UInt8(generator.next() % 8)
      case 1: bytes.removeSubrange(at..<end)
      case 2: bytes.insert(contentsOf: bytes[at..<end], at: Int(generator.next() % UInt64(bytes.count)))
      case 3: bytes[at] = Array("0123456789-{}[]\",:\\".utf8)[Int(generator.next() % 19)]
      case 4: bytes.insert(contentsOf: Array("9999999999".utf8), at: at)
      default: bytes = generator.next() % 8 == 0 ? Array(bytes[..<at]) : bytes
      }
    }
    return bytes
  }

  @Test("Files changed at random give a tokenizer that works or an error, never a crash")
  func fuzz() throws {
    var generator = SplitMix(state: 3)
    var (read, refused) = (0, 0)
    let text = Array("ab <b>ba\n</s>é ▁ab <unk>".utf8) + [0xFF]
    for _ in 0..<3_000 {
      do {
        let tokenizer = try BytePairTokenizer(json: Self.mutated(Array(Self.file.utf8), &generator))
        for specials in [SpecialTokens.none, .all] {
          let tokens = tokenizer.encode(bytes: text, specials: specials, after: nil)
          #expect(tokens.allSatisfy { (0..<Int32(tokenizer.vocabularySize)).contains($0) })
          _ = tokenizer.decode(bytes: tokens, after: nil)
        }
        read += 1
      } catch is ModelError {
        refused += 1
      }
    }
    #expect(read > 100 && refused > 1_000)
  }

  @Test("GGUF data changed at random gives a tokenizer that works or an error, never a crash")
  func fuzzGGUF() throws {
    var generator = SplitMix(state: 5)
    var (read, refused) = (0, 0)
    func number(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }
    for _ in 0..<3_000 {
      var data = Self.gguf
      for _ in 0...number(3) {
        let id = number(data.tokens.count)
        switch number(8) {
        case 0: data.tokens[id] = data.tokens[number(data.tokens.count)]
        case 1: data.tokens[id] = String(decoding: Self.mutated(Array(data.tokens[id].utf8), &generator), as: UTF8.self)
        case 2: data.types[id % data.types.count] = Int32(truncatingIfNeeded: number(9) - 1)
        case 3: data.scores[id % data.scores.count] = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
        case 4: data.endID = Int32(truncatingIfNeeded: generator.next()) >> Int32(number(32))
        case 5: (data.model, data.pre, data.merges) = ("gpt2", "qwen2", Array(["a b", "b a"].prefix(number(3))))
        case 6: data.tokens += ["x\(number(3))"]
        default: data.unknownID = number(2) == 0 ? nil : Int32(number(12))
        }
      }
      do {
        let tokenizer = try BytePairTokenizer(gguf: data)
        let tokens = tokenizer.encode("ab <b>ba\n</s>é ▁ab", specials: .all)
        _ = tokenizer.decode(tokens)
        read += 1
      } catch is ModelError {
        refused += 1
      }
    }
    #expect(read > 100 && refused > 1_000)
  }
}
