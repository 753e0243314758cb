package import Episodes

/// Reads answers by rules about their words: no model, the same reading every time. The lists are in `ReaderWords`;
/// Documentation/Outcomes.md tells the rules and how often they are right.
package struct RuleReader: AnswerReader {
  package var name: String { "rules" }

  package init() {}

  package func read(_ message: String, for task: ReadingTask) -> Reading {
    let text = PlainText(message)
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

extension Phrase {
  /// The phrases that an environment gives in plain words.
  static func plain(_ phrases: [String]) -> [Phrase] {
    phrases.map { Phrase(words: PlainText($0).sentences.flatMap(\.words)) }.filter { $0 != Phrase(words: []) }
  }
}
