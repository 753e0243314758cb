/// English text in lower case, cut into sentences of words, with `not` written out, for rules about what a text says.
struct PlainWords: Sendable {
  /// A word, or one punctuation mark.
  let sentences: [[String]]
  /// The words with single spaces, without punctuation.
  let text: String

  init(_ source: String) {
    let plain = Self.spelledOut(source)
    var sentences: [[String]] = []
    var words: [String] = []
    var word = ""
    func endWord() {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    for character in plain {
      if character.isLetter || character.isNumber || character == "_" {
        word.append(character)
      } else {
        endWord()
        if ".!?\n".contains(character) {
          if !words.isEmpty { sentences.append(words) }
          words = []
        } else if !character.isWhitespace {
          words.append(String(character))
        }
      }
    }
    endWord()
    if !words.isEmpty { sentences.append(words) }
    self.sentences = sentences
    text = sentences.map { Self.wordsOnly($0).joined(separator: " ") }.joined(separator: " . ")
  }

  /// Whether one of the phrases occurs as whole words. Phrases are spelled out in the same way.
  func contains(anyOf phrases: [String]) -> Bool {
    let padded = " " + text + " "
    return phrases.contains { padded.contains(" " + PlainWords($0).text + " ") }
  }

  /// A sentence without its punctuation.
  static func wordsOnly(_ sentence: [String]) -> [String] {
    sentence.filter { $0.first.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false }
  }

  /// Lower case, with contractions written out.
  static func spelledOut(_ source: String) -> String {
    source.lowercased().replacing("’", with: "'").replacing("cannot", with: "can not").replacing(
      "can't", with: "can not"
    )
    .replacing("won't", with: "will not").replacing("n't", with: " not").replacing("i'm", with: "i am")
    .replacing("i've", with: "i have").replacing("i'll", with: "i will")
  }
}
