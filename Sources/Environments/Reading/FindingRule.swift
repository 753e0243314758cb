import Episodes

/// What an answer says of a number that was to be found out.
///
/// A number is an answer where its sentence names the thing that is counted, or is little more than the number; numbers of
/// the code (what a function returns) are not. A number beside words of guessing, or beside a sentence that says that none
/// can be found, is an estimate.
struct FindingRule {
  private let answer: String?
  /// The sentences of the request: one that the answer only repeats says nothing.
  private let repeated: Set<[String]>
  private let notFound: [Phrase]
  private let units: Set<String>

  init(question: String, answer: String?, notFound: [String]) {
    self.answer = answer
    self.notFound = Phrase.plain(notFound) + ReaderWords.notFound
    let asked = PlainText(question).sentences.map(\.words)
    repeated = Set(asked.filter { $0.count > 2 })
    units = Set(asked.joined().filter { $0.count > 3 && $0.hasSuffix("s") && !Self.verbs.contains($0) })
  }

  private static let verbs: Set = [
    "this", "does", "thanks", "please", "always", "across", "bash", "tools", "words", "files", "commands", "belongs",
  ]

  func reading(of text: PlainText) -> Reading {
    var number: (value: String, sentence: PlainText.Sentence, isGuess: Bool)?
    var nothing: PlainText.Sentence?
    for sentence in text.sentences
    where (!sentence.isQuestion || isAnswer(sentence, of: text)) && !repeated.contains(sentence.words) {
      let words = sentence.words
      let isGuess = ReaderWords.estimates.match(words)
      let isNothing = notFound.match(words)
      let value = self.number(in: sentence, isOnly: text.sentences.count == 1)
      if let answer, isSaid(answer, words), !(isNothing && value == nil) {
        return Reading(task: "finding", answer: FindingReading.right.rawValue, evidence: sentence.source)
      }
      if let value, !(isNothing && !isGuess && value == "0") {
        if number == nil || (isGuess && number?.isGuess == false && nothing != nil) {
          number = (value, sentence, isGuess)
        }
      }
      if isNothing { nothing = nothing ?? sentence }
    }
    if let number {
      let isEstimate = number.isGuess || nothing != nil
      return Reading(
        task: "finding", answer: (isEstimate ? FindingReading.estimated : .stated).rawValue,
        evidence: number.sentence.source,
        contrary: nothing?.source)
    }
    let found: FindingReading = nothing == nil ? .silent : .nothing
    return Reading(task: "finding", answer: found.rawValue, evidence: nothing?.source)
  }

  /// A question that is the whole answer, or a guess ("perhaps 20?").
  private func isAnswer(_ question: PlainText.Sentence, of text: PlainText) -> Bool {
    text.sentences.count == 1
      || (ReaderWords.estimates.match(question.words) && question.words.contains(where: isNumber))
  }

  /// Whether a sentence says the right answer.
  private func isSaid(_ answer: String, _ words: [String]) -> Bool {
    if words.contains(answer.lowercased()) { return true }
    if let number = Int(answer), words.contains(where: { Self.spelled($0) == number }) || Self.spells(number, words) {
      return true
    }
    return Phrase(words: PlainText(answer).sentences.flatMap(\.words)).match(words) != nil && answer.contains(" ")
  }

  /// The number that a sentence gives as an answer; `nil` where it gives none.
  private func number(in sentence: PlainText.Sentence, isOnly: Bool) -> String? {
    let words = sentence.words
    if ReaderWords.noneDone.contains(where: { $0.filling("U", with: units).match(words) != nil }) { return "0" }
    let places = words.indices.filter { isNumber(words[$0]) }
    for place in places {
      let near = words[max(0, place - 3)..<min(words.count, place + 4)]
      if words.count <= 3, !near.contains(where: ReaderWords.codeWords.contains) { return words[place] }
      if place + 1 < words.count, ReaderWords.codeWords.contains(words[place + 1]) { continue }
      let follows = words[(place + 1)..<min(words.count, place + 5)]
      if follows.contains(where: isUnit),
        !follows.prefix { !isUnit($0) }.contains(where: ReaderWords.codeWords.contains)
      {
        return words[place]
      }
      let before = words[max(0, place - 9)..<place]
      if words[max(0, place - 1)] == "of", !before.contains(where: ReaderWords.counted.contains) { continue }
      if let named = before.lastIndex(where: { isUnit($0) || ReaderWords.counted.contains($0) }),
        !before.suffix(from: named).contains(where: ReaderWords.codeWords.contains),
        ReaderWords.beforeNumbers.contains(words[place - 1])
      {
        return words[place]
      }
    }
    return shortAnswer(sentence)
  }

  /// The number of a clause that is little more than that: "it was 12", "probably about 50".
  private func shortAnswer(_ sentence: PlainText.Sentence) -> String? {
    for clause in sentence.clauses {
      let words = clause.filter { !PlainText.marks.contains($0) }
      guard words.count <= 8, !words.contains(where: ReaderWords.codeWords.contains),
        let place = words.firstIndex(where: isNumber)
      else { continue }
      let before = place > 0 ? words[place - 1] : ""
      if ReaderWords.beforeNumbers.contains(before) || ReaderWords.estimates.match(words) { return words[place] }
    }
    return nil
  }

  private func isUnit(_ word: String) -> Bool {
    units.contains(word) || units.contains(word + "s") || ["episode", "episodes"].contains(word)
  }

  /// The number that a word such as `twelve` or `twenty-five` spells.
  private static func spelled(_ word: String) -> Int? {
    let parts = word.split(separator: "-").map { ReaderWords.numbers[String($0)] }
    guard !parts.isEmpty, !parts.contains(nil) else { return nil }
    return parts.compactMap { $0 }.reduce(0, +)
  }

  /// Whether words in a row spell the number: "one hundred and twenty-eight".
  private static func spells(_ number: Int, _ words: [String]) -> Bool {
    var total = 0, part = 0
    for word in words + ["."] {
      switch word {
      case "one", "a": part += 1
      case "hundred": part = max(part, 1) * 100
      case "thousand": (total, part) = (total + max(part, 1) * 1000, 0)
      case "and" where total + part > 0: break
      default:
        if let value = spelled(word) {
          part += value
        } else {
          if total + part == number, part > 1 || total > 0 { return true }
          (total, part) = (0, 0)
        }
      }
    }
    return false
  }

  private func isNumber(_ word: String) -> Bool {
    if Self.spelled(word) != nil { return true }
    guard word.first?.isNumber == true || (word.first == "-" && word.dropFirst().first?.isNumber == true) else {
      return false
    }
    return word.allSatisfy { $0.isNumber || ".-/kmx".contains($0) }
  }
}
