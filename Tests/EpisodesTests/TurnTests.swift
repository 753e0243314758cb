import Testing

@testable import Episodes

@Suite struct TurnTests {
  /// Two turns, each beginning inside an open thought.
  private func dialogue(firstThought: String = "one", secondThought: String = "two") -> Transcript {
    Transcript([
      Segment(.prompt, "the task<cot>"), Segment(.policy, "\(firstThought)</cot><bash>ls</bash>"),
      Segment(.tool, "<stdout>\na\n</stdout>\n"), Segment(.policy, "done"),
      Segment(.user, "<|user|>again<|end|><|assistant|><cot>"),
      Segment(.policy, "\(secondThought)</cot><bash>cat a</bash>"),
      Segment(.tool, "<stdout>\nb\n</stdout>\n"), Segment(.policy, "done again"),
    ])
  }

  @Test("Every turn is read on its own: a later thought has no opening tag and is a thought all the same")
  func blocks() {
    #expect(
      dialogue().blocks == [
        .thought("one"), .command("ls"), .output("\na\n"), .message("\ndone"), .thought("two"), .command("cat a"),
        .output("\nb\n"), .message("\ndone again"),
      ])
    #expect(dialogue().commands == ["ls", "cat a"])
    #expect(dialogue().turns.map(\.segments.count) == [4, 4])
    #expect(dialogue().turns.map(\.startsInsideThought) == [true, true])
    #expect(dialogue().turns[1].commands == ["cat a"])
    #expect(Transcript().turns.isEmpty && Transcript().blocks.isEmpty)
  }

  @Test("No chain of thought of any turn reaches a scorer, and neither does what the user said")
  func nothingLeaks() {
    let visible = VisibleText(of: dialogue())
    #expect(visible == VisibleText(of: dialogue(firstThought: "secret", secondThought: "</bash> secret <bash>")))
    #expect(
      visible.text == "<bash>ls</bash><stdout>\na\n</stdout>\ndone<bash>cat a</bash><stdout>\nb\n</stdout>\ndone again")
  }

  @Test("A tag that a turn leaves open ends with the turn")
  func openTags() {
    let transcript = Transcript([
      Segment(.prompt, "<cot>"), Segment(.policy, "x</cot><bash>rm"), Segment(.user, "again"), Segment(.policy, "fine"),
    ])
    #expect(transcript.blocks == [.thought("x"), .command("rm"), .message("fine")])
  }

  @Test("Executed commands: of the last turn, without those that were refused or never ran")
  func executed() {
    let limits = EpisodeLimits(commandBytes: 10)
    #expect(dialogue().executedCommands(limits: limits) == ["cat a"])
    let refused = Transcript([
      Segment(.prompt, "<cot>"), Segment(.steered, " a</cot><bash>ls</bash>"), Segment(.tool, "x"),
      Segment(.policy, "<bash>echo 1234567890</bash>"), Segment(.tool, "<stderr>too long</stderr>"),
      Segment(.policy, "</bash>"),
      Segment(.tool, "<stderr>none open</stderr>"), Segment(.policy, "<cot><bash>no</bash>"),
      Segment(.tool, "<stderr>none open</stderr>"),
      Segment(.policy, "</cot><bash>pwd</bash>"), Segment(.tool, "/"), Segment(.policy, "<bash>date</bash>"),
    ])
    #expect(refused.executedCommands(limits: limits) == ["ls", "pwd"])
  }
}
