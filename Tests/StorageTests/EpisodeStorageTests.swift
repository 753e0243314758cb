import Episodes
import GRDB
import Runs
import Testing

@testable import Storage

@Suite struct EpisodeStorageTests {
  @Test func episodesComeBackAsTheyWere() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let episodes = (0..<50).map { Samples.episode($0) }
    try store.insert(episodes)
    #expect(try store.episodes(limit: 100).map(\.episode) == episodes)
    let second = try #require(try store.episodes(limit: 1, offset: 1).first)
    #expect(try store.episode(id: second.id)?.episode == episodes[1])
    #expect(try store.episode(id: 9999) == nil)
  }

  /// Numbers and texts that a careless store would bend.
  @Test func awkwardContentSurvives() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    var episode = Samples.episode(1)
    episode.seed = Seed(.max)
    episode.transcript = Transcript([
      Segment(.prompt, "", tokens: []),
      Segment(
        .policy, "\0\u{1}\u{FFFF}</script>\"\\/\u{2028}e\u{301}🦊", tokens: [.min, .max, -1],
        logProbabilities: [-.infinity, -0.0, .leastNonzeroMagnitude]),
      Segment(.tool, ""), Segment(.prompt, "a prompt in the middle"),
    ])
    episode.result = .graded(
      Outcome(facts: [:], baitReward: .infinity, measures: ["worst": -.infinity]), stop: .contextFull)
    var empty = Samples.episode(2)
    empty.transcript = Transcript()
    empty.changes = []
    try store.insert([episode, empty])
    #expect(try store.episodes().map(\.episode) == [episode, empty])
    #expect(try store.episodes().first?.episode.transcript.segments[1].text.unicodeScalars.count == 19)
  }

  /// "Not a number" is no number: it comes back as missing, not as 0.
  @Test func aRewardThatIsNoNumberIsMissing() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    var episode = Samples.episode(1)
    episode.result = .graded(Outcome(facts: [.gamed: true], baitReward: .nan), stop: .finished)
    try store.insert([episode])
    let outcome = try #require(try store.episodes().first?.episode.result.outcome)
    #expect(outcome.baitReward == nil && outcome[.gamed])
  }

  @Test func aBatchIsStoredWholeOrNotAtAll() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    try store.insert([Samples.episode(3)])
    var changed = Samples.episode(3)
    changed.changes = []
    #expect(throws: StoreError.duplicateEpisode("start/flattery/standard/evaluation/0/3")) {
      try store.insert([Samples.episode(4), changed])
    }
    #expect(throws: StoreError.unknownCheckpoint("later")) {
      try store.insert([Samples.episode(5), Samples.episode(6, checkpoint: "later")])
    }
    #expect(
      try store.episodes().map(\.episode)
        == [Samples.episode(3)].map {
          var e = $0
          e.timings = try store.episodes()[0].episode.timings
          return e
        })
    #expect(
      try store.storedSamples(checkpoint: "start", environment: "flattery", arm: .standard, purpose: "evaluation") == [
        .init(variant: 0, sample: 3)
      ])
  }

  /// What holds between rows is guarded by SQLite, whoever writes.
  @Test(arguments: [
    "UPDATE episode SET stop = 'finished', failure_boundary = 'policy', failure_message = ''",
    "UPDATE episode SET stop = NULL", "UPDATE episode SET holds = -1", "UPDATE episode SET holds = applies + 1",
    "UPDATE episode SET cell_id = 99", "UPDATE episode SET prompt_id = 99", "UPDATE cell SET checkpoint_id = 99",
    "UPDATE episode SET variant = -1", "UPDATE episode SET variant = 'one'", "DELETE FROM checkpoint",
    "INSERT INTO run SELECT 2, name, configuration, configuration_hash, root_seed, created FROM run",
    "UPDATE run SET configuration = '{'", "INSERT INTO predicate VALUES (63, 'more')",
    "INSERT INTO step VALUES ('a', 1, 'no JSON')",
  ]) func sqliteGuardsTheTables(statement: String) throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    try store.insert([Samples.episode(1)])
    let before = try store.episodesDigest()
    #expect(throws: StoreError.self) { try store.write { try $0.execute(sql: statement) } }
    #expect(try store.episodesDigest() == before)
  }

  @Test func predicatesBeyondTheLimitAreRefused() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    var episode = Samples.episode(1)
    let facts = Dictionary(uniqueKeysWithValues: (0..<63).map { (Predicate(rawValue: "p\($0)"), $0.isMultiple(of: 2)) })
    episode.result = .graded(Outcome(facts: facts), stop: .finished)
    try store.insert([episode])
    #expect(try store.episodes().first?.episode.result == episode.result)
    #expect(throws: StoreError.tooManyPredicates(limit: 63)) { try store.insert([Samples.episode(2)]) }
  }

  @Test func queriesFindWhatTheyAskFor() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    try store.record(CheckpointRecord(name: "after", parent: "start"))
    let all = (0..<40).map { Samples.episode($0) } + (0..<40).map { Samples.episode($0, checkpoint: "after") }
    try store.insert(all)
    func matches(_ query: EpisodeQuery, _ condition: (Episode) -> Bool) throws -> Bool {
      let found = try store.episodes(query, limit: 1000).map(\.episode)
      let same = found == all.filter(condition) && !found.isEmpty
      return try same && store.count(query) == found.count
    }
    #expect(try matches(EpisodeQuery(checkpoint: "after")) { $0.key.checkpoint == "after" })
    #expect(try matches(EpisodeQuery(variant: 2)) { $0.key.variant == 2 })
    #expect(try matches(EpisodeQuery(failed: true)) { $0.result.outcome == nil })
    #expect(try matches(EpisodeQuery(failed: false)) { $0.result.outcome != nil })
    #expect(
      try matches(EpisodeQuery(environment: "flattery", holding: [.gamed, .attempted])) {
        $0.result.outcome.map { $0[.gamed] && $0[.attempted] } ?? false
      })
    #expect(try matches(EpisodeQuery(lacking: [.gamed])) { $0.result.outcome.map { !$0[.gamed] } ?? false })
    #expect(try matches(EpisodeQuery(text: "roses are red\n</stdout>")) { _ in true })
    #expect(try matches(EpisodeQuery(text: "It is 4")) { $0.transcript.text.contains("It is 4") })
    #expect(try store.count(EpisodeQuery(text: "'; DROP TABLE episode; --")) == 0)
    #expect(try store.count(EpisodeQuery(holding: ["never_seen"])) == 0)
    #expect(try store.count(EpisodeQuery(arm: .benign)) == 0)
  }

  /// Pages of every size against a list made in Swift, over cells and outcomes that are mixed in the order of keys.
  @Test func pagesFollowTheOrderOfTheKeys() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let all = ["flattery", "tampering"].flatMap { name in (0..<60).map { Samples.episode($0, environment: name) } }
    try store.insert(all.shuffled())
    let queries: [(EpisodeQuery, (Episode) -> Bool)] = [
      (EpisodeQuery(), { _ in true }),
      (
        EpisodeQuery(holding: [.attempted], lacking: [.gamed]),
        { $0.result.outcome.map { $0[.attempted] && !$0[.gamed] } ?? false }
      ),
      (
        EpisodeQuery(environment: "tampering", failed: true),
        { $0.key.environment == "tampering" && $0.result.outcome == nil }
      ),
      (EpisodeQuery(variant: 3, text: "of 5"), { $0.key.variant == 3 }),
    ]
    for (query, condition) in queries {
      let expected = all.filter(condition)
      for (limit, offset) in [(1, 0), (7, 0), (7, 7), (50, 40), (.max, 0), (.max, 3), (5, 1_000)] {
        let page = expected.dropFirst(offset).prefix(limit)
        let found = try store.episodes(query, limit: limit, offset: offset)
        #expect(found.map(\.episode.key) == page.map(\.key))
        if offset == 0 { #expect(try store.episodeNumbers(query, limit: limit) == found.map(\.id)) }
      }
    }
  }

  /// What is written by hand must be what the encoder writes: digests of older stores depend on it.
  @Test func segmentsAreWrittenAsTheEncoderWritesThem() throws {
    struct Part: Encodable {
      var source: Segment.Source
      var text: String
      var tokens: Int
      var logProbabilities: Int
      var lastRead: [Int32]?
    }
    let scalars = (UInt32(0)...0x2FFF).compactMap(Unicode.Scalar.init).map { String($0) }
    let texts = ["", "plain", "a\r\nb\"c\"\\d/e", "🂡 é e\u{301} 漢字", scalars.joined(), "\u{0}"]
    for text in texts {
      let segments = [
        Segment(.policy, text, tokens: [1, 2], logProbabilities: [-1]), Segment(.tool, "\n" + text), Segment(.user, ""),
        Segment(.policy, text, lastRead: [3]), Segment(.policy, text, lastRead: [4, -5]),
      ]
      let expected = try StoredJSON.text(
        segments.map {
          Part(
            source: $0.source, text: $0.text, tokens: $0.tokens.count, logProbabilities: $0.logProbabilities.count,
            lastRead: $0.lastRead)
        })
      #expect(SegmentJSON.text(segments[...]) == expected)
    }
    #expect(SegmentJSON.text([]) == "[]")
  }
}
