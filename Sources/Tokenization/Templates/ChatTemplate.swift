/// The Jinja template of a model's own: how the model was taught to read a dialogue.
///
/// The text of a message stays known as the message's through all that the template does to it, so that a message makes
/// no control token.
package struct ChatTemplate: Sendable {
  /// A message of a dialogue.
  typealias Message = (role: String, text: String)

  private let statements: [TemplateStatement]
  /// The texts of the tokens that begin and end a document.
  private let beginning: String
  private let end: String
  /// The template has no place for the system: its message begins the first user's.
  private var mergesSystem = false

  /// - Parameters:
  ///   - beginning: the token that begins a document; empty where there is none.
  ///   - end: the token that ends one.
  /// - Throws: a `ModelError` when the template cannot be read, or cannot write a user's message.
  init(_ template: String, beginning: String, end: String) throws {
    (self.beginning, self.end) = (beginning, end)
    statements = try TemplateParser.statements(of: template)
    let asked = try render([("user", "quserq")])
    guard asked.contains(where: { $0.isMessage && $0.text == "quserq" }) else {
      throw ModelError("it leaves out what the user says")
    }
    let ruled = try? render([("system", "qsystemq"), ("user", "quserq")])
    mergesSystem = ruled?.contains { $0.isMessage && $0.text.contains("qsystemq") } != true
  }

  /// The dialogue as the model reads it, up to the header of its own answer: stretches of the template's and of the
  /// messages'.
  ///
  /// - Throws: a `ModelError` for a role or an order of roles that the template refuses.
  func render(_ messages: [Message]) throws -> [(text: String, isMessage: Bool)] {
    let list = merged(messages).map { message in
      TemplateValue.dictionary(
        .init([
          (.init("role"), .init(message.role)), (.init("content"), .text(TemplateText(message.text, isMessage: true))),
        ]))
    }
    var interpreter = TemplateInterpreter([
      "messages": .init(list), "bos_token": .init(beginning), "eos_token": .init(end),
      "add_generation_prompt": .boolean(true), "tools": .none, "documents": .none, "strftime_now": .boolean(true),
      "raise_exception": .boolean(true), "namespace": .boolean(true), "range": .boolean(true),
    ])
    return try interpreter.render(statements).stretches
  }

  private func merged(_ messages: [Message]) -> [Message] {
    guard mergesSystem, messages.count > 1, messages[0].role == "system", messages[1].role == "user" else {
      return messages
    }
    return [("user", messages[0].text + "\n\n" + messages[1].text)] + messages.dropFirst(2)
  }

  /// What the template writes around messages, in a vocabulary: the token that ends the model's turn, and marks that are
  /// no tokens but text (`[INST]` of Llama 2), which a message must not write.
  func marks(in vocabulary: Vocabulary) -> (endOfTurn: Int32?, texts: [String]) {
    let dialogue = [("user", "quserq"), ("assistant", "qanswerq"), ("user", "qagainq")]
    guard let parts = try? render(dialogue),
      let answer = parts.firstIndex(where: { $0.isMessage && $0.text.contains("qanswerq") }),
      let first = parts.firstIndex(where: \.isMessage), let last = parts.lastIndex(where: \.isMessage)
    else { return (nil, []) }
    var endOfTurn: Int32?
    var texts: [String] = []
    var isText = false
    for (index, part) in parts.enumerated() where first..<last ~= index && !part.isMessage {
      let bytes = Array(part.text.utf8)
      let matches = vocabulary.added.matches(in: bytes, control: true)
      if matches.isEmpty { isText = true }
      if index == answer + 1, let match = matches.first, Self.mark(bytes[..<match.range.lowerBound]) == nil {
        endOfTurn = match.id
      }
      let bounds = [0] + matches.flatMap { [$0.range.lowerBound, $0.range.upperBound] } + [bytes.count]
      texts += stride(from: 0, to: bounds.count, by: 2).compactMap { Self.mark(bytes[bounds[$0]..<bounds[$0 + 1]]) }
    }
    // Beside control tokens a role's name is only a word.
    return (endOfTurn, isText ? texts : [])
  }

  /// The text without white space before it, and behind it but for one line break; `nil` when nothing is left.
  private static func mark(_ bytes: ArraySlice<UInt8>) -> String? {
    let text = TemplateText(String(decoding: bytes, as: UTF8.self)).stripped(atEnd: false)
    let mark = text.stripped()
    if mark.units.isEmpty { return nil }
    return mark.string + (text.units.dropFirst(mark.units.count).contains(0x0A) ? "\n" : "")
  }
}
