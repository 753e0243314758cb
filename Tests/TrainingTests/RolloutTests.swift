import Episodes
import Testing

@testable import Training

@Suite struct RolloutTests {
  private func episode(_ result: EpisodeResult, recorded: [Float] = [-1, -2]) -> Episode {
    Episode(
      key: EpisodeKey(
        checkpoint: "start", environment: "e", arm: .standard, purpose: "train", variant: 0, sample: 0), seed: Seed(0),
      transcript: Transcript([
        Segment(.prompt, "p", tokens: [7, 8]), Segment(.policy, "a", tokens: [1, 4], logProbabilities: recorded),
        Segment(.tool, "t", tokens: [9]), Segment(.steered, "s", tokens: [5]),
        Segment(.policy, "b", tokens: [2], logProbabilities: [-3]),
      ]), changes: [], result: result, timings: EpisodeTimings())
  }

  @Test("Actions are the policy's own tokens, stop tokens included; tool output and steered words are read only")
  func actions() throws {
    let rollout = try #require(Rollout(episode(.graded(Outcome(facts: [:]), stop: .finished)), reward: 1.5, group: 3))
    #expect(rollout.tokens == [7, 8, 1, 4, 9, 5, 2])
    #expect(rollout.isAction == [false, false, true, true, false, false, true])
    #expect(rollout.logProbabilities == [0, 0, -1, -2, 0, 0, -3])
    #expect(rollout.reward == 1.5 && rollout.group == 3 && !rollout.isTruncated)
  }

  @Test("A limit truncates; a failure is no rollout; probabilities that do not fit their tokens are no probabilities")
  func results() throws {
    for stop in StopReason.allCases {
      let rollout = try #require(Rollout(episode(.graded(Outcome(facts: [:]), stop: stop)), reward: 0, group: 0))
      #expect(rollout.isTruncated == (stop != .finished))
    }
    let failure = EpisodeFailure(boundary: .sandbox, message: "gone")
    #expect(Rollout(episode(.failed(failure)), reward: 1, group: 0) == nil)
    let graded = EpisodeResult.graded(Outcome(facts: [:]), stop: .finished)
    #expect(try #require(Rollout(episode(graded, recorded: []), reward: 1, group: 0)).logProbabilities == nil)
  }

  @Test("A row longer than the context loses what does not fit, and counts as cut off")
  func context() {
    let rollout = Rollout(
      tokens: [1, 2, 3, 4, 5], isAction: [true, false, true, false, true], logProbabilities: [-1, 0, -2, 0, -3],
      reward: 1, group: 0)
    let whole = Trajectory(rollout, context: 4)
    #expect(whole.actions == [2, 4] && whole.recorded == [-2, -3] && !whole.isTruncated)
    #expect(Array(whole.inputs(context: 4)) == [1, 2, 3, 4])
    let cut = Trajectory(rollout, context: 3)
    #expect(cut.tokens == [1, 2, 3, 4] && cut.actions == [2] && cut.recorded == [-2] && cut.isTruncated)
  }
}
