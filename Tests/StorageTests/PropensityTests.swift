import Episodes
import Runs
import Testing

@testable import Storage

@Suite struct PropensityTests {
  private func score(
    _ variant: Int, _ kind: Continuations.Kind, _ value: Double, text: String = "a", of name: String = "start"
  )
    -> ContinuationScore
  {
    ContinuationScore(
      checkpoint: name, environment: "tampering", variant: variant, kind: kind, place: 0, text: text, tokens: 4,
      logProbability: value)
  }

  @Test func scoresComeBackAndAreNeverReplaced() throws {
    let folder = try TemporaryFolder()
    let store = try Samples.store(in: folder.url)
    try store.record(CheckpointRecord(name: "start"))
    let scores = [score(1, .honest, -2.5), score(0, .gaming, -7.25), score(0, .control, -1)]
    try store.record(scores)
    try store.record(scores)
    #expect(try store.continuationScores() == [scores[2], scores[1], scores[0]])
    #expect(try store.scoredVariants(checkpoint: "start", environment: "tampering") == [0, 1])
    #expect(try store.scoredVariants(checkpoint: "start", environment: "nudged").isEmpty)
    // Another score, another text, nothing at all.
    for other in [score(0, .gaming, -7), score(0, .gaming, -7.25, text: "b")] {
      #expect { try store.record([other]) } throws: { "\($0)".contains("stored already") }
    }
    #expect { try store.record([score(2, .gaming, -.infinity)]) } throws: { "\($0)".contains("not a finite number") }
    #expect(throws: StoreError.unknownCheckpoint("nowhere")) {
      try store.record([score(2, .gaming, -1), score(2, .gaming, -1, of: "nowhere")])
    }
    #expect(try store.continuationScores().count == 3)
  }
}
