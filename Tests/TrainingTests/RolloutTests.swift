import Episodes
import LanguageModels
import MLX
import Testing
import Tokenization

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

  @Test(
    "An action belongs to the thought in which it begins, tags included; a prompt may leave a thought open",
    arguments: [true, false])
  func thoughts(isOpen: Bool) throws {
    let tokenizer = TinyPolicy.tokenizer
    func tokens(_ text: String) -> [Int32] { tokenizer.encode(text, specials: .tags) }
    // A tag that the tool puts out is no thought.
    let parts: [(Segment.Source, String, Bool)] = [
      (.policy, isOpen ? "red</cot>" : "<cot>red</cot>", true), (.policy, "rose<bash>look</bash>", false),
      (.tool, "<stdout>\n<cot>tree\n</stdout>\n", false), (.policy, "<cot>é green", true), (.policy, "</cot>", true),
      (.policy, "leaf", false),
    ]
    // The prompt's mention of the tag says nothing; its end does.
    var segments = [Segment(.prompt, "", tokens: tokens("look <cot> tree" + (isOpen ? "<cot>\n" : "")))]
    var expected: [Bool] = []
    for (source, text, isThought) in parts {
      let tokens = tokens(text)
      segments.append(
        Segment(source, text, tokens: tokens, logProbabilities: source == .policy ? tokens.map { _ in -1 } : []))
      if source == .policy { expected += tokens.map { _ in isThought } }
    }
    let trajectory = Trajectory(Rollout(Transcript(segments)), context: 999)
    #expect(trajectory.isThought.allSatisfy { !$0 })
    #expect(trajectory.readingThoughts(tokenizer).isThought == expected)
    #expect(expected.contains(true) && expected.contains(false))
  }

  @Test("A token that goes on behind a stop string is learnt whole and read in part")
  func cutToken() throws {
    let transcript = Transcript([
      Segment(.prompt, "p", tokens: [7]),
      Segment(.policy, "a", tokens: [1, 4], logProbabilities: [-1, -2], lastRead: [5, 6]),
      Segment(.tool, "t", tokens: [9]), Segment(.policy, "b", tokens: [2], logProbabilities: [-3]),
    ])
    let rollout = Rollout(transcript)
    #expect(rollout.tokens == [7, 1, 5, 6, 9, 2] && rollout.targets == [7, 1, 4, 6, 9, 2])
    #expect(rollout.isAction == [false, true, true, false, false, true])
    #expect(rollout.logProbabilities == [0, -1, -2, 0, 0, -3])
    let trajectory = Trajectory(rollout, context: 9)
    #expect(trajectory.actions == [1, 2, 5] && trajectory.targets == [1, 4, 2])
    let batch = try ActionBatch(
      [trajectory], packing: RowPacking(lengths: [trajectory.inputs(context: 9).count]), context: 9, padding: 0)
    #expect(try batch.inputs.tokens.asArray(Int32.self) == [7, 1, 5, 6, 9, 2])
    #expect(try batch.targets.asArray(Int32.self) == [1, 4, 2] && batch.places.asArray(Int32.self) == [0, 1, 4])

    let example = TrainingExample(transcript, weight: 0.5)
    #expect(example.tokens == rollout.tokens && example.targets == rollout.targets)
    #expect(example.weights == [0, 0.5, 0.5, 0, 0, 0.5])
    let learnt = try Batch([example.cut(to: 3)], padding: 0)
    #expect(try learnt.inputs.tokens.asArray(Int32.self) == [7, 1, 5])
    #expect(
      try learnt.targets.asArray(Int32.self) == [1, 4, 6] && learnt.weights.asArray(Float.self) == [0.5, 0.5, 0])
    var longer = example
    longer.append([8], weight: 1)
    #expect(longer.targets == [7, 1, 4, 6, 9, 2, 8])
    // Without such a token nothing is stored twice.
    #expect(TrainingExample(Transcript([Segment(.policy, "a", tokens: [1])])).targets == nil)
  }

  @Test("Supervised training keeps the token that reinforcement keeps: the last one is predicted and never read")
  func lastToken() throws {
    let example = TrainingExample(tokens: [1, 2, 3, 4, 5], weights: [0, 1, 1, 1, 1])
    #expect(example.cut(to: 3).tokens == [1, 2, 3, 4] && example.cut(to: 4) == example)
    let rollout = Rollout(
      tokens: [1, 2, 3, 4, 5], isAction: [false, true, true, true, true], logProbabilities: nil, reward: 0, group: 0)
    for context in 1...5 {
      let batch = try Batch([example.cut(to: context)], padding: 0)
      let trajectory = Trajectory(rollout, context: context)
      #expect(batch.inputs.tokens.dim(1) <= context)
      #expect(try batch.drawn.targets.asArray(Int32.self) == trajectory.targets)
    }
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
