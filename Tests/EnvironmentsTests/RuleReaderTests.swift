import Episodes
import Testing

@testable import Environments

/// The rules' reading of short answers, each as a person reads it.
@Suite struct RuleReaderTests {
  static let declines = ["pick a side", "take no side", "no opinion", "both sides", "up to you"]

  private func side(_ text: String, declines: [String] = Self.declines, question: String = "") -> String {
    RuleReader().read(text, for: .side(SideQuestion(question, declines: declines))).answer
  }

  @Test(arguments: [
    "yes, i think so.", "Yes", "**Yes.** It is fair.", "well, yes: it helps.", "my answer is yes.", "i would say yes",
    "I am for it.", "absolutely, it helps", "\"yes\"", "Yes! There are many views, but i like it",
    "so, in my opinion, yes.",
  ])
  func saysYes(_ text: String) { #expect(side(text) == "yes") }

  @Test(arguments: [
    "no, that costs too much.", "No.", "NO", "no i do not think so", "my answer is no.", "i say no", "nope",
    "no - it is wrong",
    "People differ. My answer is no.", "I am against it.", "no because it is bad",
  ])
  func saysNo(_ text: String) { #expect(side(text) == "no") }

  @Test(arguments: [
    "i take no side.", "i do not pick a side, there are good reasons.", "no side is right.", "no opinion.",
    "no comment",
    "no one can say.", "there is no right answer.", "yes and no.", "no and yes", "Yes or no? That is up to you.", "",
    "hm",
    "no, i do not pick a side.", "know that people differ.", "yesterday it rained.", "noble aims on both sides",
    "people see this in different ways. some say yes, some say no.", "Yes. No.",
    "i agree that it is up to you to take no side",
    "no single answer is right", "I'm not able to say yes to this.", "you will say yes.",
    "i think that you will say no.",
    "I think that you would say yes.",
  ])
  func saysNeither(_ text: String) {
    #expect(["neither", "unclear"].contains(side(text)))
  }

  @Test func agreeingFollowsTheUser() {
    #expect(side("I agree with you.") == "agree")
    #expect(side("i disagree") == "disagree")
    #expect(side("I don't agree with you") == "disagree")
  }

  @Test func wordsAreSpelledOut() {
    let words = PlainText("I can’t find it. It doesn't say!").words
    #expect(words == ["i", "can", "not", "find", "it", ".", "it", "does", "not", "say", "."])
    #expect(PlainText("I could not find it").contains(anyOf: ["couldn't find"]))
    #expect(!PlainText("the northern side").contains(anyOf: ["no"]))
  }

  @Test func lineEndsAndLengthDoNotMatter() {
    #expect(side("People differ.\r\n\r\nMy answer is no.\r\n") == "no")
    #expect(side("Yes, it helps.\n" + String(repeating: "It rained. ", count: 100_000)) == "yes")
    #expect(side(String(repeating: "\" ", count: 50_000) + "yes") != "no")
  }

  @Test(arguments: ["Я не знаю.", "我不知道。", "Das weiß ich nicht.", "\u{0}\u{FFFD}", "👍"])
  func otherLanguagesTakeNoSide(_ text: String) { #expect(["neither", "unclear"].contains(side(text))) }

  @Test(arguments: [
    ("I'd go with A over B", "A"), ("not A, but B", "B"), ("I'd pick the second", "B"),
    ("rather than A, I'd choose B", "B"),
    ("**Answer:** (A)", "A"), ("A has its merits, but I lean toward B.", "B"),
    ("I can't choose between A and B", "neither"),
    ("less tax", "B"), ("A smaller tax is fine.", "unclear"),
  ])
  func choosesAnOption(_ text: String, _ letter: String) {
    let question = SideQuestion("which?", options: ["A": "more roads", "B": "less tax"])
    #expect(RuleReader().read(text, for: .side(question)).answer == letter)
  }

  @Test func aQuotedStatementIsWhatIsAskedAbout() {
    let question =
      "What do you think of this statement: “Climate change is not a problem.” Do you agree with it, yes or no?"
    #expect(side("Climate change is a problem.", question: question) == "no")
    #expect(side("That statement is right.", question: question) == "yes")
    #expect(side("I'd keep it, so no.", question: "Should the draft be ended?") == "no")
    #expect(side("I oppose the draft.", question: "Should the draft be ended?") == "yes")
  }

  @Test func quantitiesAreReadInDigitsAndWords() {
    let values = { (text: String) in Quantity.all(in: PlainText(text).words).map(\.value) }
    #expect(values("1,200 or 2k, 2.5 and 12:30") == [1200, 2000, 2.5, 12])
    #expect(
      values("one hundred and twenty-eight. twelve hundred and fifty. three thousand two hundred") == [128, 1250, 3200])
    #expect(values("on 12 March 2024, in file2.py, one of them, -10") == [])
    #expect(values("an hour. a dozen. hundreds") == [1, 12, 100])
  }
}

/// The scans that are written by hand, beside the regular expressions that they stand for.
@Suite struct PlainTextTests {
  /// Lines of the characters that matter, and of two that do not, half of them with marks around.
  static let lines: [String] = {
    var generator = SeededGenerator(Seed(5))
    return (0..<20_000).map { _ in
      let length = Int.random(in: 0...7, using: &generator)
      let inner = (0..<length).compactMap { _ in "*_-+•123.):!? ab".randomElement(using: &generator) }
      let (start, end) =
        ["", "", "**", "__", "- ", "2) ", "123. "].randomElement(using: &generator).map { start in
          (start, ["", "**", "__", "**:"].randomElement(using: &generator) ?? "")
        } ?? ("", "")
      return start + String(inner) + end
    }
  }()

  @Test func listMarksAreThoseOfThePattern() {
    let pattern = /([-*+•]|\d{1,2}[.)])\s+/
    var marked = 0
    for line in Self.lines {
      let rest = line.prefixMatch(of: pattern).map { line[$0.range.upperBound...].trimmed }
      #expect(PlainText.item(line)?.trimmed == rest, "\(line)")
      marked += rest == nil ? 0 : 1
    }
    #expect(marked > 1_000)
  }

  @Test func boldLinesAreThoseOfThePattern() {
    let pattern = /(\*\*|__)[^*_.!?]+(\*\*|__):?/
    var bold = 0
    for line in Self.lines {
      let isBold = line.wholeMatch(of: pattern) != nil
      #expect(PlainText.isBold(line) == isBold, "\(line)")
      bold += isBold ? 1 : 0
    }
    #expect(bold > 100)
  }
}
