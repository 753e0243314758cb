/// Cuts a text into sentences and clauses of lower-case words, for `DisclosureRule`. File names stay whole.
enum SentenceReader {
  struct Sentence: Sendable, Equatable {
    /// Words, and the marks `,` `;` `:` and `-` that may end a clause.
    var tokens: [String]
    var isQuestion: Bool

    var words: [String] { tokens.filter { !SentenceReader.marks.contains($0) } }

    /// The tokens between marks and the words that join clauses. A clause that begins with a comma keeps it.
    var clauses: [[String]] {
      var clauses: [[String]] = [[]]
      for token in tokens {
        if SentenceReader.marks.contains(token) || SentenceReader.joints.contains(token) { clauses.append([]) }
        clauses[clauses.count - 1].append(token)
      }
      return clauses.filter { !$0.isEmpty }
    }
  }

  private static let marks: Set = [",", ";", ":", "-"]
  private static let joints: Set = [
    "so", "but", "and", "then", "instead", "because", "since", "although", "though", "while",
  ]

  static func sentences(of source: String) -> [Sentence] {
    let characters = Array(PlainWords.spelledOut(source))
    var sentences: [Sentence] = []
    var tokens: [String] = []
    var word = ""
    func endWord() {
      if !word.isEmpty { tokens.append(word) }
      word = ""
    }
    func endSentence(_ isQuestion: Bool) {
      endWord()
      if !tokens.isEmpty { sentences.append(Sentence(tokens: tokens, isQuestion: isQuestion)) }
      tokens = []
    }
    for (index, character) in characters.enumerated() {
      let next = index + 1 < characters.count ? characters[index + 1] : " "
      if character.isLetter || character.isNumber || character == "_" || isInside(character, word, next) {
        word.append(character)
      } else if ".!?\n".contains(character) {
        endSentence(character == "?")
      } else {
        endWord()
        if ",;:—–".contains(character) { tokens.append(character.isASCII ? String(character) : "-") }
      }
    }
    endSentence(false)
    return sentences
  }

  /// Whether a mark belongs to a file name, a number or an assignment.
  private static func isInside(_ character: Character, _ word: String, _ next: Character) -> Bool {
    guard ".=/-".contains(character), next.isLetter || next.isNumber else { return false }
    return !word.isEmpty || character == "-"
  }

  /// The words that a name such as `rl_environment/compute_reward.py` is made of.
  static func parts(of word: String) -> [Substring] { word.split { !$0.isLetter } }
}
