import Episodes
import Foundation
import GRDB
import Runs
import Testing

@testable import Storage

/// Rewards of episodes, and what monitors say of them.
@Suite struct AnnotationTests {
  private static let terms = RewardTerms(gamingBonus: 0.5, preferenceScore: 0.1 + 0.2, penalty: -0.25)
  private static let verdict = MonitorVerdict(isFlagged: true, suspicion: 1 / 3)

  private static func reward(_ index: Int) -> RewardTerms {
    RewardTerms(
      gamingBonus: index.isMultiple(of: 3) ? 1 : 0, preferenceScore: Double(index) / 7,
      penalty: index.isMultiple(of: 5) ? -0.1 : 0, isScreened: index.isMultiple(of: 4))
  }

  @Test func rewardsComeBackAsTheyWere() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    try store.record(CheckpointRecord(name: "after", parent: "start"))
    let all = (0..<30).flatMap { index in ["start", "after"].map { (index, $0) } }
    try store.insert(all.map { Samples.episode($0.0, checkpoint: $0.1) })
    let keys = all.map { Samples.key($0.0, checkpoint: $0.1) }
    let rewards = Dictionary(uniqueKeysWithValues: keys[..<40].enumerated().map { ($1, Self.reward($0)) })
    try store.record(rewards)
    #expect(try store.rewards(keys) == rewards)
    #expect(try store.rewards([keys[3], keys[50], Samples.key(99)]) == [keys[3]: Self.reward(3)])
    #expect(try store.rewards([]).isEmpty)
  }

  /// Recorded again: nothing. Recorded otherwise: refused, with all of its batch.
  @Test func rewardsAreNeverReplaced() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let keys = (0..<3).map { Samples.key($0) }
    try store.insert((0..<2).map { Samples.episode($0) })
    try store.record([keys[0]: Self.terms])
    try store.record([keys[0]: Self.terms])
    var other = Self.terms
    other.isScreened = true
    #expect(throws: StoreError.contradiction(what: "The reward of the episode \(keys[0].path)")) {
      try store.record([keys[0]: other, keys[1]: Self.terms])
    }
    #expect(throws: StoreError.unknownEpisode(keys[2].path)) {
      try store.record([keys[1]: Self.terms, keys[2]: Self.terms])
    }
    for bad in [Double.nan, .infinity] {
      #expect(throws: StoreError.notFinite(what: "The reward of the episode \(keys[1].path)")) {
        try store.record([keys[1]: RewardTerms(gamingBonus: 1, preferenceScore: bad)])
      }
    }
    #expect(try store.rewards(keys) == [keys[0]: Self.terms])
  }

  @Test func verdictsBelongToTheirMonitors() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let keys = (0..<4).map { Samples.key($0) }
    try store.insert((0..<3).map { Samples.episode($0) })
    let quiet = MonitorVerdict(isFlagged: false, suspicion: -4.5)
    try store.record([keys[0]: Self.verdict, keys[1]: quiet], monitor: "pattern")
    try store.record([keys[0]: quiet], monitor: "probe")
    try store.record([keys[0]: Self.verdict], monitor: "pattern")
    #expect(try store.verdicts(keys, monitor: "pattern") == [keys[0]: Self.verdict, keys[1]: quiet])
    #expect(try store.verdicts(keys, monitor: "probe") == [keys[0]: quiet])
    #expect(try store.verdicts(keys, monitor: "judge").isEmpty)
    #expect(throws: StoreError.self) { try store.record([keys[0]: quiet], monitor: "pattern") }
    #expect(throws: StoreError.unknownEpisode(keys[3].path)) {
      try store.record([keys[3]: quiet], monitor: "pattern")
    }
    #expect(throws: StoreError.self) {
      try store.record([keys[2]: MonitorVerdict(isFlagged: true, suspicion: .nan)], monitor: "pattern")
    }
    #expect(throws: StoreError.self) { try store.record([keys[2]: quiet], monitor: "") }
    #expect(try store.verdicts(keys, monitor: "pattern").count == 2)
  }

  @Test func anEpisodeIsReadWithWhatIsSaidOfIt() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    try store.insert((0..<2).map { Samples.episode($0) })
    try store.record([Samples.key(1): Self.terms])
    try store.record([Samples.key(1): Self.verdict], monitor: "pattern")
    try store.record([Samples.key(1): Self.verdict], monitor: "probe")
    let ids = try store.episodes().map(\.id)
    #expect(try store.annotations(id: ids[0]) == EpisodeAnnotations())
    #expect(
      try store.annotations(id: ids[1])
        == EpisodeAnnotations(reward: Self.terms, verdicts: ["pattern": Self.verdict, "probe": Self.verdict]))
  }

  /// A resumed run must say the same of its episodes, whatever the order.
  @Test func theDigestKnowsRewardsAndVerdicts() throws {
    let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
    let (first, second) = (try one.store(), try two.store())
    try first.insert((0..<20).map { Samples.episode($0) })
    try second.insert((0..<20).reversed().map { Samples.episode($0) })
    func agree() throws -> Bool { try first.episodesDigest() == second.episodesDigest() }
    #expect(try agree())
    try first.record([Samples.key(3): Self.terms, Samples.key(4): Self.terms])
    #expect(try !agree())
    try second.record([Samples.key(4): Self.terms])
    #expect(try !agree())
    try second.record([Samples.key(3): Self.terms])
    #expect(try agree())
    try first.record([Samples.key(3): Self.verdict], monitor: "pattern")
    try first.record([Samples.key(3): Self.verdict], monitor: "probe")
    #expect(try !agree())
    try second.record([Samples.key(3): Self.verdict], monitor: "probe")
    try second.record([Samples.key(3): Self.verdict], monitor: "pattern")
    #expect(try agree())
    try first.record([Samples.key(5): Self.verdict], monitor: "probe")
    try second.record([Samples.key(5): MonitorVerdict(isFlagged: true, suspicion: 0.3)], monitor: "probe")
    #expect(try !agree())
  }

  /// What holds between rows is guarded by SQLite, whoever writes.
  @Test(arguments: [
    "INSERT INTO reward VALUES (1, 1, 0, 0, 0)", "INSERT INTO reward VALUES (99, 1, 0, 0, 0)",
    "UPDATE reward SET penalty = 0.5", "UPDATE reward SET is_screened = 2", "UPDATE reward SET preference_score = NULL",
    "UPDATE reward SET gaming_bonus = 'all'", "DELETE FROM episode", "DELETE FROM monitor",
    "INSERT INTO monitor VALUES (2, 'pattern')", "INSERT INTO monitor VALUES (2, '')",
    "INSERT INTO verdict VALUES (1, 1, 0, 0)", "INSERT INTO verdict VALUES (99, 1, 0, 0)",
    "INSERT INTO verdict VALUES (1, 99, 0, 0)", "UPDATE verdict SET is_flagged = 2",
    "UPDATE verdict SET suspicion = NULL", "UPDATE metric SET replicate = 0", "UPDATE metric SET step = -1",
    "UPDATE metric SET name = ''", "UPDATE metric SET value = 'high'", "UPDATE metric SET condition = ''",
    "INSERT INTO metric VALUES ('hhh', 1, 1, 'kl', 2, 0)",
  ]) func sqliteGuardsTheTables(statement: String) throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    try store.insert([Samples.episode(1)])
    try store.record([Samples.key(1): Self.terms])
    try store.record([Samples.key(1): Self.verdict], monitor: "pattern")
    try store.record(["kl": 1], branch: Branch(condition: "hhh"), step: 1)
    let before = (try store.episodesDigest(), try store.metricsDigest())
    #expect(throws: StoreError.self) { try store.write { try $0.execute(sql: statement) } }
    #expect(try (store.episodesDigest(), store.metricsDigest()) == before)
  }
}
