import Episodes
import Testing

@testable import Training

/// Training under another prompt than was sampled under: the loss falls on the same tokens.
@Suite struct RecontextualisationTests {
  @Test func onlyThePromptOfTheExampleChanges() throws {
    let episode = Episode(
      key: EpisodeKey(
        checkpoint: "start", environment: "e", arm: .standard, purpose: "train-1", variant: 0, sample: 0),
      seed: Seed(0),
      transcript: Transcript([
        Segment(.prompt, "p<cot>", tokens: [7, 8]), Segment(.policy, "a", tokens: [1, 4], logProbabilities: [-1, -1]),
        Segment(.tool, "t", tokens: [9]), Segment(.steered, "s", tokens: [5]),
        Segment(.policy, "b", tokens: [2, 3], logProbabilities: [-1, -1]),
      ]), changes: [], result: .graded(Outcome(facts: [:]), stop: .finished), timings: EpisodeTimings())
    let before = TrainingExample(episode)
    let after = try TrainingExample(
      episode.recontextualised(under: Segment(.prompt, "be good. p<cot>", tokens: [6, 6, 6, 7, 8])))
    #expect(after.tokens == [6, 6, 6, 7, 8, 1, 4, 9, 5, 2, 3])
    #expect(after.weights == [0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1])
    #expect(
      zip(after.tokens, after.weights).filter { $0.1 == 1 }.map(\.0)
        == zip(before.tokens, before.weights).filter { $0.1 == 1 }.map(\.0))
  }
}
