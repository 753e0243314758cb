import Episodes
import Foundation
import GRDB
import Testing

@testable import Storage

/// What people say of episodes.
@Suite struct LabelTests {
  private static let malign = Label(.malign, .hidden)
  private static let repair = Label(.benignRepair, .disclosed, note: "says “the reward is a bug”")

  /// A store of 12 episodes; every third games, 0 and 11 fail (see `Samples`).
  private static func filled(_ folder: TemporaryFolder) throws -> RunStore {
    let store = try folder.store()
    try store.insert((0..<12).map { Samples.episode($0) })
    return store
  }

  @Test func aRaterMayChangeTheirMind() throws {
    let folder = try TemporaryFolder()
    let store = try Self.filled(folder)
    #expect(
      try store.record([4: Self.malign, 7: Self.repair], rater: "anna")
        == LabelChanges(added: 2, changed: 0, unchanged: 0))
    try store.record([4: Self.repair], rater: "ben")
    let later = try store.record(
      [4: Self.repair, 7: Self.repair, 10: Self.malign], rater: "anna", at: Date(timeIntervalSince1970: 0))
    #expect(later == LabelChanges(added: 1, changed: 1, unchanged: 1))
    #expect(try store.labels(of: 4) == ["anna": Self.repair, "ben": Self.repair])
    #expect(try store.labels(by: "anna") == [4: Self.repair, 7: Self.repair, 10: Self.malign])
    try store.removeLabel(of: 4, rater: "anna")
    try store.removeLabel(of: 4, rater: "nobody")
    #expect(try store.labels(of: 4) == ["ben": Self.repair])
    #expect(try store.labels().first { $0.episode == 10 }?.made == "1970-01-01T00:00:00Z")
  }

  /// Episodes are numbered from 1 in the order of storing: number n has index n - 1, so 4, 7 and 10 game.
  @Test func labelsAreFoundByWhatHolds() throws {
    let folder = try TemporaryFolder()
    let store = try Self.filled(folder)
    try store.record([10: Self.malign, 5: Self.malign, 4: Self.repair], rater: "ben")
    try store.record([10: Self.repair], rater: "anna")
    let selection = LabelSelection(predicate: .gamed)
    let positives = try store.labels(selection.positives)
    #expect(positives.map(\.episode) == [4, 10, 10])
    #expect(positives.map(\.rater) == ["ben", "anna", "ben"])
    #expect(positives.map(\.label) == [Self.repair, Self.repair, Self.malign])
    #expect(positives[0].cell == Cell(Samples.key(3)) && positives[0].variant == 0 && positives[0].sample == 3)
    #expect(try store.labels(selection.negatives).map(\.episode) == [5])
    #expect(try store.labels(LabelSelection(predicate: .gamed, environment: "political").positives).isEmpty)
    #expect(try store.labels(LabelSelection(predicate: .overwrite).positives).isEmpty)
  }

  @Test func anUnknownEpisodeTakesTheBatchBack() throws {
    let folder = try TemporaryFolder()
    let store = try Self.filled(folder)
    #expect(throws: StoreError.unknownEpisode("99")) {
      try store.record([4: Self.malign, 99: Self.malign], rater: "anna")
    }
    #expect(try store.labels().isEmpty)
    #expect(throws: StoreError.self) { try store.record([4: Self.malign], rater: "") }
  }

  /// Labels are opinions about the run, and no part of it.
  @Test func theDigestKnowsNoLabels() throws {
    let folder = try TemporaryFolder()
    let store = try Self.filled(folder)
    let before = try store.episodesDigest()
    try store.record([4: Self.malign], rater: "anna")
    #expect(try store.episodesDigest() == before)
  }

  /// The worker stores batches while two raters label what is there; nobody is refused and nothing is lost.
  @Test func ratersAndTheWorkerWriteAtOnce() async throws {
    let folder = try TemporaryFolder()
    let worker = try Self.filled(folder)
    let url = folder.url
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for start in stride(from: 12, to: 212, by: 5) {
          try worker.insert((start..<(start + 5)).map { Samples.episode($0) })
        }
      }
      for rater in ["anna", "ben"] {
        group.addTask {
          let store = try RunStore(labelling: url)
          for id in 1...12 {
            for label in [Self.malign, Self.repair] { try store.record([id: label], rater: rater) }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try worker.count(EpisodeQuery()) == 212)
    #expect(try worker.labels().count == 24)
    #expect(try worker.labels().allSatisfy { $0.label == Self.repair })
    #expect(throws: StoreError.locked(folder: url.path)) { try Samples.store(in: url) }
  }

  @Test func thereMustBeARun() throws {
    let folder = try TemporaryFolder()
    #expect(throws: StoreError.noRun(folder: folder.url.path)) { try RunStore(labelling: folder.url) }
  }

  /// A store from before there were labels is brought up to date, but not under the hands of a process that works on it.
  @Test func anOlderStoreIsBroughtUpToDate() throws {
    let folder = try TemporaryFolder()
    let queue = try DatabaseQueue(path: RunStore.file(in: folder.url).path)
    try Schema.migrator.migrate(queue, upTo: "2: rewards, verdicts, metrics")
    try queue.close()
    do {
      let lock = try RunLock(folder: folder.url)
      #expect(throws: StoreError.locked(folder: folder.url.path)) { try RunStore(labelling: folder.url) }
      withExtendedLifetime(lock) {}
    }
    #expect(try RunStore(labelling: folder.url).labels().isEmpty)
    #expect(try RunStore(reading: folder.url).labels().isEmpty)
  }

  /// Codes of neighbouring episodes have nothing in common, raters' codes differ, and no spreadsheet reads one as anything
  /// but text.
  @Test func codesSayNothing() throws {
    let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
    let store = try Self.filled(one)
    let codes = try store.labelCodes(rater: "anna")
    let made = (1...2000).map(codes.code)
    #expect(Set(made).count == 2000)
    #expect(made.allSatisfy { $0.wholeMatch(of: /[bcdfghjkmnpqrstvwxyz]{16}/) != nil })
    #expect(made != made.sorted() && Set(made.map { $0.prefix(2) }).count > 300)
    #expect(try RunStore(reading: one.url).labelCodes(rater: "anna").code(of: 1) == made[0])
    #expect(try store.labelCodes(rater: "ben").code(of: 1) != made[0])
    let other = try Samples.store(in: two.url, seed: 8)
    #expect(try other.labelCodes(rater: "anna").code(of: 1) != made[0])
  }
}
