import Episodes
import Foundation
import Runs
import Storage
import Testing

/// Pages by key, counts by outcome, and the full-text index.
@Suite struct PageTests {
  private static func filled(_ folder: TemporaryFolder, _ episodes: Int = 60) throws -> RunStore {
    let store = try folder.store()
    try store.record(CheckpointRecord(name: "later"))
    for checkpoint in ["later", "start"] {
      // Stored in another order than that of the keys.
      try store.insert((0..<episodes).reversed().map { Samples.episode($0, checkpoint: checkpoint) })
    }
    return store
  }

  private static let queries = [
    EpisodeQuery(), EpisodeQuery(holding: [.gamed]), EpisodeQuery(checkpoint: "later", lacking: [.gamed]),
    EpisodeQuery(failed: true), EpisodeQuery(variant: 3), EpisodeQuery(checkpoints: ["later", "none"]),
  ]

  /// From any episode, forwards and backwards, pages hold what stands there in the list of all.
  @Test(arguments: queries) func boundsCutTheListAtAKey(query: EpisodeQuery) throws {
    let folder = try TemporaryFolder()
    let store = try Self.filled(folder)
    let all = try store.episodeNumbers(query, limit: .max)
    #expect(all.count == (try store.count(query)) && all.count > 3)
    let whole = try store.rows(numbered: store.episodeNumbers(EpisodeQuery(), limit: .max))
    for row in whole {
      let behind = whole.drop { $0.id != row.id }.dropFirst().map(\.id).filter(all.contains)
      let before = whole.prefix { $0.id != row.id }.map(\.id).filter(all.contains)
      #expect(try store.episodeNumbers(query, from: .after(row.key), limit: 7) == Array(behind.prefix(7)))
      #expect(try store.episodeNumbers(query, from: .before(row.key), limit: 7) == Array(before.suffix(7)))
    }
  }

  @Test func aKeyThatIsNotStoredIsAPlaceToo() throws {
    let folder = try TemporaryFolder()
    let store = try Self.filled(folder)
    var key = Samples.key(7)
    key.sample = 99
    let numbers = try store.episodeNumbers(EpisodeQuery(), from: .after(key), limit: 1)
    #expect(try store.rows(numbered: numbers).map(\.key) == [Samples.key(8)])
    key.checkpoint = "unknown"
    #expect(try store.episodeNumbers(EpisodeQuery(), from: .after(key), limit: 1).isEmpty)
    #expect(try store.episodeNumber(of: key) == nil)
  }

  /// Counts of groups are those of queries.
  @Test(arguments: queries.filter { $0.variant == nil }) func groupsCountAsQueriesDo(query: EpisodeQuery) throws {
    let folder = try TemporaryFolder()
    let store = try Self.filled(folder)
    let groups = try store.outcomeGroups()
    #expect(groups.filter { $0.matches(query) }.reduce(0) { $0 + $1.episodes } == (try store.count(query)))
  }

  @Test func theIndexFindsWhatWasSaid() throws {
    let folder = try TemporaryFolder()
    let store = try Self.filled(folder)
    let cache = folder.url.appending(path: "cache")
    let index = try SearchIndex(of: store, in: cache)
    let begun = try index.progress()
    #expect((begun.indexed, begun.total) == (0, 120))
    while try index.advance() {}
    #expect(try index.progress().isComplete)
    // `look` stands in the reasoning, `cat` in a command, `5` in what was said, `roses` in a tool's output.
    #expect(try index.count(holding: "LOOK", EpisodeQuery(), limit: 1_000) == 120)
    #expect(try index.count(holding: "look", in: .said, EpisodeQuery(), limit: 1_000) == 0)
    #expect(try index.count(holding: "cat poem", in: .commands, EpisodeQuery(), limit: 1_000) == 120)
    #expect(try index.count(holding: "roses", EpisodeQuery(), limit: 1_000) == 0)
    // “It is 3 of 5” where the number divided by five leaves two: 12 of 60, of which 12, 27, 42 and 57 game.
    #expect(try index.count(holding: "\"is 3 of\"", EpisodeQuery(checkpoint: "start"), limit: 1_000) == 12)
    let gamed = EpisodeQuery(checkpoint: "start", holding: [.gamed])
    let numbers = try index.episodes(holding: "\"is 3 of\"", gamed, limit: 10)
    #expect(try store.rows(numbered: numbers).map(\.key) == [57, 42, 27, 12].map { Samples.key($0) })
    #expect(try index.episodes(holding: "\"is 3 of\"", gamed, after: numbers[1], limit: 1) == [numbers[2]])
    // The index grows with the run, and another one starts where it ended.
    try store.insert([Samples.episode(60)])
    let again = try SearchIndex(of: store, in: cache)
    let resumed = try again.progress()
    #expect((resumed.indexed, resumed.total) == (120, 121))
    #expect(try !again.advance() && again.progress().isComplete)
    #expect(try again.count(holding: "look", EpisodeQuery(), limit: 1_000) == 121)
  }

  /// An index that is damaged is made again.
  @Test func aDamagedIndexIsReplaced() throws {
    let folder = try TemporaryFolder()
    let store = try Self.filled(folder)
    let cache = folder.url.appending(path: "cache")
    do { _ = try SearchIndex(of: store, in: cache).advance() }
    for name in try FileManager.default.contentsOfDirectory(atPath: cache.path) {
      try Data("no index".utf8).write(to: cache.appending(path: name))
    }
    let index = try SearchIndex(of: store, in: cache)
    #expect(try index.progress().indexed == 0)
    while try index.advance() {}
    #expect(try index.count(holding: "look", EpisodeQuery(), limit: 1_000) == 120)
  }

  /// A viewer sees who works on a run, and takes no lock from it.
  @Test func aViewerLeavesTheLockAlone() throws {
    let folder = try TemporaryFolder()
    #expect(!RunStore.isWorkedOn(folder.url))
    do {
      let store = try folder.store()
      #expect(RunStore.isWorkedOn(folder.url))
      #expect(try RunStore(viewing: folder.url).run() == store.run())
    }
    #expect(!RunStore.isWorkedOn(folder.url))
    _ = try folder.store()
  }
}
