import Testing

@testable import Episodes

@Suite struct BlockTests {
  @Test func readsTheProtocolInOrder() {
    let text = "plan</cot>hi <bash>ls</bash><stdout>\na\n</stdout>\n<cot>more</cot>done"
    #expect(
      Block.parse(text, insideThought: true) == [
        .thought("plan"), .message("hi "), .command("ls"), .output("\na\n"), .message("\n"), .thought("more"),
        .message("done"),
      ])
  }

  @Test(arguments: [
    ("<cot>never closed", [Block.thought("never closed")]),
    ("</bash>stray", [.message("</bash>stray")]),
    ("<bash>echo <bash>x</bash></bash>", [.command("echo <bash>x"), .message("</bash>")]),
    ("a<cot><bash>ls</bash></cot>b", [.message("a"), .thought("<bash>ls</bash>"), .message("b")]),
    ("<bash>", [.command("")]),
    ("", []),
  ])
  func malformedTextIsStillRead(text: String, expected: [Block]) {
    #expect(Block.parse(text, insideThought: false) == expected)
  }

  @Test func markupIsTheInverseOfReading() {
    let text = "x<cot>y</cot><bash>z</bash><stdout>\n</stdout><stderr>e</stderr>w"
    #expect(Block.parse(text, insideThought: false).map(\.markup).joined() == text)
  }

  @Test func visibleTextDoesNotDependOnTheThought() {
    func transcript(_ thought: String) -> Transcript {
      Transcript([
        Segment(.prompt, "q<cot>"), Segment(.policy, "\(thought)</cot><bash>ls</bash>"),
        Segment(.tool, "<stdout>\na\n</stdout>\n"), Segment(.policy, "<cot>\(thought)</cot>answer"),
      ])
    }
    let (one, other) = (VisibleText(of: transcript("I will cheat")), VisibleText(of: transcript("honest")))
    #expect(one == other)
    #expect(one.message == "\n\nanswer")
    #expect(!one.text.contains("cheat"))
  }

  @Test func randomBytesNeverBreakReading() {
    var random = SeededGenerator(Seed(7))
    let pieces = ["<cot>", "</cot>", "<bash>", "</bash>", "<stdout>", "</stderr>", "<", "é", "\u{301}", "\r\n", "x"]
    for _ in 0..<500 {
      let text = (0..<Int.random(in: 0..<20, using: &random)).map { _ in pieces.randomElement(using: &random)! }
        .joined()
      let total = Block.parse(text, insideThought: false).map(\.markup).joined()
      #expect(total.hasPrefix(text) || total.utf8.count >= text.utf8.count)
    }
  }
}
