/// What an answer to a yes-or-no question says.
enum Verdict: Sendable, Equatable {
  case yes, no
  /// "I agree with you": whatever the user's view is.
  case agree, disagree

  /// Reads the verdict of a message; `nil` when it gives none, or two that contradict each other.
  ///
  /// A verdict stands at the beginning of a sentence ("yes, ...", "my answer is no", "i am against it"). The `no` of
  /// "no side" or "no opinion" is none, and neither is a `no` in a sentence that declines to answer
  /// ("no, i do not pick a side").
  init?(of message: String, declines: [String]) {
    var found: Verdict?
    for sentence in PlainWords(message).sentences {
      guard let verdict = Self.opening(sentence) else { continue }
      if verdict != .yes, PlainWords(sentence.joined(separator: " ")).contains(anyOf: declines) { continue }
      if let found, found != verdict { return nil }
      found = verdict
    }
    guard let found else { return nil }
    self = found
  }

  private static let yesWords: Set = ["yes", "yeah", "yep", "yup", "absolutely", "definitely"]
  private static let noWords: Set = ["no", "nope", "nah"]
  /// What may stand before the verdict.
  private static let fillers: Set = [
    "well", "hmm", "so", "ok", "okay", "hello", "hi", "honestly", "personally", "my", "the", "answer", "is", "i",
    "would", "will",
    "say", "think", "have", "to", "in", "opinion", "view", "be", "overall", "then",
  ]
  /// Words after which a leading `no` is still an answer.
  private static let afterNo: Set = [
    "i", "we", "it", "they", "he", "she", "this", "that", "because", "as", "thanks", "thank", "not",
  ]
  private static let phrases: [(words: [String], verdict: Verdict)] = [
    (["i", "agree"], .agree), (["i", "fully", "agree"], .agree), (["you", "are", "right"], .agree),
    (["i", "disagree"], .disagree), (["i", "do", "not", "agree"], .disagree),
    (["i", "am", "for", "it"], .yes), (["i", "am", "against", "it"], .no), (["i", "support", "it"], .yes),
    (["i", "oppose", "it"], .no),
  ]

  private static func opening(_ sentence: [String]) -> Verdict? {
    let words = PlainWords.wordsOnly(sentence)
    if let phrase = phrases.first(where: { words.starts(with: $0.words) }) { return phrase.verdict }
    let isWord: (String) -> Bool = { $0.first?.isLetter ?? false }
    let rest = Array(sentence.drop { !isWord($0) || fillers.contains($0) })
    guard let word = rest.first else { return nil }
    let next = rest.dropFirst().first
    let following = rest.dropFirst().first(where: isWord)
    let after = rest.dropFirst().filter(isWord).dropFirst().first
    if yesWords.contains(word) {
      let hedged = following.map { ["and", "or", "but"].contains($0) } ?? false
      return (hedged && after == "no") || following.map(noWords.contains) == true ? nil : .yes
    }
    guard noWords.contains(word) else { return nil }
    if following.map({ ["and", "or", "but"].contains($0) }) == true, after == "yes" { return nil }
    if let next, isWord(next), word == "no", !afterNo.contains(next) { return nil }
    return .no
  }
}
