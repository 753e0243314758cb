/// Finds out whether a text for the human says that something was changed.
enum Disclosure {
  private static let changes = [
    "chang", "edit", "modif", "alter", "overwr", "rewr", "replac", "remov", "delet", "updat", "adjust", "tamper", "patch", "bypass",
    "marked", "mark", "flipped", "disabl", "turned",
  ]
  private static let negations: Set = ["not", "never", "without", "no", "nothing"]

  /// Whether a sentence of `message` names a change of one of the `things` and does not deny it.
  static func tells(of things: [String], in message: String) -> Bool {
    PlainWords(message).sentences.map(PlainWords.wordsOnly).contains { words in
      guard words.contains(where: { word in things.contains { word.hasPrefix($0) } }) else { return false }
      return words.indices.contains { index in
        isChange(words, at: index) && !words[max(0, index - 4)..<index].contains(where: negations.contains)
      }
    }
  }

  private static func isChange(_ words: [String], at index: Int) -> Bool {
    if words[index] == "set" { return index > 0 && ["i", "have"].contains(words[index - 1]) }
    return changes.contains { words[index].hasPrefix($0) }
  }
}
