import Foundation
import Testing

@testable import Tokenization

struct ChatFormatTests {
  private static func format(_ tokenizer: BytePairTokenizer, _ messages: [(String, String)]) throws -> String {
    tokenizer.decode(try tokenizer.encode(dialogue: messages, opening: ""))
  }

  @Test(
    "Dialogues are those of the families' own templates",
    arguments: [
      ("gemma", 0, ChatFormat.Family.gemma), ("qwen2", 0, nil), ("qwen2", 1, .chatml), ("llama3", 0, nil),
      ("llama3", 1, .llama3), ("llama2", 0, .llama2),
    ])
  func templates(name: String, template: Int, family: ChatFormat.Family?) throws {
    let tokenizer = try TokenizerFixture.tokenizer(name, template: template)
    #expect(tokenizer.chatTemplate != nil)
    let dialogues = try TokenizerFixture.named(name).dialogues.filter { $0.template == template }
    #expect(dialogues.count == 4)
    // A format by name writes no beginning where the documents of the vocabulary have none.
    let named = try family.map { try tokenizer.using(ChatFormat($0)) }
    for dialogue in dialogues {
      let messages = dialogue.messages.map { (role: $0[0], text: $0[1]) }
      #expect(try tokenizer.encode(dialogue: messages, opening: "") == dialogue.ids)
      if let named { #expect(try named.encode(dialogue: messages, opening: "") == dialogue.ids) }
    }
  }

  @Test(
    "Dialogues are those of the templates of current models, text for text and token for token", arguments: Chats.all)
  func currentModels(_ chat: Chats.Model) throws {
    let tokenizer = try chat.tokenizer()
    let named = try ChatFormat.Family(rawValue: chat.format).map { try tokenizer.using(ChatFormat($0)) }
    #expect(chat.dialogues.count >= 2 && (named == nil) == chat.format.isEmpty)
    for dialogue in chat.dialogues {
      let messages = dialogue.messages.map { (role: $0[0], text: $0[1]) }
      let tokens = try tokenizer.encode(dialogue: messages, opening: "")
      #expect(tokens == dialogue.ids, "\(dialogue.messages)")
      // Text that marks swallow is in the template's text and in no token.
      if !chat.swallows { #expect(tokenizer.decode(tokens) == dialogue.text) }
      // The format by name writes the same; whether with a beginning says the template, or the vocabulary.
      let start = tokenizer.beginningID
      if let named {
        #expect(
          try named.encode(dialogue: messages, opening: "").filter { $0 != start } == tokens.filter { $0 != start })
      }
    }
  }

  @Test("Twenty-one models' templates are compared, with twelve formats by name")
  func models() { #expect(Chats.all.count == 21 && Set(Chats.all.map(\.format)).count == 13) }

  @Test("Without a template the format is known by the vocabulary's marks")
  func vocabulary() throws {
    for (name, family, end) in [
      ("gemma", ChatFormat.Family.gemma, "<end_of_turn>"), ("qwen2", .chatml, "<|im_end|>"),
      ("llama3", .llama3, "<|eot_id|>"), ("llama2", .plain, "</s>"), ("gpt2", .plain, "<|endoftext|>"),
    ] {
      let tokenizer = try TokenizerFixture.tokenizer(name)
      #expect(tokenizer.chatFormat == ChatFormat(family))
      #expect(tokenizer.endOfTurn == tokenizer.special(end))
    }
  }

  @Test("A template that cannot be used is an error that names formats and the option; a chosen format is used")
  func unknownTemplate() throws {
    let fixture = try TokenizerFixture.named("gemma")
    let settings = try Array(JSONEncoder().encode(fixture.settings))
    func load(_ format: ChatFormat.Family?) throws -> BytePairTokenizer {
      try BytePairTokenizer(
        json: TokenizerFixture.file("gemma"), configuration: settings, chatTemplate: "{{ bos_token }}<|user|>",
        chatFormat: format)
    }
    let error = #expect(throws: ModelError.self) { try load(nil) }
    #expect(error?.description.contains("chat template cannot be used: it leaves out what the user says") == true)
    #expect(error?.description.contains("--chat-format") == true)
    for family in ChatFormat.Family.allCases { #expect(error?.description.contains(family.rawValue) == true) }
    // A format whose marks the vocabulary lacks cannot be chosen.
    #expect { try load(.chatml) } throws: { "\($0)".contains("<|im_start|>") }
    let tokenizer = try load(.plain)
    #expect(tokenizer.chatFormat == ChatFormat(.plain) && tokenizer.hasChatTemplate)
    #expect(
      try Self.format(tokenizer, [("system", "Rules."), ("user", "Hi"), ("assistant", "Ho"), ("user", "?")])
        == "<bos>Rules.\n\nUser:\nHi\n\nAssistant:\nHo<eos>\n\nUser:\n?\n\nAssistant:\n")
  }

  @Test("The opening of the answer stands behind the header, and its tokens are its own")
  func opening() throws {
    let tokenizer = try TokenizerFixture.tokenizer("qwen2")
    let header = try tokenizer.encode(dialogue: [("user", "Hi")], opening: "")
    let opened = try tokenizer.encode(dialogue: [("user", "Hi")], opening: "\n<cot>")
    #expect(opened.starts(with: header))
    #expect(tokenizer.decode(opened[header.count...], after: header.last) == "\n<cot>")
  }

  @Test("A message makes no mark of any format: neither a control token nor, where marks are text, their tokens")
  func forgery() throws {
    let marks = [
      "<start_of_turn>", "<end_of_turn>", "<|im_end|>", "<|im_start|>", "<|eot_id|>", "</s>", "<eos>", "<s>",
    ]
    for (name, format) in [
      ("gemma", ChatFormat(.gemma)), ("qwen2", ChatFormat(.chatml)), ("llama3", ChatFormat(.llama3)),
      ("llama2", ChatFormat(.llama2)), ("llama2", ChatFormat(.plain)), ("gpt2", ChatFormat(.plain)),
      ("llama2", ChatFormat(.mistral)), ("llama2", ChatFormat(.mistralSpaced)), ("qwen2", ChatFormat(.olmo2)),
    ] {
      let tokenizer = try TokenizerFixture.tokenizer(name).using(format)
      func count(_ text: String) throws -> [Int32: Int] {
        let tokens = try tokenizer.encode(dialogue: [("user", text)], opening: "")
        #expect(tokenizer.decode(tokens).contains(text))
        return Dictionary(tokens.map { ($0, 1) }, uniquingKeysWith: +)
      }
      let honest = try count("x")
      let forged = try count("x" + marks.joined() + "x")
      for mark in marks.compactMap(tokenizer.special) { #expect(forged[mark] == honest[mark]) }
      for mark in format.family.textMarks {
        let tokens = tokenizer.encode(mark, specials: .none, after: 100)
        let dialogue = try tokenizer.encode(dialogue: [("user", "x\(mark)x")], opening: "")
        let once = try tokenizer.encode(dialogue: [("user", "xx")], opening: "")
        #expect(dialogue.count(of: tokens) == once.count(of: tokens), "\(name) \(mark)")
      }
    }
  }

  @Test("Unknown roles, a system's message out of place and missing marks are errors that say so")
  func errors() throws {
    let gemma = try TokenizerFixture.tokenizer("gemma")
    #expect { try gemma.encode(dialogue: [("tool", "x")], opening: "") } throws: { "\($0)".contains("no role 'tool'") }
    #expect { try gemma.encode(dialogue: [("user", "x"), ("system", "y")], opening: "") } throws: {
      "\($0)".contains("Message 2")
    }
    #expect { try gemma.using(ChatFormat(.chatml)) } throws: { "\($0)".contains("<|im_start|>") }
  }
}

extension [Int32] {
  /// How often `run` stands in the array.
  fileprivate func count(of run: [Int32]) -> Int {
    indices.count { self[$0...].starts(with: run) }
  }
}
