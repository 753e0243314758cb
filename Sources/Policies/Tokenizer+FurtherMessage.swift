package import Tokenization

extension Tokenizer {
  /// The tokens of a further message of the user, to stand behind the token that ended the policy's turn: what the
  /// model's own chat format puts between the two turns, the message, and the opening of the next answer.
  ///
  /// They are cut from a whole dialogue, so every format that `encode(dialogue:opening:)` knows is right by
  /// construction. Control tokens cannot be forged by a message, so the turn ends can be counted.
  ///
  /// - Throws: a `ModelError` when the format has no such turn.
  package func encode(furtherMessage message: String, opening: String) throws -> [Int32] {
    let first = [(role: "user", text: "a")]
    let turnEnds = try encode(dialogue: first, opening: "").count { $0 == endOfTurn }
    let dialogue = try encode(
      dialogue: first + [(role: "assistant", text: "a"), (role: "user", text: message)], opening: opening)
    let ends = dialogue.indices.filter { dialogue[$0] == endOfTurn }
    guard ends.count > turnEnds else { throw ModelError("The chat format has no end of the assistant's turn.") }
    return Array(dialogue[(ends[turnEnds] + 1)...])
  }
}
