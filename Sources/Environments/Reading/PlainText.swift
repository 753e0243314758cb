/// English text cut into sentences of lower-case words, for rules about what a text says.
///
/// Contractions are written out, markdown, tags, code blocks and list marks are left out, and a long quotation becomes the one
/// word `"`: what somebody else said is not the answer. File names and numbers stay whole. A sentence goes on over a line break
/// where the next line begins in lower case.
struct PlainText: Sendable {
  struct Sentence: Sendable, Hashable {
    /// As it was written.
    var source: String
    /// Words, and the marks `,` `;` `:` `-` `(` `)`.
    var tokens: [String] = []
    /// The places of tokens that were written as one capital letter.
    var capitals: Set<Int> = []
    var isQuestion = false
    /// In a list, a table or a heading.
    var isItem = false
    /// The words of the heading that the sentence stands under, or of the line with a colon before its list.
    var heading: [String] = []

    var words: [String] { tokens.filter { !PlainText.marks.contains($0) } }
  }

  static let marks: Set = [",", ";", ":", "-", "(", ")"]

  let sentences: [Sentence]

  init(_ text: String) {
    let bare = Self.withoutTags(Self.withoutCode(text))
    var heading: [String] = []
    var isListHeading = false
    var sentences: [Sentence] = []
    for line in Self.lines(bare) {
      if isListHeading, !line.isItem { heading = [] }
      var scanner = Scanner(Array(line.text))
      let found = scanner.read().map { sentence in
        var sentence = sentence
        sentence.heading = heading
        sentence.isItem = line.isItem || line.isHeading
        return sentence
      }
      sentences += found
      if line.isHeading || line.text.hasSuffix(":"), let last = found.last {
        heading = last.words
        isListHeading = !line.isHeading
      }
    }
    self.sentences = sentences
  }

  /// The words of all sentences, each sentence ended by a full stop.
  var words: [String] { sentences.flatMap { $0.words + ["."] } }

  /// Whether one of the phrases occurs as whole words.
  func contains(anyOf phrases: [String]) -> Bool {
    let words = words
    return phrases.contains { Phrase(words: PlainText($0).sentences.flatMap(\.words)).match(words) != nil }
  }

  // MARK: Lines

  private struct Line {
    var text: String
    var isItem = false, isHeading = false
  }

  private static func lines(_ text: String) -> [Line] {
    var lines: [Line] = []
    var isOpen = false
    for raw in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      let line = Self.line(raw)
      guard !line.text.isEmpty else {
        isOpen = false
        continue
      }
      if isOpen, !line.isItem, !line.isHeading, line.text.first?.isLowercase == true {
        lines[lines.count - 1].text += " " + line.text
      } else {
        lines.append(line)
      }
      isOpen = !line.isHeading && !(line.text.last.map { ".!?:".contains($0) } ?? true)
    }
    return lines
  }

  /// A line without its list mark; cells of a table are joined by colons.
  private static func line(_ raw: Substring) -> Line {
    var line = Line(text: raw.trimmed)
    if line.text.hasPrefix(">") { line.text = line.text.drop { $0 == ">" || $0 == " " }.trimmed }
    if line.text.hasPrefix("#") {
      return Line(text: line.text.drop { $0 == "#" || $0 == " " }.trimmed, isHeading: true)
    }
    if line.text.hasPrefix("|") {
      let cells = line.text.split(separator: "|").map(\.trimmed).filter { cell in
        !cell.allSatisfy { "-: ".contains($0) }
      }
      return Line(text: cells.joined(separator: ": "), isItem: true)
    }
    if let item = item(line.text) { line = Line(text: item.trimmed, isItem: true) }
    line.isHeading = !line.isItem && isBold(line.text) && line.text.split(separator: " ").count > 1
    return line
  }

  // Written by hand: Swift parses a regular expression again each time it is used, which for the lines and words of all answers
  // took a fifth of a quickstart's processor time.

  /// What follows a list mark, as in "- one" or "2) two"; `nil` without one.
  static func item(_ line: String) -> Substring? {
    let digits = line.prefix(3).prefix { ("0"..."9").contains($0) }
    let mark = line.dropFirst(digits.count)
    guard let end = mark.first, (digits.isEmpty ? "-*+•" : digits.count < 3 ? ".)" : "").contains(end) else {
      return nil
    }
    let rest = mark.dropFirst()
    return rest.first?.isWhitespace == true ? rest : nil
  }

  /// Whether a line is one piece of bold text of a sentence at most: "**Costs**:".
  static func isBold(_ line: String) -> Bool {
    let text = line.hasSuffix(":") ? line.dropLast() : line[...]
    let marks = ["**", "__"]
    guard marks.contains(where: text.hasPrefix), marks.contains(where: text.hasSuffix) else { return false }
    let inner = text.dropFirst(2).dropLast(2)
    return !inner.isEmpty && !inner.contains { "*_.!?".contains($0) }
  }

  /// The text with a line break in the place of each tag, such as `</answer>`.
  private static func withoutTags(_ text: String) -> String {
    text.contains("<") ? text.replacing(/<\/?[A-Za-z]+>/, with: "\n") : text
  }

  /// The text without fenced code blocks, unless it is nothing else.
  private static func withoutCode(_ text: String) -> String {
    guard text.contains("```") else { return text }
    let parts = text.split(separator: "```", omittingEmptySubsequences: false)
    let prose = parts.indices.filter { $0.isMultiple(of: 2) }.map { String(parts[$0]) }.joined(separator: "\n")
    return prose.contains(where: \.isLetter) ? prose : parts.joined(separator: "\n")
  }

  // MARK: Words

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

  /// A word without its English ending, so that `banned`, `bans` and `ban` are one.
  static func stem(_ word: String) -> String {
    var stem = word
    if stem.hasSuffix("ies"), stem.count > 4 { return stem.dropLast(3) + "y" }
    for ending in ["ising", "izing", "ised", "ized", "ises", "izes", "ise", "ize", "ing", "ed", "es", "s", "er", "e"]
    where stem.hasSuffix(ending) && stem.count - ending.count >= 3 && !stem.hasSuffix("ss") {
      stem = String(stem.dropLast(ending.count))
      break
    }
    if stem.count > 3, let last = stem.last, last == stem.dropLast().last, !"sleaou".contains(last) {
      stem.removeLast()
    }
    return stem
  }
}

/// Cuts the characters of a line into sentences.
private struct Scanner {
  private let characters: [Character]
  private var sentences: [PlainText.Sentence] = []
  private var sentence = PlainText.Sentence(source: "")
  private var word = ""
  /// The first and the last letter: a quotation that holds both is the whole text.
  private let letters: (first: Int, last: Int)
  /// Where no further quotation mark follows.
  private var endOfQuotations = Int.max

  init(_ characters: [Character]) {
    self.characters = characters.map(Self.plain)
    letters = (characters.firstIndex(where: \.isLetter) ?? 0, characters.lastIndex(where: \.isLetter) ?? 0)
  }

  private static func plain(_ character: Character) -> Character {
    switch character {
    case "’", "‘", "`", "ʼ": "'"
    case "“", "”", "«", "»", "„": "\""
    case "—", "–": "—"
    case "‑": "-"
    case "…": "."
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
      sentence.source.append(character)
      if isEnd(at: index) {
        endSentence(isQuestion: character == "?")
      } else {
        take(character, at: index)
      }
      index += 1
    }
    endSentence(isQuestion: false)
    return sentences
  }

  private mutating func take(_ character: Character, at index: Int) {
    if character.isLetter || character.isNumber || character == "_" || isInside(character, at: index) {
      if word.isEmpty, character.isUppercase, !isWordCharacter(index + 1), at(index + 1) != "'" {
        sentence.capitals.insert(sentence.tokens.count)
      }
      word.append(contentsOf: character.lowercased())
      return
    }
    if character == ",", isBetweenDigits(index) { return }
    endWord()
    switch character {
    case ",", ";", ":", "(", ")": sentence.tokens.append(String(character))
    case "[": sentence.tokens.append("(")
    case "]": sentence.tokens.append(")")
    case "=": sentence.tokens.append(":")
    case "—": sentence.tokens.append("-")
    case "-" where at(index + 1)?.isWhitespace ?? true: sentence.tokens.append("-")
    case "%": sentence.tokens.append("percent")
    case "~", "≈": sentence.tokens.append("about")
    default: break
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
    guard ".=/-':".contains(character), isWordCharacter(index + 1) else { return false }
    if character == ":" { return isBetweenDigits(index) }
    return !word.isEmpty || (character == "-" && at(index + 1)?.isNumber == true)
  }

  private func isEnd(at index: Int) -> Bool {
    switch characters[index] {
    case "!", "?", "。", "？", "！": true
    case ".": !isInside(".", at: index) && !isAbbreviation(index)
    default: false
    }
  }

  /// `U.S.`, `e.g.` and single letters as in `J. Smith`, but not `I.` nor the letter of an option that ends the text.
  private func isAbbreviation(_ index: Int) -> Bool {
    let isDotted = word.contains(".") && word.split(separator: ".").allSatisfy { $0.count == 1 }
    return (isDotted || ["mr", "mrs", "ms", "dr", "vs", "etc"].contains(word)) && at(index + 1) == " "
  }

  /// The end of a quotation of more than four words; `nil` for a shorter one, one that is never closed, and one that is
  /// the whole text.
  private mutating func quotation(from start: Int) -> Int? {
    guard start < endOfQuotations, let end = characters[(start + 1)...].firstIndex(of: "\"") else {
      endOfQuotations = min(endOfQuotations, start)
      return nil
    }
    let isLong = characters[(start + 1)..<end].split(maxSplits: 5, whereSeparator: \.isWhitespace).count > 4
    return isLong && (letters.first < start || letters.last > end) ? end : nil
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
