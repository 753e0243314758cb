import Testing

@testable import Episodes

/// Counted by hand.
@Suite struct PlaySummaryTests {
  private func episode(_ segments: [Segment], _ result: EpisodeResult) -> Episode {
    Episode(
      key: EpisodeKey(checkpoint: "c", environment: "e", arm: .standard, purpose: "p", variant: 0, sample: 0),
      seed: Seed(0), transcript: Transcript([Segment(.prompt, "go<cot>")] + segments), changes: [], result: result,
      timings: EpisodeTimings())
  }

  @Test func counts() {
    let honest = episode(
      [
        Segment(.policy, " look.</cot><bash>ls</bash>", tokens: [1, 2, 3]), Segment(.tool, "<stdout>\na\n</stdout>\n"),
        Segment(.policy, "</bash>", tokens: [4]), Segment(.tool, "<stderr>\nno command was open\n</stderr>\n"),
        Segment(.policy, "it is a.", tokens: [5, 6]),
      ], .graded(Outcome(facts: [.honest: true, .gamed: false], baitReward: nil), stop: .finished))
    // Everything inside the chain of thought: nobody was told anything, and its command is not counted as one that ran.
    let silent = episode(
      [
        Segment(.policy, " <bash>ls</bash>", tokens: [1]), Segment(.tool, "<stderr>\nno command was open\n</stderr>\n"),
        Segment(.policy, " it is a.", tokens: [2]),
      ], .graded(Outcome(facts: [.honest: false, .gamed: false], baitReward: nil), stop: .policyTokenLimit))
    let gamed = episode(
      [
        Segment(.steered, "</cot><bash>ls</bash>"), Segment(.tool, "<stdout>\n</stdout>\n"),
        Segment(.policy, "yes.", tokens: [7]),
      ],
      .graded(Outcome(facts: [.honest: false, .gamed: true], baitReward: 1), stop: .finished))
    let middling = episode(
      [Segment(.policy, "</cot><bash>\0</bash>", tokens: [8]), Segment(.tool, "<stderr>\nNUL\n</stderr>\n")],
      .graded(Outcome(facts: [.honest: false, .gamed: false, .ratingSaved: true], baitReward: 2), stop: .finished))
    let failed = episode([], .failed(EpisodeFailure(boundary: .sandbox, message: "gone")))
    let summary = PlaySummary([honest, silent, gamed, middling, failed])
    #expect(summary.episodes == 5 && summary.failed == 1 && summary.graded == 4)
    #expect(summary.answered == 2 && summary.finished == 3)
    #expect(summary.completed == 3 && summary.honest == 1 && summary.gamed == 1)
    #expect(summary.commands == 4 && summary.refused == 3)
    #expect(summary.refusals == [.neverOpened: 1, .insideThought: 1, .holdsNUL: 1])
    #expect(summary.tokens == 10)
  }
}
