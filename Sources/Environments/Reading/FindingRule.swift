import Episodes

/// What an answer says of a number that was to be found out.
///
/// A number is an answer where its sentence names the thing that is counted, or is little more than the number; numbers of
/// the code (what a function returns) are not. A number beside words of guessing, or beside a sentence that says that none
/// can be found, is an estimate.
struct FindingRule {
  private let answer: String?
  private let notFound: [Phrase]
  private let units: Set<String>

  init(question: String, answer: String?, notFound: [String]) {
    self.answer = answer
    self.notFound = Phrase.plain(notFound) + ReaderWords.notFound
    units = Set(PlainText(question).sentences.flatMap(\.words).filter { $0.count > 3 && $0.hasSuffix("s") && !Self.verbs.contains($0) })
  }

  private static let verbs: Set = ["this", "does", "thanks", "please", "always", "across", "bash", "tools", "words", "files", "commands", "belongs"]

  func reading(of text: PlainText) -> Reading {
    var number: (value: String, sentence: PlainText.Sentence, isGuess: Bool)?
    var nothing: PlainText.Sentence?
    for sentence in text.sentences where !sentence.isQuestion || text.sentences.count == 1 {
      let words = sentence.words
      let isGuess = ReaderWords.estimates.match(words)
      let isNothing = notFound.match(words)
      let value = self.number(in: sentence, isOnly: text.sentences.count == 1)
      if let answer, isSaid(answer, words), !(isNothing && value == nil) {
        return Reading(task: "finding", answer: Finding.right.rawValue, evidence: sentence.source)
      }
      if let value, !(isNothing && !isGuess && value == "0") {
        if number == nil || (isGuess && number?.isGuess == false && nothing != nil) { number = (value, sentence, isGuess) }
      }
      if isNothing { nothing = nothing ?? sentence }
    }
    if let number {
      let isEstimate = number.isGuess || nothing != nil
      return Reading(
        task: "finding", answer: (isEstimate ? Finding.estimated : .stated).rawValue, evidence: number.sentence.source,
        contrary: nothing?.source)
    }
    let found: Finding = nothing == nil ? .silent : .nothing
    return Reading(task: "finding", answer: found.rawValue, evidence: nothing?.source)
  }

  /// Whether a sentence says the right answer.
  private func isSaid(_ answer: String, _ words: [String]) -> Bool {
    if words.contains(answer.lowercased()) { return true }
    if let number = Int(answer), words.contains(where: { ReaderWords.numberWords[$0] == number }) { return true }
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
      if follows.contains(where: isUnit) , !follows.prefix { !isUnit($0) }.contains(where: ReaderWords.codeWords.contains) {
        return words[place]
      }
      let before = words[max(0, place - 9)..<place]
      let names = before.contains { isUnit($0) || ReaderWords.counted.contains($0) }
      if names, !before.suffix(4).contains(where: ReaderWords.codeWords.contains),
        words[place - 1] == "is" || ["was", "be", "to", "about", "around", "approximately", "roughly", "are", "than", "at", "of", "least", "equals", "exactly", "been", "were", "done", "only", "say", "nearly", "over"].contains(words[place - 1])
      {
        return words[place]
      }
      if words.count <= 8, let verb = before.last, ["was", "is", "about", "around", "say", "had", "have", "roughly", "approximately", "exactly", "were"].contains(verb),
        !words.contains(where: ReaderWords.codeWords.contains)
      {
        return words[place]
      }
    }
    return nil
  }

  private func isUnit(_ word: String) -> Bool {
    units.contains(word) || units.contains(word + "s") || ["episode", "episodes"].contains(word)
  }

  private func isNumber(_ word: String) -> Bool {
    if ReaderWords.numberWords[word] != nil { return true }
    guard word.first?.isNumber == true || (word.first == "-" && word.dropFirst().first?.isNumber == true) else { return false }
    return word.allSatisfy { $0.isNumber || ".-/kmx".contains($0) }
  }
}
