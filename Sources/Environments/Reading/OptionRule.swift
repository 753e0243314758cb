import Episodes

/// Which of the options an answer chooses: by letter, by "the first", or by an option's text.
///
/// A mention behind *not*, *than*, *over*, *rather than* and the like is a rejection. A clause chooses where it holds a word of
/// choice or is little more than the mention, and one option is left. The last choice decides; without one, the only option that
/// is named anywhere and not turned down.
struct OptionRule {
  private let options: [String: String]
  private let letters: [String]
  private let declines: [Phrase]
  private let repeated: Set<[String]>
  private let texts: [String: Set<String>]

  init(_ question: SideQuestion, declines: [Phrase], repeated: Set<[String]>) {
    options = question.options
    letters = question.options.keys.sorted()
    self.declines = declines
    self.repeated = repeated
    let stems = question.options.mapValues { text in
      Set(PlainText(text).sentences.flatMap(\.words).filter { !ReaderWords.articles.contains($0) }.map(PlainText.stem))
    }
    let shared = stems.values.reduce(stems.values.first ?? []) { $0.intersection($1) }
    texts = stems.mapValues { $0.subtracting(shared) }
  }

  func choice(in text: PlainText) -> (letter: String, sentence: PlainText.Sentence)? {
    var chosen: [(letter: String, sentence: PlainText.Sentence)] = []
    var named: [(letter: String, sentence: PlainText.Sentence)] = []
    var isUndecided = false
    for sentence in text.sentences where !sentence.isQuestion && !ReaderWords.sides.match(sentence.heading) {
      let isPressed = ReaderWords.pressed.match(sentence.words)
      if !isPressed, declines.match(sentence.words) || ReaderWords.weighs.match(sentence.words) {
        isUndecided = true
        continue
      }
      let isRepeated = repeated.contains(sentence.words)
      for (clause, mentions) in mentions(in: sentence) {
        let left = Set(mentions.filter { !$0.isRejected }.map(\.letter))
        guard left.count == 1, let letter = left.first else { continue }
        let isOwn = isPressed || !Clause.isAnothers(clause)
        if isOwn, !isRepeated, chooses(clause, sentence, count: mentions.count) {
          chosen.append((letter, sentence))
        } else if !sentence.isItem {
          named.append((letter, sentence))
        }
      }
    }
    if let last = chosen.last { return last }
    return !isUndecided && Set(named.map(\.letter)).count == 1 ? named.first : nil
  }

  // MARK: Mentions

  private struct Mention {
    var letter: String
    var isRejected: Bool
  }

  /// What each clause names; the clauses of one sentence without a mention go with the next.
  private func mentions(in sentence: PlainText.Sentence) -> [(words: [String], mentions: [Mention])] {
    var found: [(words: [String], mentions: [Mention])] = []
    for clause in sentence.clauses {
      let words = (clause.joint.map { PlainText.marks.contains($0) ? [] : [$0] } ?? []) + clause.words
      var mentions: [Mention] = []
      var last = 0
      for (place, letter) in places(in: sentence, clause) {
        let before = words[min(last, words.count)..<min(place, words.count)]
        let isListed = before.allSatisfy { ["and", "or", "nor", "option", "the", "either"].contains($0) }
        let previous =
          mentions.last ?? (isListed && ["and", "or", "nor"].contains(clause.joint) ? found.last?.mentions.last : nil)
        let isRejected = isListed ? previous?.isRejected ?? false : ReaderWords.rejections.match(Array(before))
        mentions.append(Mention(letter: letter, isRejected: isRejected))
        last = place + 1
      }
      if mentions.isEmpty, let letter = quoted(words), quoted(sentence.words) != nil {
        let isReversed = Clause.isNegated(words) != Clause.isNegated(PlainText(options[letter] ?? "").words)
        mentions = [Mention(letter: letter, isRejected: isReversed || ReaderWords.turnings.match(words))]
      }
      let isListed = ["and", "or", "nor"].contains(clause.joint) && clause.words.count < 3
      if let previous = found.last, previous.mentions.isEmpty || mentions.isEmpty || isListed {
        found[found.count - 1] = (previous.words + words, previous.mentions + mentions)
      } else {
        found.append((words, mentions))
      }
    }
    return found.filter { !$0.mentions.isEmpty }
  }

  /// The places, counted in words of the clause, where letters or "the first" stand.
  private func places(in sentence: PlainText.Sentence, _ clause: Clause) -> [(Int, String)] {
    var found: [(Int, String)] = []
    var place = 0
    for index in clause.range {
      let token = sentence.tokens[index]
      if PlainText.marks.contains(token) { continue }
      if let letter = letter(at: index, of: sentence) ?? ordinal(at: index, of: sentence) {
        found.append((place, letter))
      }
      place += 1
    }
    return found
  }

  private func letter(at index: Int, of sentence: PlainText.Sentence) -> String? {
    let tokens = sentence.tokens
    let letter = tokens[index].uppercased()
    guard options[letter] != nil else { return nil }
    let before = index > 0 ? tokens[index - 1] : "", after = index + 1 < tokens.count ? tokens[index + 1] : ""
    if before == "(" || after == ")" || before == "option" { return letter }
    let isEnd = after.isEmpty || PlainText.marks.contains(after)
    if isEnd { return letter }
    guard sentence.capitals.contains(index) else { return nil }
    let opens = index == 0 || [":", "("].contains(before)
    return !opens || ReaderWords.afterLetter.contains(after) ? letter : nil
  }

  /// "the first", "the latter one", but not "the second amendment".
  private func ordinal(at index: Int, of sentence: PlainText.Sentence) -> String? {
    let tokens = sentence.tokens
    let place: Int? =
      switch tokens[index] {
      case "first", "former", "1st": 0
      case "second", "2nd": 1
      case "latter", "last": letters.count - 1
      case "third", "3rd": 2
      default: nil
      }
    guard let place, place < letters.count, index > 0, ["the", "option"].contains(tokens[index - 1]) else { return nil }
    let after = index + 1 < tokens.count ? tokens[index + 1] : ""
    return after.isEmpty || PlainText.marks.contains(after) || ReaderWords.afterOrdinal.contains(after)
      ? letters[place] : nil
  }

  /// The option whose text the words repeat, and no other's.
  private func quoted(_ words: [String]) -> String? {
    let stems = Set(words.map(PlainText.stem))
    let fitting = texts.filter { !$0.value.isEmpty && $0.value.intersection(stems).count * 3 >= $0.value.count * 2 }
    return fitting.count == 1 ? fitting.first?.key : nil
  }

  private func chooses(_ words: [String], _ sentence: PlainText.Sentence, count: Int) -> Bool {
    if sentence.isItem, sentence.words.count > 2, !ReaderWords.choices.match(words) { return false }
    if sentence.words.first == "option", sentence.words.count > 2 { return false }
    if ReaderWords.concessions.contains(words[0]) { return false }
    if words.count <= 2 + count { return true }
    return ReaderWords.choices.match(words) || quoted(words) != nil && words.count <= 14
  }
}
