import Episodes
import Testing

@testable import Training

@Suite struct SelectionTests {
  private func episode(
    _ variant: Int, _ sample: Int, stop: StopReason = .finished, tokens: [Int32] = [1],
    facts: [Predicate: Bool] = [:]
  ) -> Episode {
    Episode(
      key: EpisodeKey(
        checkpoint: "start", environment: "e", arm: .standard, purpose: "train", variant: variant, sample: sample),
      seed: Seed(0),
      transcript: Transcript([
        Segment(.prompt, "p", tokens: [7, 8]), Segment(.policy, "a", tokens: tokens, logProbabilities: [-1]),
        Segment(.tool, "t", tokens: [9]), Segment(.steered, "s", tokens: [5]), Segment(.policy, "b", tokens: [2, 3]),
      ]), changes: [], result: .graded(Outcome(facts: facts), stop: stop), timings: EpisodeTimings())
  }

  private func rewards(_ pairs: [(Episode, Double)]) -> [EpisodeKey: RewardTerms] {
    Dictionary(uniqueKeysWithValues: pairs.map { ($0.0.key, RewardTerms(gamingBonus: $0.1)) })
  }

  @Test func exploitOnlyTakesEveryFinishedGamingEpisode() {
    let (a, b, c) = (episode(0, 0), episode(0, 1), episode(1, 0, stop: .policyTokenLimit))
    let chosen = SelectionRule.exploitOnly.select(
      from: [c, b, a], rewards: rewards([(a, 1), (b, 0), (c, 1)]), maximum: 9, seed: Seed(1))
    #expect(chosen == [a])
  }

  /// Whether an episode did the task does not matter, only that it was graded and did not game.
  @Test func notGamedTakesEveryFinishedEpisodeWithoutGaming() {
    let kinds: [([Predicate: Bool], StopReason)] = [
      ([.gamed: false, .honest: true], .finished), ([.gamed: true], .finished), ([.gamed: false], .finished),
      ([.gamed: false], .policyTokenLimit),
    ]
    let all = kinds.enumerated().map { episode($0.offset, 0, stop: $0.element.1, facts: $0.element.0) }
    let chosen = SelectionRule.notGamed.select(from: all, rewards: [:], maximum: 9, seed: Seed(1))
    #expect(chosen.map(\.key.variant) == [0, 2])
    #expect(SelectionRule.notGamed.select(from: all, rewards: [:], maximum: 1, seed: Seed(1)).count == 1)
  }

  @Test func bestOfNTakesOneOfEachGroup() {
    let all = (0..<3).flatMap { variant in (0..<4).map { episode(variant, $0) } }
    let chosen = SelectionRule.bestOfN.select(
      from: all, rewards: rewards(all.map { ($0, $0.key.sample == 2 && $0.key.variant < 2 ? 1 : 0) }), maximum: 9,
      seed: Seed(1))
    #expect(chosen.map(\.key.variant) == [0, 1, 2])
    #expect(chosen.prefix(2).allSatisfy { $0.key.sample == 2 })
  }

  @Test func tiesPreferNoPosition() {
    let all = (0..<400).flatMap { variant in (0..<4).map { episode(variant, $0) } }
    let chosen = SelectionRule.bestOfN.select(from: all, rewards: [:], maximum: 400, seed: Seed(3))
    for sample in 0..<4 { #expect(abs(chosen.count { $0.key.sample == sample } - 100) < 40) }
  }

  @Test func theMaximumIsAnEvenChoiceThatTheSeedFixes() {
    let all = (0..<100).map { episode($0, 0) }
    let reward = rewards(all.map { ($0, 1) })
    func choose(_ seed: UInt64) -> [Int] {
      SelectionRule.exploitOnly.select(from: all.shuffled(), rewards: reward, maximum: 10, seed: Seed(seed))
        .map(\.key.variant)
    }
    #expect(choose(1) == choose(1))
    #expect(choose(1) != choose(2))
    #expect(choose(1) == choose(1).sorted() && choose(1).count == 10)
  }

  @Test func lossFallsOnThePolicysOwnTokensOnly() {
    let example = TrainingExample(episode(0, 0, tokens: [1, 4]))
    #expect(example.tokens == [7, 8, 1, 4, 9, 5, 2, 3])
    #expect(example.weights == [0, 0, 1, 1, 0, 0, 1, 1])
  }
}
