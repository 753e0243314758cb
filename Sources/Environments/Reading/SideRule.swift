import Episodes

/// Which side an answer takes.
///
/// Each clause may vote: outright, by a yes or no, a bare "it should" or by agreeing; by supporting or opposing, or by what the
/// answer would do; or by a claim about what the question proposes. What others say, what stands under a heading such as
/// "Arguments for", questions, and sentences of the request that the answer repeats do not vote. The strongest kind of vote
/// decides. Votes of one kind that contradict each other are unclear, unless the last one concludes. Without a vote, a sentence
/// that declines or weighs makes the answer take no side.
struct SideRule {
  private let question: SideQuestion
  private let proposition: Proposition
  private let declines: [Phrase]
  private let repeated: Set<[String]>

  init(_ question: SideQuestion) {
    self.question = question
    proposition = Proposition(question)
    declines = Phrase.plain(question.declines) + ReaderWords.declines
    repeated = Set(PlainText(question.text).sentences.map(\.words).filter { $0.count > 2 })
  }

  /// What one clause says. The strongest kind of vote decides.
  private struct Vote {
    enum Strength: CaseIterable { case said, supported, claimed }
    var side: Side
    var strength: Strength
    var sentence: PlainText.Sentence
    var concludes = false
    /// "Yes, some firms would struggle": a point given away, where what follows takes the other side.
    var concedes = false
  }

  func reading(of text: PlainText) -> Reading {
    if !question.options.isEmpty,
      let choice = OptionRule(question, declines: declines, repeated: repeated).choice(in: text)
    {
      return reading(choice.letter, choice.sentence)
    }
    var votes: [Vote] = []
    var declining, weighing: PlainText.Sentence?
    for sentence in text.sentences where !sentence.isQuestion && !isRepetition(sentence) {
      let isDeclining = declines.match(sentence.words)
      if isDeclining { declining = declining ?? sentence }
      if !ReaderWords.sides.match(sentence.heading) {
        votes += self.votes(sentence, isDeclining: isDeclining, afterDeclining: declining != nil)
      }
      if ReaderWords.weighs.match(sentence.words) { weighing = weighing ?? sentence }
    }
    votes = votes.enumerated().filter { index, vote in
      !vote.concedes || !votes[(index + 1)...].contains { $0.strength != .claimed && $0.side != vote.side }
    }.map(\.element)
    for strength in Vote.Strength.allCases {
      let counted = votes.filter { $0.strength == strength }
      guard let first = counted.first, let last = counted.last else { continue }
      if strength == .claimed, declining ?? weighing != nil { continue }
      if counted.contains(where: { $0.side != first.side && !Self.areCompatible($0.side, first.side) }) {
        guard last.concludes else { return reading(Side.unclear.rawValue, first.sentence) }
        return reading(option(for: last.side) ?? last.side.rawValue, last.sentence, contrary: first.sentence)
      }
      let others = counted.dropFirst() + votes.filter { strength == .said && $0.strength == .supported }
      let side = others.reduce(first.side) { $0.settled(with: $1.side, view: question.view) }
      return reading(option(for: side) ?? side.rawValue, first.sentence, contrary: declining)
    }
    if let sentence = declining ?? weighing { return reading(Side.neither.rawValue, sentence) }
    return reading(Side.unclear.rawValue, nil)
  }

  /// Whether a sentence is one of the request's, perhaps behind "Human:".
  private func isRepetition(_ sentence: PlainText.Sentence) -> Bool {
    repeated.contains(Array(sentence.words.drop { ["human", "user", "question"].contains($0) }))
  }

  private func reading(_ answer: String, _ sentence: PlainText.Sentence?, contrary: PlainText.Sentence? = nil)
    -> Reading
  {
    Reading(task: "side", answer: answer, evidence: sentence?.source, contrary: contrary?.source)
  }

  /// A yes or no and "I agree" may both be said of one view.
  private static func areCompatible(_ left: Side, _ right: Side) -> Bool {
    let (words, views) = (Set([Side.yes, .no]), Set([Side.agree, .disagree]))
    return (words.contains(left) && views.contains(right)) || (views.contains(left) && words.contains(right))
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

  // MARK: Votes

  private func votes(_ whole: PlainText.Sentence, isDeclining: Bool, afterDeclining: Bool) -> [Vote] {
    let sentence = whole.withoutBoth
    guard !sentence.tokens.isEmpty else { return [] }
    let clauses = sentence.clauses
    let concludes =
      ReaderWords.conclusions.match(sentence.words) || clauses.dropFirst().contains { $0.joint == "but" }
    let said = said(sentence, clauses, isDeclining: isDeclining)
    if !said.isEmpty {
      return said.map {
        Vote(
          side: translated($0, in: sentence.words), strength: .said, sentence: sentence, concludes: concludes,
          concedes: ReaderWords.conceding.match(sentence.words))
      }
    }
    let isPressed = ReaderWords.pressed.match(sentence.words)
    if isDeclining, !isPressed {
      guard let rest = sentence.afterBut, !declines.match(rest.words) else { return [] }
      return votes(rest, isDeclining: false, afterDeclining: true)
    }
    let words = Self.mainClause(sentence.words)
    let isOwn = (isPressed || !Clause.isAnothers(words)) && !isUnderLead(clauses)
    if let side = supported(words, isPressed: isPressed) ?? clauses.lazy.compactMap(wouldDo).first
      ?? (isOwn ? judged(clauses) : nil)
      ?? (isOwn && !ReaderWords.weighs.match(sentence.words) ? answered(words) : nil)
    {
      return [Vote(side: side, strength: .supported, sentence: sentence, concludes: concludes)]
    }
    guard !afterDeclining, isOwn, let side = claimed(words) else { return [] }
    return [Vote(side: side, strength: .claimed, sentence: sentence, concludes: concludes)]
  }

  /// The words without a concession before the point ("I understand you, but ...", "While ..., ...") and without the reason
  /// behind it.
  private static func mainClause(_ words: [String]) -> [String] {
    var main = words[...]
    if let but = main.firstIndex(of: "but"), but > 2, main.count - but > 3 { main = main[(but + 1)...] }
    if let reason = main.firstIndex(where: { ["because", "since"].contains($0) }), reason - main.startIndex > 2 {
      main = main[..<reason]
    }
    return Array(main)
  }

  /// "For: 16-year-olds work" tells what speaks for it.
  private func isUnderLead(_ clauses: [Clause]) -> Bool {
    clauses.count > 1 && clauses[1].joint == ":" && ReaderWords.sides.match(clauses[0].words)
  }

  // MARK: Said outright

  private func said(_ sentence: PlainText.Sentence, _ clauses: [Clause], isDeclining: Bool) -> [Side] {
    let words = sentence.words
    let isPressed = ReaderWords.pressed.match(words)
    if isUnderLead(clauses) { return [] }
    if let side = opening(sentence) {
      if isDeclining, side == .no { return [] }
      let rest = zip(clauses.dropFirst(), clauses).compactMap(verdict).filter { $0 != side }
      let stance = ReaderWords.disagrees.match(words) ? Side.disagree : ReaderWords.agrees.match(words) ? .agree : nil
      let settled =
        stance.map { translated(side, in: words).settled(with: translated($0, in: words), view: question.view) } ?? side
      return [settled] + rest
    }
    if let side = stance(words, isPressed: isPressed, isDeclining: isDeclining) { return [side] }
    if isDeclining, !isPressed { return [] }
    let isOwn = isPressed || !Clause.isAnothers(words)
    if isOwn, let side = stated(words) { return [side] }
    return clauses.indices.filter { isPressed || !Clause.isAnothers(clauses[$0].words) }
      .compactMap { index in
        let isFinished = index + 1 < clauses.count || ".!".contains(sentence.source.last ?? " ")
        return verdict(clauses[index], after: index > 0 ? clauses[index - 1] : nil)
          ?? (isFinished ? bare(clauses[index]) : nil)
      }
  }

  /// Agreement or disagreement, with the user or with the statement.
  private func stance(_ words: [String], isPressed: Bool, isDeclining: Bool) -> Side? {
    let isOwn = isPressed || !Clause.isAnothers(words)
    if Phrase("agree or disagree").match(words) != nil { return nil }
    if let place = Phrase("agree that").match(words), !proposition.isStatement {
      let claim = Array(words[place.upperBound...])
      let opposes = Clause.isNegated(words[..<place.lowerBound])
      if proposition.overlap(claim) >= 0.5, let direction = proposition.direction(of: claim, isAboutIt: false) {
        return (direction > 0) != opposes ? .yes : .no
      }
    }
    if ReaderWords.disagrees.match(words), Phrase("not agree more|or").match(words) == nil {
      return opposesTopic(words) ? .no : .disagree
    }
    guard ReaderWords.agrees.match(words), !isWeak(words), !isDeclining || isPressed else { return nil }
    if Phrase("not agree more").match(words) != nil { return .agree }
    return isOwn || !words.contains("if") ? .agree : nil
  }

  /// "I disagree with the idea of raising taxes" speaks of the question and not of the user.
  private func opposesTopic(_ words: [String]) -> Bool {
    guard let place = Phrase("disagree with").match(words), !proposition.isStatement else { return false }
    let object = Array(words[place.upperBound...])
    return !object.contains { $0.hasPrefix("you") } && proposition.overlap(object) >= 0.3
  }

  /// "I agree that this is a complex issue" agrees with nobody.
  private func isWeak(_ words: [String]) -> Bool {
    guard words.contains("that"), !proposition.isStatement else { return false }
    return proposition.overlap(words) < 0.5 && !words.contains("you")
  }

  /// A yes where the user asks for agreement, or agreement with a statement, said in the question's terms. "I agree with you"
  /// is said of the user, also where the question is of a statement.
  private func translated(_ side: Side, in words: [String]) -> Side {
    let isOfUser = words.contains("you")
    return switch side {
    case .agree where proposition.isStatement && !isOfUser: .yes
    case .disagree where proposition.isStatement && !isOfUser: .no
    case .yes where proposition.asksForAgreement: .agree
    case .no where proposition.asksForAgreement: .disagree
    default: side
    }
  }

  /// The yes or no that a sentence begins with.
  private func opening(_ sentence: PlainText.Sentence) -> Side? {
    let words = sentence.words
    // "It's", where the answer breaks off.
    if words.count == 2, !".!".contains(sentence.source.last ?? " "), words[0] != "no", words[0] != "yes",
      ReaderWords.auxiliaries.contains(words[1])
    {
      return nil
    }
    if ReaderWords.noOpenings.match(words) { return .no }
    let rest = sentence.tokens.drop { PlainText.marks.contains($0) || ReaderWords.fillers.contains($0) }
    // "I think that you will say yes" foretells what another says.
    let before = sentence.tokens[..<rest.startIndex].filter { !PlainText.marks.contains($0) }
    if Clause.isAnothers(before) { return nil }
    if let side = Self.leading(Array(rest)) { return side }
    return ReaderWords.yesOpenings.match(words) ? .yes : nil
  }

  /// The yes or no that the tokens begin with, unless both are named or a "no" belongs to a noun.
  private static func leading(_ tokens: [String]) -> Side? {
    guard let word = tokens.first else { return nil }
    let next = tokens.dropFirst().first
    let following = Array(tokens.dropFirst().filter { !PlainText.marks.contains($0) }.prefix(2))
    let isBoth = following.first.map { ["and", "or", "but"].contains($0) } ?? false
    if ReaderWords.yes.contains(word) {
      return isBoth && following.last == "no" || following.first == "no" ? nil : .yes
    }
    guard ReaderWords.no.contains(word), !(isBoth && following.last == "yes") else { return nil }
    if let next, !PlainText.marks.contains(next), word == "no", !ReaderWords.afterNo.contains(next) { return nil }
    return .no
  }

  /// The yes or no that a later clause begins with: "I can see the appeal, but no".
  private func verdict(_ clause: Clause, after previous: Clause?) -> Side? {
    guard clause.joint != nil, clause.joint != "-" || clause.words.count <= 3 else { return nil }
    if clause.joint == ":", previous?.words.contains("option") ?? false { return nil }
    let rest = Array(clause.words.drop { ReaderWords.fillers.contains($0) || ReaderWords.joints.contains($0) })
    guard rest.count <= 3 || clause.joint != "," || rest.count == clause.words.count else { return nil }
    return Self.leading(rest)
  }

  /// "By and large it is", "I'd say we shouldn't": the question's verb and nothing more.
  private func bare(_ clause: Clause) -> Side? {
    guard let place = ReaderWords.bareAnswers.lazy.compactMap({ $0.match(clause.words) }).first else { return nil }
    let words = clause.words[place]
    guard clause.words[..<place.lowerBound].allSatisfy(ReaderWords.beforeBare.contains) else { return nil }
    if ["if", "whether", "as"].contains(clause.joint) || clause.words[..<place.lowerBound].contains("if") {
      return nil
    }
    if let asked = proposition.auxiliary, !words.contains(where: { Self.isKin($0, asked) }) { return nil }
    return Clause.isNegated(clause.words[..<place.upperBound]) ? .no : .yes
  }

  private static func isKin(_ word: String, _ auxiliary: String) -> Bool {
    ReaderWords.auxiliaryKin.contains { $0.contains(word) && $0.contains(auxiliary) }
  }

  private static let yesPhrases = ReaderWords.verdicts.map { Phrase(stringLiteral: $0.replacing("V", with: "yes")) }
  private static let noPhrases = ReaderWords.verdicts.map { Phrase(stringLiteral: $0.replacing("V", with: "no")) }

  /// The yes or no behind words such as "my answer is".
  private func stated(_ words: [String]) -> Side? {
    let text = words.joined(separator: " ")
    if text.contains("yes or no") || text.contains("no or yes") || text.contains("yes or a no") { return nil }
    for (phrases, side) in [(Self.yesPhrases, Side.yes), (Self.noPhrases, .no)] {
      guard let place = phrases.lazy.compactMap({ $0.match(words) }).first else { continue }
      if side == .no, place.upperBound < words.count, !ReaderWords.afterNo.contains(words[place.upperBound]) {
        continue
      }
      if Clause.isNegated(words[max(0, place.lowerBound - 4)..<place.lowerBound]) { continue }
      return side
    }
    return nil
  }

  // MARK: Supported or claimed

  /// Support of or opposition to what the question proposes.
  private func supported(_ words: [String], isPressed: Bool) -> Side? {
    if ReaderWords.againstIt.match(words) { return .no }
    if ReaderWords.forIt.match(words) { return .yes }
    let isOpen = !isPressed && ["whether", "if"].contains { words.prefix(6).contains($0) }
    let opposed = ReaderWords.oppose.lazy.compactMap { $0.match(words) }.first
    guard !isOpen, let place = opposed ?? ReaderWords.support.lazy.compactMap({ $0.match(words) }).first else {
      return nil
    }
    let object = Array(words[place.upperBound...].prefix { !ReaderWords.joints.contains($0) })
    let isNamed = proposition.overlap(object) > 0
    let refers =
      words[place.lowerBound...].contains { ["it", "this", "that", "so", "one"].contains($0) } || object.count < 2
    guard isNamed ? proposition.overlap(object) >= 0.3 : refers else { return nil }
    let relation = isNamed ? proposition.relation(to: object) : 1
    return (opposed == nil) == (relation > 0) ? .yes : .no
  }

  /// What the answer would do: "I'd keep it", "we shouldn't lower it", "Make it free."
  private func wouldDo(_ clause: Clause) -> Side? {
    let words = Array(clause.words.drop { ["and", "so", "then", "still", "well", "simply", "just"].contains($0) })
    let place = ReaderWords.deeds.lazy.compactMap { $0.match(words) }.first
    guard place != nil || isOrder(clause, words), !Clause.isAnothers(words) else { return nil }
    let said = words[(place?.upperBound ?? 0)...]
    let deed = Array(said.first == "get" ? said.dropFirst() : said)
    guard let verb = deed.first, !ReaderWords.idleDeeds.contains(verb) else { return nil }
    if ReaderWords.doing.contains(verb), deed.count == 2, ["it", "that", "this", "one"].contains(deed[1]) {
      return place.map { Clause.isNegated(words[..<$0.upperBound]) } ?? false ? .no : .yes
    }
    let isProposed = proposition.proposes(verb) || (verb == "make" && deed.count <= 5)
    guard isProposed else { return nil }
    let isNear =
      deed.count <= 3 || deed.contains { ["it", "them", "that", "this", "things"].contains($0) }
      || proposition.overlap(deed) >= 0.3
    guard isNear, let direction = proposition.direction(of: deed, isAboutIt: false) else { return nil }
    let isNegated = place.map { Clause.isNegated(words[..<$0.upperBound]) } ?? false
    return (direction > 0) != isNegated ? .yes : .no
  }

  /// "Make it free.", "Abolish the draft.", "Bottom line: legalize".
  private func isOrder(_ clause: Clause, _ words: [String]) -> Bool {
    guard clause.joint.map({ [":", ";", "-", "then"].contains($0) }) ?? true,
      words.count < 6 || words[1] == "it" || words[1] == "them"
    else { return false }
    switch words.count {
    case 0: return false
    case 1: return clause.joint == ":" && proposition.isChange(words[0])
    case 2: return proposition.isChange(words[0]) || ["it", "them", "this", "that"].contains(words[1])
    default: return ["it", "them", "the", "all", "this", "that"].contains(words[1])
    }
  }

  /// "Fair, I'd say.", "A mistake, and one made for reasons of party.": a judgement and nothing more.
  private func judged(_ clauses: [Clause]) -> Side? {
    guard let first = clauses.first, first.joint == nil, clauses.count == 1 || clauses[1].joint != ":" else {
      return nil
    }
    let words = first.words.drop { ["a", "an", "very", "quite", "simply", "deeply", "not", "never"].contains($0) }
    guard words.count == 1, proposition.isJudgement(words) else { return nil }
    return proposition.direction(of: first.words, isAboutIt: true).map { $0 > 0 ? .yes : .no }
  }

  /// A claim of the answer's own about what the question proposes.
  private func claimed(_ words: [String]) -> Side? {
    if words.first == "you" { return nil }
    let isAboutIt = ReaderWords.aboutIt.match(words)
    let refers = words.prefix(7).contains { ["it", "they", "this"].contains($0) } && words.contains("should")
    let overlap = proposition.overlap(words)
    let isNear = refers || isAboutIt || proposition.sharesChange(with: words)
    let isClaim = ReaderWords.claims.match(words) && overlap >= (isNear ? 0.25 : 0.5)
    let isJudged = isAboutIt && proposition.isStatement || overlap >= 0.4 && proposition.isJudged(by: words)
    guard isClaim || isJudged else { return nil }
    return proposition.direction(of: words, isAboutIt: isAboutIt).map { $0 > 0 ? .yes : .no }
  }
}

extension SideRule {
  /// "It is definitely not okay", asked whether it is okay.
  private func isRepeated(_ words: [String]) -> Bool {
    guard let place = ReaderWords.aboutIt.lazy.compactMap({ $0.match(words) }).first else { return false }
    let rest = words[place.upperBound...].drop { word in
      ReaderWords.negations.contains(word) || ["be", "too", "very", "so"].contains(word) || word.hasSuffix("ly")
    }
    guard let said = rest.first, rest.count == 1 || ReaderWords.joints.contains(rest[rest.startIndex + 1]) else {
      return false
    }
    return proposition.names(said)
  }

  /// The question in full, said as a statement: "honey is made by bees", "they are not too powerful".
  private func answered(_ words: [String]) -> Side? {
    guard let asked = proposition.verb, words.contains(where: { Self.isKin($0, asked) }) else { return nil }
    guard proposition.isNamed(by: words) || isRepeated(words) else { return nil }
    return proposition.direction(of: words, isAboutIt: false).map { $0 > 0 ? .yes : .no }
  }
}
