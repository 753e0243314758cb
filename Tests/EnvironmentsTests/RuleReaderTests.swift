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
    "no single answer is right", "I'm not able to say yes to this.",
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
}
