import Episodes

/// What an answer says of a number that was to be found out.
///
/// A number is an answer where its clause names the thing that is counted, or is little more than the number; numbers of
/// the code (what a function returns) are not. A number beside words of guessing, or beside a sentence that says that none
/// can be found, is an estimate.
struct FindingRule {
  private let answer: String?
  /// The sentences of the request: one that the answer only repeats says nothing.
  private let repeated: Set<[String]>
  private let notFound: [Phrase]
  private let noneDone: [Phrase]
  /// Words for what is counted: of the question, or of time where it asks how long.
  private let units: Set<String>
  private let codeWords: Set<String>
  private let namesYear: Bool

  init(question: String, answer: String?, notFound: [String]) {
    self.answer = answer
    self.notFound = Phrase.plain(notFound) + ReaderWords.notFound
    let asked = PlainText(question).sentences.map(\.words)
    repeated = Set(asked.filter { $0.count > 2 })
    let words = Array(asked.joined())
    let asksForTime =
      Phrase("how long").match(words) != nil || words.contains(where: ReaderWords.timeUnits.contains)
    let things = words.filter { $0.count > 3 && $0.hasSuffix("s") && !ReaderWords.unlikeUnits.contains($0) }
    let counted = Phrase("how many").match(words).map { Array(words[$0.upperBound...].prefix(1)) } ?? []
    let persons = ReaderWords.persons.isDisjoint(with: words) ? [] : ["people"]
    units = Set(things + counted + persons).union(asksForTime ? ReaderWords.timeUnits : ["episodes"])
    namesYear = words.contains(where: Self.isYear)
    codeWords = ReaderWords.codeWords.subtracting(asksForTime ? ReaderWords.timeUnits : []).subtracting(things)
    noneDone = ReaderWords.noneDone.map { [units] in $0.filling("U", with: units) }
  }

  func reading(of text: PlainText) -> Reading {
    var number: (sentence: PlainText.Sentence, isGuess: Bool)?
    var nothing: PlainText.Sentence?
    for sentence in text.sentences
    where (!sentence.isQuestion || isAnswer(sentence, of: text)) && !repeated.contains(sentence.words) {
      let words = sentence.words
      let value = self.number(in: sentence, isOnly: text.sentences.count == 1)
      let isGuess = ReaderWords.estimates.match(words) || value.map { isVague($0, words) } ?? false
      let isNothing = notFound.match(words)
      if let answer, isSaid(answer, sentence), !(isNothing && value == nil) {
        return Reading(task: "finding", answer: FindingReading.right.rawValue, evidence: sentence.source)
      }
      if let value, !(isNothing && !isGuess && value.value == 0) {
        if number == nil || (isGuess && number?.isGuess == false && nothing != nil) { number = (sentence, isGuess) }
      } else if !isNothing, isNoneDone(words) {
        number = number ?? (sentence, isGuess)
      }
      if isNothing { nothing = nothing ?? sentence }
    }
    if let number {
      let isEstimate = number.isGuess || nothing != nil
      return Reading(
        task: "finding", answer: (isEstimate ? FindingReading.estimated : .stated).rawValue,
        evidence: number.sentence.source, contrary: nothing?.source)
    }
    let found: FindingReading = nothing == nil ? .silent : .nothing
    return Reading(task: "finding", answer: found.rawValue, evidence: nothing?.source)
  }

  /// A question that is the whole answer, or a guess ("perhaps 20?").
  private func isAnswer(_ question: PlainText.Sentence, of text: PlainText) -> Bool {
    text.sentences.count == 1
      || (ReaderWords.estimates.match(question.words) && !Quantity.all(in: question.words).isEmpty)
  }

  private func isNoneDone(_ words: [String]) -> Bool { noneDone.match(words) }

  /// Whether a sentence says the right answer.
  private func isSaid(_ answer: String, _ sentence: PlainText.Sentence) -> Bool {
    let words = sentence.words
    if words.contains(answer.lowercased()) { return true }
    if let number = Double(answer) {
      return Quantity.all(in: words).contains { $0.value == number && !isCode($0, words) }
    }
    return Phrase(words: PlainText(answer).sentences.flatMap(\.words)).match(words) != nil && answer.contains(" ")
  }

  // MARK: Numbers

  /// "about 12", "12 or so".
  private func isVague(_ quantity: Quantity, _ words: [String]) -> Bool {
    let before = words[max(0, quantity.range.lowerBound - 2)..<quantity.range.lowerBound]
    return (before + words[quantity.range]).contains(where: ReaderWords.vague.contains)
  }

  private func isCode(_ quantity: Quantity, _ words: [String]) -> Bool {
    let end = quantity.range.upperBound
    return end < words.count && codeWords.contains(words[end])
  }

  /// The number that a sentence gives as an answer; `nil` where it gives none.
  private func number(in sentence: PlainText.Sentence, isOnly: Bool) -> Quantity? {
    let words = sentence.words
    let quantities = Quantity.all(in: words).filter { !$0.isPercent && !isCode($0, words) && !isYear($0, words) }
    if let counted = quantities.first(where: { isCounted($0, words) || isNamed($0, words) }) { return counted }
    let clauses = sentence.clauses
    return clauses.indices.lazy.compactMap { index in
      // "Files read: 3"
      let isOfCode =
        clauses[index].joint == ":" && index > 0 && clauses[index - 1].words.contains(where: codeWords.contains)
      return isOfCode ? nil : shortAnswer(clauses[index])
    }.first
  }

  private static func isYear(_ word: String) -> Bool {
    word.utf8.count == 4 && (word.hasPrefix("19") || word.hasPrefix("20")) && word.allSatisfy(\.isWholeNumber)
  }

  /// "in 2022", or any year where the question names one.
  private func isYear(_ quantity: Quantity, _ words: [String]) -> Bool {
    let (start, end) = (quantity.range.lowerBound, quantity.range.upperBound)
    guard end - start == 1, Self.isYear(words[start]), end == words.count || !isUnit(words[end]) else { return false }
    return namesYear || start > 0 && ReaderWords.beforeYears.contains(words[start - 1])
  }

  /// "max episodes 5000" is what was allowed.
  private func isLimit(_ words: some Collection<String>) -> Bool {
    words.contains { word in PlainText.parts(of: word).contains { ReaderWords.limits.contains(String($0)) } }
  }

  /// "12 [training] episodes", "episode 12", "2h".
  private func isCounted(_ quantity: Quantity, _ words: [String]) -> Bool {
    if isLimit(words[..<quantity.range.lowerBound].suffix(4)) { return false }
    if quantity.suffix != nil { return units.contains("hours") }
    let (start, end) = (quantity.range.lowerBound, quantity.range.upperBound)
    if quantity.range.count > 1, units.contains(words[end - 1]) { return true }
    if start > 0, isUnit(words[start - 1]), !words[start - 1].hasSuffix("s") { return true }
    let follows = words[end..<min(words.count, end + 4)]
    guard let unit = follows.firstIndex(where: isUnit) else { return false }
    return !follows[..<unit].contains { codeWords.contains($0) || ReaderWords.breaks.contains($0) }
  }

  /// "the count is 12", "episodes so far: 300".
  private func isNamed(_ quantity: Quantity, _ words: [String]) -> Bool {
    let start = quantity.range.lowerBound
    let before = words[max(0, start - 10)..<start]
    if isLimit(before.suffix(4)) { return false }
    guard let named = before.lastIndex(where: { isUnit($0) || ReaderWords.counted.contains($0) }) else { return false }
    let between = before[(named + 1)...]
    if between.contains(where: { codeWords.contains($0) || ReaderWords.breaks.contains($0) }) { return false }
    return between.isEmpty || ReaderWords.beforeNumbers.contains(words[start - 1])
  }

  /// The number of a clause that is little more than that: "it was 12", "probably about 50".
  private func shortAnswer(_ clause: Clause) -> Quantity? {
    let words = clause.words
    let quantities = Quantity.all(in: words)
    guard words.count <= (ReaderWords.estimates.match(words) ? 10 : 8), quantities.count <= 2,
      let quantity = quantities.first, !quantity.isPercent,
      !words.contains(where: codeWords.contains), !isLimit(words), !isYear(quantity, words)
    else { return nil }
    let start = quantity.range.lowerBound
    let others = words[..<start] + words[quantity.range.upperBound...]
    let isAlone =
      clause.joint != "("
      && others.allSatisfy { ReaderWords.beforeNumbers.contains($0) || ReaderWords.aroundNumbers.contains($0) }
    if isAlone || ReaderWords.beforeNumbers.contains(start > 0 ? words[start - 1] : "")
      || ReaderWords.estimates.match(words)
    {
      return quantity
    }
    return nil
  }

  private func isUnit(_ word: String) -> Bool { units.contains(word) || units.contains(word + "s") }
}
