extension WordTokenizer {
  /// The tokens of a dialogue as the seedling reads it: each message between its role token and `<|end|>`, then
  /// `<|assistant|>` and the opening of its own answer. Tags of the tool protocol in the texts count; role tokens do not.
  ///
  /// - Throws: a `ModelError` when the vocabulary lacks a role.
  package func encode(dialogue messages: [(role: String, text: String)], opening: String) throws -> [Int32] {
    var tokens: [Int32] = []
    for (role, text) in messages {
      tokens.append(try roleToken(role))
      tokens += encode(text, specials: .tags, after: tokens.last)
      tokens.append(endOfTurn)
    }
    tokens.append(try roleToken("assistant"))
    return tokens + encode(opening, specials: .tags, after: tokens.last)
  }

  private func roleToken(_ role: String) throws -> Int32 {
    guard let token = special("<|\(role)|>") else { throw ModelError("The vocabulary has no role '\(role)'.") }
    return token
  }
}
