extension BytePairTokenizer {
  /// The tokens of a dialogue in the model's chat format, up to and including the opening of its own answer. No text in
  /// a message makes a role mark or ends a turn.
  ///
  /// - Throws: a `ModelError` when the format has no such role.
  package func encode(dialogue messages: [(role: String, text: String)], opening: String) throws -> [Int32] {
    var tokens: [Int32] = []
    var text: [UInt8] = []
    func flush() {
      if let last = tokens.last, vocabulary.swallowing.contains(last) {
        var start = 0
        while start < text.count {
          let (kind, length) = ScalarKind.at(start, in: text)
          guard kind.contains(.space) else { break }
          start += length
        }
        text.removeFirst(start)
      }
      tokens += encode(bytes: text, specials: .tags, after: tokens.last)
      text = []
    }
    for part in try chatFormat.parts(of: messages) {
      switch part {
      case .text(let own): text += own.utf8
      case .message(let message):
        for (stretch, isMark) in stretches(of: Array(message.utf8)) {
          if isMark { flush() }
          if isMark { tokens += spelt(stretch) } else { text += stretch }
        }
      case .mark(let name):
        flush()
        if let mark = special(name) { tokens.append(mark) }
      case .beginning:
        flush()
        if chatFormat.addsBeginning ?? addsBeginning, let beginningID { tokens.append(beginningID) }
      case .endOfText:
        flush()
        tokens.append(endOfText)
      }
    }
    flush()
    return tokens + encode(opening, specials: .tags, after: tokens.last)
  }

  /// The message cut where it holds what would be a mark of the format.
  private func stretches(of message: [UInt8]) -> [(text: ArraySlice<UInt8>, isMark: Bool)] {
    var stretches: [(ArraySlice<UInt8>, Bool)] = []
    var start = 0
    for match in AddedTokens(text: chatFormat.family.textMarks).matches(in: message, control: true) {
      stretches += [(message[start..<match.range.lowerBound], false), (message[match.range], true)]
      start = match.range.upperBound
    }
    return stretches + [(message[start...], false)]
  }

  /// One token for every byte, where the vocabulary has them: no mark is spelt so.
  private func spelt(_ text: ArraySlice<UInt8>) -> [Int32] {
    var tokens: [Int32] = []
    vocabulary.spell(text, to: &tokens, from: 0)
    return tokens
  }
}
