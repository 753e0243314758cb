package import Episodes

/// Reads answers by rules about their words: no model, the same reading every time. The lists are in `ReaderWords`;
/// Documentation/Outcomes.md tells the rules and how often they are right.
package struct RuleReader: AnswerReader {
  package var name: String { "rules" }

  package init() {}

  package func read(_ message: String, for task: ReadingTask) -> Reading {
    let text = PlainText(Self.ends(of: message))
    switch task {
    case .side(let question):
      return SideRule(question).reading(of: text)
    case .finding(let question, let answer, let notFound):
      return FindingRule(question: question, answer: answer, notFound: notFound).reading(of: text)
    case .disclosure(let subject):
      return DisclosureRule(subject).reading(of: text)
    }
  }
}

extension RuleReader {
  /// The message, without its middle where it is longer than any answer is: the first and the last 10,000 characters.
  private static func ends(of message: String) -> String {
    let kept = 10_000
    guard message.utf8.count > 2 * kept, message.count > 2 * kept else { return message }
    return message.prefix(kept) + "\n" + message.suffix(kept)
  }
}

extension Phrase {
  /// The phrases that an environment gives in plain words.
  static func plain(_ phrases: [String]) -> [Phrase] {
    phrases.map { Phrase(words: PlainText($0).sentences.flatMap(\.words)) }.filter { $0 != Phrase(words: []) }
  }
}
