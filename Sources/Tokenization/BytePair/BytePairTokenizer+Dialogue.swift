extension BytePairTokenizer {
  /// The tokens of a dialogue as the model's own template or its chat format writes it, up to and including the opening of
  /// the model's answer. No text in a message makes a role mark or ends a turn.
  ///
  /// - Throws: a `ModelError` when the template refuses the dialogue, or the format has no such role.
  package func encode(dialogue messages: [(role: String, text: String)], opening: String) throws -> [Int32] {
    var writer = DialogueWriter(tokenizer: self)
    if let chatTemplate {
      for (text, isMessage) in try chatTemplate.render(messages) {
        if isMessage { writer.append(message: text, marks: templateMarks) } else { writer.append(marked: text) }
      }
    } else {
      for part in try chatFormat.parts(of: messages) { writer.append(part) }
    }
    writer.flush()
    return writer.tokens + encode(opening, specials: .tags, after: writer.tokens.last)
  }
}

/// Puts the tokens of a dialogue together: text that stands together is encoded together.
private struct DialogueWriter {
  let tokenizer: BytePairTokenizer
  private(set) var tokens: [Int32] = []
  private var text: [UInt8] = []

  init(tokenizer: BytePairTokenizer) { self.tokenizer = tokenizer }

  mutating func append(_ part: ChatFormat.Part) {
    switch part {
    case .text(let own): text += own.utf8
    case .message(let message): append(message: message, marks: tokenizer.chatFormat.family.textMarks)
    case .mark(let name): if let mark = tokenizer.special(name) { append(mark) }
    case .beginning: if tokenizer.addsBeginning, let beginning = tokenizer.beginningID { append(beginning) }
    case .endOfText: append(tokenizer.endOfText)
    }
  }

  /// A template's text, in which control tokens are written out.
  mutating func append(marked own: String) {
    let bytes = Array(own.utf8)
    var start = 0
    for match in tokenizer.vocabulary.added.matches(in: bytes, control: true) where match.isControl {
      text += bytes[start..<match.range.lowerBound]
      append(match.id)
      start = match.range.upperBound
    }
    text += bytes[start...]
  }

  /// A message's text. Where it holds what would be a mark in text, that has one token for every byte: no mark is spelt
  /// so.
  mutating func append(message: String, marks: [String]) {
    let bytes = Array(message.utf8)
    var start = 0
    for match in AddedTokens(text: marks).matches(in: bytes, control: true) {
      text += bytes[start..<match.range.lowerBound]
      flush()
      tokenizer.vocabulary.spell(bytes[match.range], to: &tokens, from: 0)
      start = match.range.upperBound
    }
    text += bytes[start...]
  }

  private mutating func append(_ token: Int32) {
    flush()
    tokens.append(token)
  }

  mutating func flush() {
    if let last = tokens.last, tokenizer.vocabulary.swallowing.contains(last) {
      var start = 0
      while start < text.count {
        let (kind, length) = ScalarKind.at(start, in: text)
        guard kind.isIn(.space) else { break }
        start += length
      }
      text.removeFirst(start)
    }
    tokens += tokenizer.encode(bytes: text, specials: .tags, after: tokens.last)
    text = []
  }
}
