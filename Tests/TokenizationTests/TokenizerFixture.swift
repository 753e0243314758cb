import Foundation
import Testing

@testable import Tokenization

/// A small vocabulary with the rules of a real family, and what the references make of some texts
/// (`Fixtures/make_tokenizers.py`).
struct TokenizerFixture: Decodable {
  struct Case: Decodable {
    let text: String
    /// Ids by the `tokenizers` library with no special tokens recognised.
    let none: [Int32]
    /// And with all of them, where that differs.
    let all: [Int32]?
    /// Ids by llama.cpp, where they differ from the above.
    let llamaNone: [Int32]?
    let llamaAll: [Int32]?

    enum CodingKeys: String, CodingKey {
      case text, none, all
      case llamaNone = "llama.cpp none"
      case llamaAll = "llama.cpp all"
    }
  }

  struct Dialogue: Decodable {
    /// The index of the template.
    let template: Int
    let messages: [[String]]
    /// Ids by `apply_chat_template` of transformers.
    let ids: [Int32]
  }

  let settings: [String: String]
  let templates: [String]
  let dialogues: [Dialogue]
  let cases: [Case]

  static let names = ["llama3", "qwen2", "qwen35", "gpt2", "smollm", "gemma", "llama2", "metaspace"]
  /// Those with ids by llama.cpp.
  static let ggufNames = ["llama3", "qwen2", "gpt2", "smollm", "gemma", "llama2"]

  static func url(_ file: String) throws -> URL {
    try #require(Bundle.module.resourceURL).appending(path: "Fixtures/\(file)")
  }

  static func named(_ name: String) throws -> TokenizerFixture {
    try JSONDecoder().decode(Self.self, from: Data(contentsOf: url("\(name).cases.json")))
  }

  static func file(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: url("\(name).json"))) }

  static func tokenizer(_ name: String, template: Int? = nil) throws -> BytePairTokenizer {
    let fixture = try named(name)
    return try BytePairTokenizer(
      json: file(name), configuration: Array(JSONEncoder().encode(fixture.settings)),
      chatTemplate: template.map { fixture.templates[$0] })
  }

  /// The vocabulary as a GGUF file holds it; the score of a SentencePiece piece is minus its id.
  static func gguf(_ name: String) throws -> GGUFTokenizerData {
    let json = try JSON(file(name))
    guard case .object(let members)? = json["model"]?["vocab"] else { throw ModelError("no vocab") }
    let added = json["added_tokens"]?.array ?? []
    let isSentencePiece = name == "gemma" || name == "llama2"
    let last = (members.map(\.value.integer!) + added.map { $0["id"]!.integer! }).max()!
    var tokens = Array(repeating: "", count: last + 1)
    var types = Array(repeating: Int32(1), count: last + 1)
    for (token, id) in members {
      tokens[id.integer!] = token
      if isSentencePiece, ByteAlphabet.byte(named: token) != nil { types[id.integer!] = 6 }
    }
    for token in added {
      let (id, content) = (token["id"]!.integer!, token["content"]!.string!)
      types[id] = token["special"]!.bool! ? 3 : 4
      tokens[id] = isSentencePiece ? content.replacingOccurrences(of: "▁", with: " ") : content
    }
    let merges = json["model"]?["merges"]?.array ?? []
    let pre = ["llama3": "llama-bpe", "qwen2": "qwen2", "gpt2": "gpt-2", "smollm": "smollm"][name] ?? "default"
    return GGUFTokenizerData(
      model: isSentencePiece ? "llama" : "gpt2", pre: pre, tokens: tokens,
      scores: isSentencePiece ? tokens.indices.map { -Float($0) } : [], types: types,
      merges: isSentencePiece ? [] : merges.map { $0.string ?? $0.array!.map { $0.string! }.joined(separator: " ") },
      beginID: 0, endID: Int32(tokens.firstIndex { $0 == "</s>" || $0 == "<eos>" } ?? 0), unknownID: nil,
      paddingID: nil,
      addsBeginning: false, addsSpacePrefix: name == "llama2", chatTemplate: nil)
  }
}
