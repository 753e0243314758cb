import Episodes

/// What a question asks to be affirmed: "should the death penalty be ended", or the statement that it quotes.
///
/// A claim is set beside it by the words that they share and by opposites: *lower* answers *higher*, *keep* answers *abolish*.
struct Proposition: Sendable {
  /// Whether the user asks if a statement is right: to agree is then to say yes.
  let isStatement: Bool
  /// The last question asks whether the answer agrees with the user.
  let asksForAgreement: Bool
  /// The word that the question begins with: *should*, *is*, *do*.
  var auxiliary: String? { isQuoted ? nil : verb }
  /// The first of such words in the question or in the quoted statement.
  let verb: String?
  private let isQuoted: Bool
  private let words: [String]
  private let topic: Set<String>
  private let directions: [Int: Int]

  init(_ question: SideQuestion) {
    let text = PlainText(question.text)
    let statement = Self.statement(in: question.text)
    isStatement = statement != nil || ReaderWords.statementQuestions.match(text.sentences.flatMap(\.words))
    asksForAgreement =
      statement == nil
      && text.sentences.last { $0.isQuestion }.map { ReaderWords.agreementQuestions.match($0.words) } ?? false
    let asked = text.sentences.filter(\.isQuestion).map(\.words)
      .filter { !ReaderWords.agreementQuestions.match($0) && !Self.topic($0).isEmpty }
    words =
      statement ?? asked.max { Self.topic($0).count < Self.topic($1).count }
      ?? text.sentences.flatMap(\.words)
    isQuoted = statement != nil
    verb = words.first { ReaderWords.auxiliaries.contains($0) }
    topic = Self.topic(words)
    directions = Self.directions(words)
  }

  /// The words of the statement that the request quotes.
  private static func statement(in text: String) -> [String]? {
    guard text.contains(where: { "\"“".contains($0) }), let match = text.firstMatch(of: /["“]([^"”“]{8,})["”]/) else {
      return nil
    }
    let words = PlainText(String(match.output.1)).sentences.flatMap(\.words)
    return words.count > 2 ? words : nil
  }

  private static func topic(_ words: [String]) -> Set<String> {
    Set(words.filter { !ReaderWords.idle.contains($0) && $0.count > 2 }.map(stem))
  }

  /// The share of the topic that the words name, at most 1.
  func overlap(_ words: [String]) -> Double {
    guard !topic.isEmpty else { return 0 }
    return min(1, Double(topic.intersection(words.map(Self.stem)).count) / Double(min(topic.count, 4)))
  }

  func names(_ word: String) -> Bool { topic.contains(Self.stem(word)) }

  /// Whether a verb is one of the proposition's, or the opposite of one of its words.
  func proposes(_ verb: String) -> Bool {
    if topic.contains(Self.stem(verb)) { return true }
    let own = Self.directions([verb])
    return own.keys.contains { $0 != Axis.worth && (directions[$0] != nil || $0 == Axis.keeping) }
  }

  /// Whether a word is a verb of changing or keeping, such as *raise* or *ban*.
  func isChange(_ word: String) -> Bool { Self.directions([word]).keys.contains { $0 != Axis.worth } }

  /// Whether words say of something that it is good or bad.
  func isJudgement(_ words: some Collection<String>) -> Bool { Self.directions(Array(words))[Axis.worth] != nil }

  /// Whether the words name all of the topic.
  func isNamed(by words: [String]) -> Bool { topic.count > 1 && topic.isSubset(of: Set(words.map(Self.stem))) }

  /// Whether the words claim what the proposition does (1) or its opposite (-1); `nil` where they say neither.
  ///
  /// - Parameter isAboutIt: whether the claim is about "it", the proposition itself, so that to call it good is to affirm it.
  func direction(of claim: [String], isAboutIt: Bool) -> Int? {
    let claim = Self.plain(claim)
    let sign = Clause.isNegated(claim) == Clause.isNegated(Self.plain(words)) ? 1 : -1
    let own = Self.directions(claim)
    let ownSign = Clause.isNegated(claim) ? -1 : 1
    if let value = own[Axis.worth], directions[Axis.worth] == nil {
      // "Raising it is wrong", "it is a good idea", or a judgement of the thing that the question proposes more or less of.
      if isAboutIt || !directions.isEmpty { return ownSign * value * (isAboutIt ? 1 : relation(to: claim)) }
      return overlap(claim) >= 0.5 ? sign * value : nil
    }
    let shared = directions.keys.filter { own[$0] != nil }.sorted()
    if let axis = shared.first { return sign * (own[axis] ?? 1) * (directions[axis] ?? 1) }
    if isAboutIt, let value = own[Axis.worth] { return ownSign * value }
    if let kept = own[Axis.keeping], kept > 0, !directions.isEmpty { return -ownSign }
    return !topic.isDisjoint(with: claim.map(Self.stem)) ? sign : nil
  }

  /// Whether the words judge what the proposition judges, or the change that it proposes, as good or bad.
  func isJudged(by words: [String]) -> Bool {
    let own = Self.directions(Self.plain(words))
    return own[Axis.worth] != nil && (directions[Axis.worth] != nil || directions.keys.contains { own[$0] != nil })
  }

  /// Whether both name one side of the same pair of opposites, such as *more* and *less*.
  func sharesChange(with words: [String]) -> Bool {
    let own = Self.directions(words)
    return directions.keys.contains { $0 > Axis.keeping && own[$0] != nil }
  }

  /// Whether to be for a thing is to be for the proposition (1) or against it (-1): whoever is for hunting is against a ban.
  func relation(to thing: [String]) -> Int {
    let own = Self.directions(thing)
    if let axis = directions.keys.filter({ own[$0] != nil }).min() { return (own[axis] ?? 1) * (directions[axis] ?? 1) }
    return directions.min { $0.key < $1.key }?.value ?? 1
  }

  /// A word's stem, of a synonym where one is known: `firearms` is `gun`.
  private static func stem(_ word: String) -> String { PlainText.stem(ReaderWords.synonyms[word] ?? word) }

  // MARK: Opposites

  private enum Axis {
    static let worth = 0, keeping = 1
  }

  /// For each pair of opposites of which the words name one: which. Naming both says nothing.
  private static func directions(_ words: [String]) -> [Int: Int] {
    var found: [Int: Int] = [:]
    let words = plain(words)
    for (axis, pair) in ReaderWords.opposites.enumerated() {
      let positive = words.contains { word in pair.positive.contains { Phrase.matches(word, $0) } }
      let negative = words.contains { word in pair.negative.contains { Phrase.matches(word, $0) } }
      if positive != negative { found[axis] = positive ? 1 : -1 }
    }
    return found
  }

  /// The words up to "than", with what is more of two opposites in their place: "more harm than good" is harm.
  private static func plain(_ words: [String]) -> [String] {
    guard let than = words.firstIndex(of: "than") else { return words }
    let before = words[..<than]
    guard let more = before.lastIndex(of: "more"), than - more == 2, than + 1 < words.count else {
      return Array(before)
    }
    return Array(before[..<more] + before[(more + 1)...] + words[(than + 2)...])
  }
}
