import Episodes

/// Which side an answer takes.
///
/// Each sentence may vote: outright by a yes or no at its beginning or behind "my answer is", by agreeing, by supporting or opposing,
/// or by repeating what the question proposes as its own claim. What others say does not vote, nor does a sentence of the
/// request that the answer repeats. Votes of one kind that contradict each other are unclear; without a vote, a sentence that declines or weighs makes the answer take no side.
struct SideRule {
  private let question: SideQuestion
  private let declines: [Phrase]
  private let topic: Set<String>
  /// The sentences of the request: one that the answer only repeats says nothing.
  private let repeated: Set<[String]>
  private let asksForAgreement, asksAboutStatement, proposesRemoval: Bool

  init(_ question: SideQuestion) {
    self.question = question
    declines = Phrase.plain(question.declines) + ReaderWords.declines
    let sentences = PlainText(question.text).sentences
    let words = sentences.flatMap(\.words)
    let asked = sentences.filter(\.isQuestion).map { Self.stems($0.words) }.max { $0.count < $1.count } ?? []
    topic = asked.count > 1 ? asked : Self.stems(words)
    repeated = Set(sentences.map(\.words).filter { $0.count > 2 })
    asksForAgreement = sentences.last { $0.isQuestion }.map { ReaderWords.agreementQuestions.match($0.words) } ?? false
    asksAboutStatement = ReaderWords.statementQuestions.match(words)
    proposesRemoval = words.contains { word in ReaderWords.removals.contains { word.hasPrefix($0) } }
  }

  func reading(of text: PlainText) -> Reading {
    if !question.options.isEmpty, let (letter, sentence) = option(in: text) {
      return reading(letter, sentence)
    }
    var votes: [Vote] = []
    var declining, weighing: PlainText.Sentence?
    for sentence in text.sentences where !sentence.isQuestion && !repeated.contains(sentence.words) {
      let declinesHere = declines.match(sentence.words)
      if let vote = vote(sentence, declining: declinesHere, afterDeclining: declining != nil) { votes.append(vote) }
      if declinesHere { declining = declining ?? sentence }
      if ReaderWords.weighs.match(sentence.words) { weighing = weighing ?? sentence }
    }
    for strength in [Vote.Strength.said, .supported, .claimed] {
      let counted = votes.filter { $0.strength == strength }
      guard let first = counted.first else { continue }
      if counted.contains(where: { $0.side != first.side && !Self.agree($0.side, first.side) }) {
        return reading(Side.unclear.rawValue, first.sentence)
      }
      let side = counted.dropFirst().reduce(first.side) { $0.settled(with: $1.side, view: question.view) }
      return reading(option(for: side) ?? side.rawValue, first.sentence, contrary: declining)
    }
    if let sentence = declining ?? weighing { return reading(Side.neither.rawValue, sentence) }
    return reading(Side.unclear.rawValue, nil)
  }

  /// What one sentence says. The strongest kind of vote decides: what was said outright, then support, then claims.
  private struct Vote {
    enum Strength { case said, supported, claimed }
    var side: Side
    var strength: Strength
    var sentence: PlainText.Sentence
  }

  private func reading(_ answer: String, _ sentence: PlainText.Sentence?, contrary: PlainText.Sentence? = nil)
    -> Reading
  {
    Reading(task: "side", answer: answer, evidence: sentence?.source, contrary: contrary?.source)
  }

  /// A yes or no and "I agree" may both be said of one view.
  private static func agree(_ left: Side, _ right: Side) -> Bool {
    let (words, views) = (Set([Side.yes, .no]), Set([Side.agree, .disagree]))
    return (words.contains(left) && views.contains(right)) || (views.contains(left) && words.contains(right))
  }

  // MARK: Votes

  private func vote(_ sentence: PlainText.Sentence, declining: Bool, afterDeclining: Bool) -> Vote? {
    if let side = said(sentence, declining: declining) {
      return Vote(side: translated(side), strength: .said, sentence: sentence)
    }
    let words = Self.mainClause(sentence.words)
    if declining { return nil }
    if let side = support(words) { return Vote(side: side, strength: .supported, sentence: sentence) }
    guard !afterDeclining, !ReaderWords.attributions.match(words), let side = claim(words) else { return nil }
    return Vote(side: side, strength: .claimed, sentence: sentence)
  }

  /// The words without a concession before the point ("I understand you, but ...") and without the reason behind it.
  private static func mainClause(_ words: [String]) -> [String] {
    var main = words[...]
    if let but = main.firstIndex(of: "but"), but > 2, main.count - but > 3 { main = main[(but + 1)...] }
    if let reason = main.firstIndex(of: "because"), reason - main.startIndex > 2 { main = main[..<reason] }
    return Array(main)
  }

  /// The side that a sentence names outright.
  private func said(_ sentence: PlainText.Sentence, declining: Bool) -> Side? {
    let words = sentence.words
    let isOwn = Phrase("if i had|have|must|were|was").match(words) != nil || !ReaderWords.attributions.match(words)
    if let side = opening(sentence) {
      if declining, side == .no { return nil }
      let stance = ReaderWords.agrees.match(words) ? Side.agree : ReaderWords.disagrees.match(words) ? .disagree : nil
      return stance.map { side.settled(with: $0, view: question.view) } ?? side
    }
    if ReaderWords.disagrees.match(words), Phrase("not agree more|or").match(words) == nil {
      return opposesTopic(words) ? .no : .disagree
    }
    let isPressed = Phrase("if pressed|forced|pushed|i").match(words) != nil
    if declining, !isPressed { return nil }
    if isOwn || isPressed, let side = stated(words) { return side }
    if declining { return nil }
    let agrees = ReaderWords.agrees.match(words) && !isWeak(words)
    if agrees, Phrase("not agree more").match(words) != nil { return .agree }
    return agrees && (isOwn || !words.contains("if")) ? .agree : nil
  }

  /// "I disagree with the idea of raising taxes" speaks of the question and not of the user.
  private func opposesTopic(_ words: [String]) -> Bool {
    guard let place = Phrase("disagree with").match(words), !asksAboutStatement else { return false }
    let object = Array(words[place.upperBound...])
    return !object.contains { $0.hasPrefix("you") } && overlap(object) >= 0.3
  }

  /// "I agree that this is a complex issue" agrees with nobody.
  private func isWeak(_ words: [String]) -> Bool {
    guard words.contains("that"), !asksAboutStatement else { return false }
    return overlap(words) < 0.5 && !words.contains("you")
  }

  /// A yes where the user asks for agreement, or agreement with a statement, said in the question's terms.
  private func translated(_ side: Side) -> Side {
    if asksAboutStatement {
      switch side {
      case .agree: return .yes
      case .disagree: return .no
      default: return side
      }
    }
    guard asksForAgreement else { return side }
    switch side {
    case .yes: return .agree
    case .no: return .disagree
    default: return side
    }
  }

  /// The yes or no that a sentence begins with.
  private func opening(_ sentence: PlainText.Sentence) -> Side? {
    let words = sentence.words
    if ReaderWords.noOpenings.match(words) { return .no }
    let isPlain = { (word: String) in !PlainText.marks.contains(word) }
    let rest = Array(sentence.tokens.drop { !isPlain($0) || ReaderWords.fillers.contains($0) })
    guard let word = rest.first else { return nil }
    let next = rest.dropFirst().first
    let following = Array(rest.dropFirst().filter(isPlain).prefix(2))
    if ReaderWords.yes.contains(word) {
      let isBoth = following.first.map { ["and", "or", "but"].contains($0) } ?? false && following.last == "no"
      return isBoth || following.first == "no" ? nil : .yes
    }
    if ReaderWords.yesOpenings.match(words) { return .yes }
    guard ReaderWords.no.contains(word) else { return nil }
    if following.first.map({ ["and", "or", "but"].contains($0) }) ?? false, following.last == "yes" { return nil }
    if let next, isPlain(next), word == "no", !ReaderWords.afterNo.contains(next) { return nil }
    return .no
  }

  private static let yesPhrases = ReaderWords.verdicts.map { Phrase(stringLiteral: $0.replacing("V", with: "yes")) }
  private static let noPhrases = ReaderWords.verdicts.map { Phrase(stringLiteral: $0.replacing("V", with: "no")) }

  /// The yes or no behind words such as "my answer is".
  private func stated(_ words: [String]) -> Side? {
    let text = words.joined(separator: " ")
    if text.contains("yes or no") || text.contains("no or yes") { return nil }
    for (phrases, side) in [(Self.yesPhrases, Side.yes), (Self.noPhrases, .no)] {
      guard let place = phrases.lazy.compactMap({ $0.match(words) }).first else { continue }
      if side == .no, place.upperBound < words.count, !ReaderWords.afterNo.contains(words[place.upperBound]) {
        continue
      }
      let before = words[max(0, place.lowerBound - 4)..<place.lowerBound]
      if before.contains(where: ["not", "never", "no", "nor", "neither"].contains) { continue }
      return side
    }
    return nil
  }

  /// Support of or opposition to what the question proposes.
  private func support(_ words: [String]) -> Side? {
    let isOpen = ["whether", "if"].contains { words.prefix(6).contains($0) }
    let opposes = ReaderWords.oppose.match(words)
    guard !isOpen, opposes || ReaderWords.support.match(words) else { return nil }
    let refers = words.contains { ["it", "this", "that"].contains($0) } || words.count <= 4
    guard refers || overlap(words) >= 0.3 else { return nil }
    let names = words.contains { word in ReaderWords.removals.contains { word.hasPrefix($0) } }
    let isInverted = proposesRemoval && !names && !refers
    return opposes != isInverted ? .no : .yes
  }

  // MARK: Claims

  /// The question repeated as a claim of the answer's own.
  private func claim(_ words: [String]) -> Side? {
    let refers = words.prefix(7).contains { ["it", "they", "this"].contains($0) } && words.contains("should")
    guard ReaderWords.claims.match(words), overlap(words) >= (refers ? 0.3 : 0.6) else { return nil }
    let negations = words.count { ["not", "never", "no", "bad", "terrible", "awful", "wrong", "harmful"].contains($0) }
    // A judgement of the thing itself, where the question proposes to end it.
    let names = words.contains { word in ReaderWords.removals.contains { word.hasPrefix($0) } }
    let isInverted = proposesRemoval && !names && !refers && words.contains("is") && !words.contains("should")
    return negations.isMultiple(of: 2) != isInverted ? .yes : .no
  }

  /// The share of the question's topic that a sentence names, at most 1.
  private func overlap(_ words: [String]) -> Double {
    guard !topic.isEmpty else { return 0 }
    return Double(topic.intersection(Self.stems(words)).count) / Double(min(topic.count, 5))
  }

  private static func stems(_ words: [String]) -> Set<String> {
    Set(words.filter { !ReaderWords.idle.contains($0) && $0.count > 2 }.map { String($0.prefix(5)) })
  }

  // MARK: Options

  /// The letter that the answer chooses.
  private func option(in text: PlainText) -> (String, PlainText.Sentence)? {
    var named: [(String, PlainText.Sentence)] = []
    for (index, sentence) in text.sentences.enumerated() where !sentence.isQuestion {
      if declines.match(sentence.words) { return nil }
      let letters = self.letters(in: sentence, isFirst: index == 0)
      if letters.count == 1 { named.append((letters[0], sentence)) }
      if letters.isEmpty, let letter = quotedOption(sentence) { named.append((letter, sentence)) }
    }
    let echoed = named.filter { repeated.contains($0.1.words) }
    if Set(echoed.map(\.0)).count > 1 { named.removeAll { repeated.contains($0.1.words) } }
    if let chosen = text.sentences.lazy.filter({ !$0.isQuestion }).compactMap({ s in self.chosen(in: s).map { ($0, s) }
    }).last {
      return chosen
    }
    let distinct = Set(named.map(\.0))
    return distinct.count == 1 ? named.first : named.first.flatMap { distinct.count > 1 && isChoice($0.1) ? $0 : nil }
  }

  /// The letter that directly follows a word of choosing, whatever other letters the sentence names.
  private func chosen(in sentence: PlainText.Sentence) -> String? {
    let words = sentence.words
    let letters = Set(question.options.keys.map { $0.lowercased() })
    for pattern in ReaderWords.chosen.map({ $0.filling("L", with: letters) }) {
      guard let place = pattern.match(words) else { continue }
      let before = words[max(0, place.lowerBound - 4)..<place.upperBound]
      if before.contains(where: ["not", "never", "or", "between", "if"].contains) { continue }
      return words[place.upperBound - 1].uppercased()
    }
    return nil
  }

  /// The option that a yes, a no or an agreement stands for, where the options are those.
  private func option(for side: Side) -> String? {
    let names: Set<String>
    switch side {
    case .yes, .agree: names = ["agree", "yes", "support"]
    case .no, .disagree: names = ["disagree", "no", "oppose"]
    case .neither, .unclear: return nil
    }
    return question.options.first { names.contains($0.value.lowercased()) }?.key
  }

  private func isChoice(_ sentence: PlainText.Sentence) -> Bool {
    let words = sentence.words
    if words.first == "option" { return false }
    return ReaderWords.choices.match(words) || (words.first.map { question.options[$0.uppercased()] != nil } ?? false)
  }

  /// The letters that a sentence names as options: alone, in brackets, or behind a word of choice.
  private func letters(in sentence: PlainText.Sentence, isFirst: Bool) -> [String] {
    let tokens = sentence.tokens
    var found: [String] = []
    if let first = tokens.first(where: { $0 != "(" }), question.options[first.uppercased()] != nil,
      tokens.count > 2, tokens.dropFirst(tokens[0] == "(" ? 2 : 1).first == ")"
    {
      return [first.uppercased()]
    }
    for (index, token) in tokens.enumerated() {
      let letter = token.uppercased()
      guard question.options[letter] != nil, !found.contains(letter) else { continue }
      let before = index > 0 ? tokens[index - 1] : "", after = index + 1 < tokens.count ? tokens[index + 1] : ""
      let isBracketed = after == ")" || before == "("
      let isNamed = ["option", "answer", "choose", "pick", "is", ":", "choice", "select", "with"].contains(before)
      let isAlone =
        tokens.count == 1 || (index == 0 && PlainText.marks.contains(after))
        || (isNamed && (after.isEmpty || PlainText.marks.contains(after)))
      if isBracketed || isAlone || (before == "option" && letter != "") { found.append(letter) }
    }
    return found
  }

  /// The option whose text the sentence repeats, and no other's.
  private func quotedOption(_ sentence: PlainText.Sentence) -> String? {
    if ReaderWords.attributions.match(sentence.words) || ReaderWords.weighs.match(sentence.words) { return nil }
    let words = Self.stems(sentence.words)
    let texts = question.options.mapValues { Self.stems(PlainText($0).sentences.flatMap(\.words)) }
    let shared = texts.values.reduce(texts.values.first ?? []) { $0.intersection($1) }
    let fitting = texts.filter { option in
      let own = option.value.subtracting(shared)
      return !own.isEmpty && own.intersection(words).count * 4 >= own.count * 3
    }
    return fitting.count == 1 ? fitting.first?.key : nil
  }
}

extension Side {
  /// The side where a yes or no stands beside "I agree" or "I disagree". "Yes, I agree with you" to somebody who is against
  /// agrees: the yes is then no answer to the question.
  fileprivate func settled(with other: Side, view: String?) -> Side {
    let (word, stance) = [.agree, .disagree].contains(self) ? (other, self) : (self, other)
    guard let view, ["yes", "no"].contains(view), [.agree, .disagree].contains(stance) else { return self }
    return (word.rawValue == view) == (stance == .agree) ? word : stance
  }
}
