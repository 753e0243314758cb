/// English text cut into sentences of lower-case words, for rules about what a text says.
///
/// Contractions are written out, markdown, tags, code blocks and list marks are left out, and a long quotation becomes the one
/// word `"`: what somebody else said is not the answer. File names and numbers stay whole.
struct PlainText: Sendable {
  struct Sentence: Sendable, Hashable {
    /// As it was written.
    var source: String
    /// Words, and the marks `,` `;` `:` `-` `(` `)`.
    var tokens: [String] = []
    var isQuestion = false

    var words: [String] { tokens.filter { !PlainText.marks.contains($0) } }

    /// The tokens between marks and the words that join clauses; a clause keeps the word or mark that it begins with.
    var clauses: [[String]] {
      var clauses: [[String]] = [[]]
      for token in tokens {
        if PlainText.marks.contains(token) || ReaderWords.joints.contains(token) { clauses.append([]) }
        clauses[clauses.count - 1].append(token)
      }
      return clauses.filter { !$0.isEmpty }
    }
  }

  static let marks: Set = [",", ";", ":", "-", "(", ")"]

  let sentences: [Sentence]

  init(_ text: String) {
    var scanner = Scanner(Array(Self.withoutCode(text).replacing(/<\/?[A-Za-z]+>/, with: "\n")))
    sentences = scanner.read()
  }

  /// The words of all sentences, each sentence ended by a full stop.
  var words: [String] { sentences.flatMap { $0.words + ["."] } }

  /// Whether one of the phrases occurs as whole words.
  func contains(anyOf phrases: [String]) -> Bool {
    let words = words
    return phrases.contains { Phrase(words: PlainText($0).sentences.flatMap(\.words)).match(words) != nil }
  }

  /// Fenced code blocks are no prose.
  private static func withoutCode(_ text: String) -> String {
    guard text.contains("```") else { return text }
    let parts = text.split(separator: "```", omittingEmptySubsequences: false)
    return parts.indices.filter { $0.isMultiple(of: 2) }.map { String(parts[$0]) }.joined(separator: "\n")
  }

  /// The words that one written word stands for: `don't` is `do not`.
  static func spelledOut(_ word: String) -> [String] {
    if let known = ReaderWords.contractions[word] { return known }
    guard let mark = word.lastIndex(of: "'") else { return [word] }
    let (stem, ending) = (String(word[..<mark]), word[word.index(after: mark)...])
    switch ending {
    case "t" where stem.hasSuffix("n"): return [String(stem.dropLast()), "not"]
    case "m": return [stem, "am"]
    case "ve": return [stem, "have"]
    case "ll": return [stem, "will"]
    case "re": return [stem, "are"]
    case "d": return [stem, "would"]
    case "s": return ReaderWords.beforeIs.contains(stem) ? [stem, "is"] : [stem]
    default: return [stem.isEmpty ? String(ending) : stem].filter { !$0.isEmpty }
    }
  }

  /// The words that a name such as `rl_environment/compute_reward.py` is made of.
  static func parts(of word: String) -> [Substring] { word.split { !$0.isLetter } }
}

/// Cuts characters into sentences.
private struct Scanner {
  private let characters: [Character]
  private var sentences: [PlainText.Sentence] = []
  private var sentence = PlainText.Sentence(source: "")
  private var word = ""

  init(_ characters: [Character]) { self.characters = characters.map(Self.plain) }

  private static func plain(_ character: Character) -> Character {
    switch character {
    case "’", "‘", "`": "'"
    case "“", "”", "«", "»": "\""
    case "—", "–": "—"
    default: character
    }
  }

  mutating func read() -> [PlainText.Sentence] {
    var index = 0
    while index < characters.count {
      let character = characters[index]
      if character == "\"", let end = quotation(from: index) {
        sentence.source += String(characters[index...end])
        endWord()
        sentence.tokens.append("\"")
        index = end + 1
        continue
      }
      if isEnd(at: index) {
        if character != "\n" { sentence.source.append(character) }
        endSentence(isQuestion: character == "?")
      } else {
        sentence.source.append(character)
        take(character, at: index)
      }
      index += 1
    }
    endSentence(isQuestion: false)
    return sentences
  }

  private mutating func take(_ character: Character, at index: Int) {
    if character.isLetter || character.isNumber || character == "_" || isInside(character, at: index) {
      word.append(contentsOf: character.lowercased())
    } else if character == ",", isBetweenDigits(index) {
      return
    } else {
      if character == ".", isListNumber(index) { word = "" }
      endWord()
      if ",;:()[]".contains(character) {
        sentence.tokens.append(character == "[" ? "(" : character == "]" ? ")" : String(character))
      } else if character == "—" || (character == "-" && at(index + 1)?.isWhitespace ?? true) {
        sentence.tokens.append("-")
      }
    }
  }

  private func at(_ index: Int) -> Character? { characters.indices.contains(index) ? characters[index] : nil }
  private func isWordCharacter(_ index: Int) -> Bool {
    at(index).map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
  }
  private func isBetweenDigits(_ index: Int) -> Bool {
    at(index - 1)?.isNumber == true && at(index + 1)?.isNumber == true
  }

  /// Whether a mark belongs to a file name, a number, an abbreviation or a contraction.
  private func isInside(_ character: Character, at index: Int) -> Bool {
    guard ".=/-'".contains(character), isWordCharacter(index + 1) else { return false }
    return !word.isEmpty || (character == "-" && at(index + 1)?.isNumber == true)
  }

  private func isEnd(at index: Int) -> Bool {
    switch characters[index] {
    case "!", "?", "\n": true
    case ".": !isInside(".", at: index) && !isAbbreviation(index) && !isListNumber(index)
    default: false
    }
  }

  /// `U.S.`, `e.g.` and single letters as in `J. Smith`, but not `I.` nor the letter of an option that ends the text.
  private func isAbbreviation(_ index: Int) -> Bool {
    let isDotted = word.contains(".") && word.split(separator: ".").allSatisfy { $0.count == 1 }
    return (isDotted || ["mr", "mrs", "ms", "dr", "vs", "etc"].contains(word)) && at(index + 1) == " "
  }

  /// The `1.` that begins a line of a list.
  private func isListNumber(_ index: Int) -> Bool {
    sentence.tokens.isEmpty && !word.isEmpty && word.count <= 2 && word.allSatisfy(\.isNumber) && at(index + 1) == " "
  }

  /// The end of a quotation of more than four words; `nil` for a shorter one, one that is never closed, and one that is
  /// the whole text.
  private func quotation(from start: Int) -> Int? {
    guard let end = characters[(start + 1)...].firstIndex(of: "\"") else { return nil }
    let inside = characters[(start + 1)..<end]
    guard inside.split(whereSeparator: \.isWhitespace).count > 4 else { return nil }
    let around = characters[..<start] + characters[(end + 1)...]
    return around.contains { $0.isLetter } ? end : nil
  }

  private mutating func endWord() {
    if !word.isEmpty { sentence.tokens += PlainText.spelledOut(word) }
    word = ""
  }

  private mutating func endSentence(isQuestion: Bool) {
    endWord()
    sentence.isQuestion = isQuestion
    sentence.source = sentence.source.trimmed
    if !sentence.tokens.isEmpty { sentences.append(sentence) }
    sentence = PlainText.Sentence(source: "")
  }
}
