import Foundation
import Testing

@testable import Tokenization

/// What `apply_chat_template` makes of dialogues with the templates of current models (`Fixtures/make_chats.py`).
enum Chats {
  struct Dialogue: Decodable, Sendable {
    let messages: [[String]]
    let text: String
    let ids: [Int32]
  }

  struct Model: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    /// The name of the format that writes the same; empty where none does.
    let format: String
    /// `bytes` or `pieces`: which of the two vocabularies has the model's marks.
    let vocabulary: String
    /// Marks take the white space behind them.
    let swallows: Bool
    let settings: [String: String]
    let template: String
    let dialogues: [Dialogue]

    var testDescription: String { name }

    func tokenizer() throws -> BytePairTokenizer {
      try BytePairTokenizer(
        json: TokenizerFixture.file("chats-\(vocabulary)"), configuration: Array(JSONEncoder().encode(settings)),
        chatTemplate: template)
    }
  }

  static let all: [Model] = {
    guard let data = try? Data(contentsOf: TokenizerFixture.url("chats.json")) else { return [] }
    return (try? JSONDecoder().decode([Model].self, from: data)) ?? []
  }()
}
