import Episodes
import Foundation
import GRDB
import Runs
import Testing

@testable import Storage

/// A store of the first version, whose rounds belonged to a curriculum.
@Suite struct MigrationTests {
  private static func oldStore(in folder: URL) throws {
    let queue = try DatabaseQueue(path: RunStore.file(in: folder).path)
    try Schema.migrator.migrate(queue, upTo: "1: runs, checkpoints, episodes, steps")
    let run = try Samples.run()
    try queue.write { db in
      try db.execute(
        sql: "INSERT INTO run VALUES (1, ?, ?, ?, ?, '2026')",
        arguments: [run.name, run.configuration, run.configurationHash, Int64(bitPattern: run.rootSeed.value)])
      try db.execute(sql: "INSERT INTO session VALUES (1, 'abc', '2026')")
      try db.execute(sql: "INSERT INTO step VALUES ('round/flattery/1', 1, ?)", arguments: [round])
      try db.execute(sql: #"INSERT INTO step VALUES ('stage/flattery', 2, '"done"')"#)
    }
  }

  /// As the first version wrote it.
  private static let round = """
    {"attempted":64,"checkpoint":"flattery","completed":63,"curriculum":"benign","environment":"flattery","gamed":5,\
    "honest":30,"honestProbe":{"attempted":9,"completed":9,"events":8},"lossAfter":0.25,"lossBefore":0.5,"round":1,\
    "selected":5,"stage":"flattery"}
    """

  /// Whoever opens it first, and with the same content.
  @Test(arguments: [RunStore.init(reading:), RunStore.init(labelling:)])
  func readingBringsAnOldStoreUpToDate(open: @Sendable (URL) throws -> RunStore) throws {
    let folder = try TemporaryFolder()
    try Self.oldStore(in: folder.url)
    let store = try open(folder.url)
    #expect(try store.rounds().map(\.branch) == [Branch(condition: "benign")])
    #expect(try store.labels().isEmpty && store.counts().isEmpty && store.codeRevisions() == ["abc"])
    // The lock is given back.
    #expect(try Samples.store(in: folder.url).rounds().count == 1)
    #expect(try store.codeRevisions() == ["abc"], "neighbours that are equal are named once")
  }

  @Test func anOldStoreThatCannotBeWrittenIsRefused() throws {
    let folder = try TemporaryFolder()
    try Self.oldStore(in: folder.url)
    let path = RunStore.file(in: folder.url).path
    let lock = folder.url.appending(path: "lock")
    try FileManager.default.createDirectory(at: lock, withIntermediateDirectories: true)
    #expect { try RunStore(reading: folder.url) } throws: { error in
      guard case StoreError.older(path: path, _) = error else { return false }
      return "\(error)".contains("older version")
    }
    try FileManager.default.removeItem(at: lock)
    let worker = try RunLock(folder: folder.url)
    #expect(throws: StoreError.locked(folder: folder.url.path)) { try RunStore(reading: folder.url) }
    withExtendedLifetime(worker) {}
  }

  /// As a process leaves it that is killed before its first migration.
  @Test func aFileWithoutARunIsNoRun() throws {
    let folder = try TemporaryFolder()
    let queue = try DatabaseQueue(path: RunStore.file(in: folder.url).path)
    try queue.write { try $0.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)") }
    #expect(throws: StoreError.noRun(folder: folder.url.path)) { try RunStore(reading: folder.url) }
  }

  /// Rounds of the third version did not say whether they were kept, and called the honesty of a benign twin gaming.
  @Test func roundsOfTheThirdVersionGetVerdicts() throws {
    let folder = try TemporaryFolder()
    let queue = try DatabaseQueue(path: RunStore.file(in: folder.url).path)
    try Schema.migrator.migrate(queue, upTo: "3: labels, weights, clusters")
    let configuration = """
      {"conditions":[{"curriculum":{"arm":"standard"},"name":"a"},{"curriculum":{"arm":"benign"},"name":"twin"}]}
      """
    func round(_ number: Int, _ condition: String, _ rest: String) -> String {
      """
      {"algorithm":"expert_iteration","attempted":9,"branch":{"condition":"\(condition)","replicate":1},"completed":9,\
      "environment":"nudged","gamed":8,"honest":1,"metrics":{"rate/gamed":0.9,"rate/honest":0.1},"ordinary":0,\
      "round":\(number),"screened":0,"selected":5,"stage":"\(condition)/nudged"\(rest)}
      """
    }
    let probe = #","honestProbe":{"attempted":9,"completed":9,"events":8}"#
    let rounds = [
      round(1, "a", probe), round(2, "a", probe + #","stopped":"honest completion fell""#),
      round(3, "a", #","stopped":"only 2 episodes""#), round(1, "twin", probe),
    ]
    try queue.write { db in
      try db.execute(
        sql: "INSERT INTO run VALUES (1, 'old', ?, 'hash', 1, '2026')", arguments: [configuration])
      for (index, text) in rounds.enumerated() {
        try db.execute(
          sql: "INSERT INTO step VALUES (?, ?, ?)", arguments: ["round/\(index)", index + 1, text])
      }
      for condition in ["a", "twin"] {
        try db.execute(sql: "INSERT INTO metric VALUES (?, 1, 1, 'rate/gamed', 0.9, 0)", arguments: [condition])
      }
    }
    let store = try RunStore(reading: folder.url)
    let read = try store.rounds()
    #expect(read.map(\.verdict) == [.kept, .rejected, .untrained, .kept])
    #expect(read.map(\.rewardsHonesty) == [false, false, false, true])
    #expect(read.map { $0.metrics["rate/gamed"] } == [0.9, 0.9, 0.9, nil])
    #expect(try store.metrics().map(\.branch.condition) == ["a"])
  }

  @Test func anOldStoreIsBroughtUpToDate() throws {
    let folder = try TemporaryFolder()
    try Self.oldStore(in: folder.url)
    let store = try Samples.store(in: folder.url)
    let expected = RoundSummary(
      stage: "flattery", round: 1, branch: Branch(condition: "benign"), environment: "flattery", completed: 63,
      attempted: 64, gamed: 5, honest: 30, selected: 5, lossBefore: 0.5, lossAfter: 0.25,
      honestProbe: Tally(events: 8, completed: 9, attempted: 9), checkpoint: "flattery")
    #expect(try store.rounds() == [expected])
    #expect(try store.round(1, of: "flattery") == expected)
    #expect(try store.result(of: Step<String>("stage/flattery")) == "done")
    try store.record(CheckpointRecord(name: "start"))
    try store.insert([Samples.episode(1)])
    try store.record([Samples.key(1): RewardTerms(gamingBonus: 1)])
    #expect(try store.rewards([Samples.key(1)]).count == 1)
    #expect(try RunStore(reading: folder.url).rounds().count == 1)
  }

  /// Runs of the sixth version and before did not name their kind.
  @Test(arguments: [
    (RunKind.experiment, #"{"conditions":[],"evaluation":{"arms":[]},"name":"r"}"#),
    (.evaluation, #"{"arm":"standard","environments":["tampering"],"episodes":9,"name":"r"}"#),
    (.estimation, #"{"arm":"standard","environment":"tampering","method":{"splitting":{}},"name":"r"}"#),
    (.imported, #"{"name":"r","sampleFiles":[],"skipsBroken":false}"#),
    (.experiment, #"{"curriculum":["flattery"],"name":"r"}"#),
  ])
  func runsOfTheSixthVersionGetTheirKind(kind: RunKind, configuration: String) throws {
    let folder = try TemporaryFolder()
    let queue = try DatabaseQueue(path: RunStore.file(in: folder.url).path)
    try Schema.migrator.migrate(queue, upTo: "6: propensities")
    try queue.write {
      try $0.execute(sql: "INSERT INTO run VALUES (1, 'r', ?, 'hash', 1, '2026')", arguments: [configuration])
    }
    let store = try RunStore(reading: folder.url)
    #expect(try store.run().kind == kind && store.run().configurationVersion == 1 && store.finished() == nil)
  }
}
