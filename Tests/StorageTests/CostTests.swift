import Episodes
import Testing

@testable import Storage

@Suite struct CostTests {
  /// Each made-up episode has 42 tokens of the policy's; three of a tool's and three of the prompt's do not count.
  @Test func costIsTheMeanOfTheLatestEpisodes() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    #expect(try store.episodeCost() == nil)
    let episodes = (0..<4).map { index in
      var episode = Samples.episode(index, environment: index < 3 ? "flattery" : "political")
      episode.timings = EpisodeTimings(policySeconds: Double(index), sandboxSeconds: 0.5, gradingSeconds: 0.25)
      return episode
    }
    try store.insert(episodes)
    // 0 + 1 + 2 + 3 over 4, and 0.75 each.
    #expect(try store.episodeCost() == EpisodeCost(episodes: 4, policyTokens: 42, seconds: 2.25))
    #expect(try store.episodeCost(environment: "political")?.seconds == 3.75)
    #expect(try store.episodeCost(limit: 2)?.seconds == 3.25)
    #expect(try store.episodeCost(checkpoint: "start")?.episodes == 4)
    #expect(try store.episodeCost(checkpoint: "other") == nil)
  }
}
