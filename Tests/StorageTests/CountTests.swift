import Episodes
import Runs
import Storage
import Testing

@Suite struct CountTests {
  /// The store's counts against counting in Swift.
  @Test func countsAgreeWithCountingTheEpisodes() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    try store.record(CheckpointRecord(name: "after", parent: "start"))
    var all: [Episode] = []
    for (checkpoint, environment) in [("after", "political"), ("start", "tampering"), ("start", "flattery")] {
      all += (0..<100).map { Samples.episode($0, checkpoint: checkpoint, environment: environment) }
    }
    try store.insert(all.shuffled())
    let counts = try store.counts()
    #expect(counts.map(\.cell.checkpoint) == ["start", "start", "after"])
    #expect(counts.map(\.cell.environment) == ["flattery", "tampering", "political"])
    for count in counts {
      let episodes = all.filter {
        $0.key.checkpoint == count.cell.checkpoint && $0.key.environment == count.cell.environment
      }
      let outcomes = episodes.compactMap(\.result.outcome)
      #expect(count.attempted == 100 && count.completed == outcomes.count)
      #expect(count.failures == [.sandbox: 10])
      let limited = episodes.filter { if case .graded(_, .commandLimit) = $0.result { true } else { false } }
      #expect(count.stops[.commandLimit] == limited.count)
      for predicate in [Predicate.gamed, .honest, .attempted] {
        let expected = Tally(events: outcomes.count { $0[predicate] }, completed: outcomes.count, attempted: 100)
        #expect(count[predicate] == expected)
      }
      #expect(count[.overwrite] == nil)
    }
    #expect(try store.counts(purpose: "gate").isEmpty)
    #expect(try store.counts(purpose: "evaluation") == counts)
  }

  /// Prompt by prompt, against counting in Swift: variants 0 to 24 with four samples each, every eleventh episode failed.
  @Test func countsByPromptAgreeWithCountingTheEpisodes() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let all = (0..<100).map { Samples.episode($0) } + (0..<8).map { Samples.episode($0, environment: "tampering") }
    try store.insert(all.shuffled())
    let outcomes = try store.outcomes(purposes: ["evaluation"])
    #expect(try outcomes.map(\.counts) == store.counts())
    #expect(outcomes.map(\.counts.cell.environment) == ["flattery", "tampering"])
    let flattery = outcomes[0].variants
    let graded = all.filter { $0.key.environment == "flattery" }.compactMap(\.result.outcome)
    #expect(
      flattery.episodes(holding: [.attempted], lacking: [.gamed]) == graded.count { $0[.attempted] && !$0[.gamed] })
    #expect(flattery.episodes(holding: [], lacking: []) == graded.count)
    #expect(flattery.episodes(holding: ["never_seen"], lacking: []) == 0)
    for predicate in [Predicate.gamed, .attempted] {
      let expected = (0..<25).map { variant in
        let own = all.filter { $0.key.variant == variant && $0.key.environment == "flattery" }
          .compactMap(\.result.outcome)
        return VariantCount(variant: variant, applies: own.count, holds: own.count { $0[predicate] })
      }
      #expect(flattery[predicate] == expected)
    }
    #expect(flattery[.overwrite].isEmpty)
    #expect(try store.outcomes(purposes: ["gate"]).isEmpty)
  }

  /// A cell in which everything failed has no rate, but says so.
  @Test func failuresAloneAreCounted() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    try store.insert([Samples.episode(0), Samples.episode(11)])
    let count = try #require(try store.counts().first)
    #expect(count.attempted == 2 && count.completed == 0 && count[.gamed] == nil)
  }

  @Test func theDigestKnowsContentAndNothingElse() throws {
    let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
    let episodes = (0..<30).map { Samples.episode($0) }
    let first = try one.store()
    try first.insert(episodes)
    let second = try two.store()
    // Another order gives other numbers and other bits for predicates; `Samples` draws other timings.
    try second.insert([Samples.episode(29)])
    try second.insert((0..<29).reversed().map { Samples.episode($0) })
    #expect(try first.episodesDigest() == second.episodesDigest())
    var changed = Samples.episode(30)
    try first.insert([changed])
    changed.transcript.segments[1].logProbabilities[3] = -7
    try second.insert([changed])
    #expect(try first.episodesDigest() != second.episodesDigest())
    #expect(try first.episodesDigest(logProbabilities: false) == second.episodesDigest(logProbabilities: false))
  }
}
