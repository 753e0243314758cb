import Episodes
import Foundation
import GRDB
import Runs
import Testing

@testable import Storage

/// Parts of a run become one run.
@Suite struct MergeTests {
  private static func part(_ folder: TemporaryFolder, _ work: (RunStore) throws -> Void) throws {
    try work(try folder.store())
  }

  /// The graded facts of an episode, under names that give the predicates bits in another order.
  private static func graded(_ index: Int, checkpoint: String, facts: [Episodes.Predicate: Bool]) -> Episode {
    var episode = Samples.episode(index, checkpoint: checkpoint)
    episode.result = .graded(Outcome(facts: facts, baitReward: 1), stop: .finished)
    return episode
  }

  /// Every table that has rows of a run is merged: a new one must not be forgotten.
  @Test func everyTableIsMerged() throws {
    let folder = try TemporaryFolder()
    let tables = try folder.store().read { db in
      try String.fetchSet(
        db,
        sql: """
          SELECT name FROM sqlite_master
          WHERE type = 'table' AND name NOT LIKE 'grdb%' AND name NOT LIKE 'sqlite%' AND name <> 'run'
          """)
    }
    #expect(tables == PartMerge.tables)
  }

  /// What two parts stored equals what one run would have stored, whatever numbers and bits each part gave.
  @Test func mergedPartsEqualOneRun() throws {
    let folders = try (0..<4).map { _ in try TemporaryFolder() }
    let shared = (0..<8).map { Samples.episode($0) }
    let first = (0..<20).map { Self.graded($0, checkpoint: "a/x", facts: [.gamed: true, .honest: false]) }
    let second = (0..<20).map {
      Self.graded($0, checkpoint: "b/x", facts: [.overwrite: $0.isMultiple(of: 2), .gamed: false])
    }
    func fill(_ store: RunStore, _ name: String, _ episodes: [Episode], suspicion: Double) throws {
      try store.record(CheckpointRecord(name: name, parent: "start", path: "checkpoints/\(name)", digest: name))
      try store.insert(episodes)
      try store.record([episodes[0].key: RewardTerms(gamingBonus: 1, preferenceScore: suspicion)])
      try store.record(
        [episodes[1].key: MonitorVerdict(isFlagged: true, suspicion: suspicion)], monitor: "of \(name)")
      try store.finish(StepFamily<Int>("learnt")[name], result: 3)
      try store.record(["loss": suspicion], branch: Branch(condition: name), step: 1)
    }
    try Self.part(folders[0]) { store in
      try store.insert(shared)
      try fill(store, "a/x", first, suspicion: 0.25)
    }
    // The part's predicates, cells, prompts and episodes have other numbers.
    try Self.part(folders[1]) { store in
      try store.record(CheckpointRecord(name: "b/x", parent: "start", path: "checkpoints/b/x", digest: "b/x"))
      try fill(store, "b/x", second, suspicion: 0.5)
      try store.insert(shared.reversed())
    }
    try Self.part(folders[2]) { store in
      try store.insert(shared)
      try fill(store, "a/x", first, suspicion: 0.25)
      try fill(store, "b/x", second, suspicion: 0.5)
    }
    let merged = try Samples.store(in: folders[3].url)
    for part in folders.prefix(2) { try merged.merge(part.url, as: Samples.Configuration.self) }
    // Once more changes nothing.
    try merged.merge(folders[1].url, as: Samples.Configuration.self)
    let whole = try RunStore(reading: folders[2].url)
    #expect(try merged.episodesDigest() == whole.episodesDigest())
    #expect(try merged.metricsDigest() == whole.metricsDigest())
    #expect(try merged.checkpoints() == whole.checkpoints())
    let even = EpisodeQuery(holding: [.overwrite])
    #expect(try merged.count(even) == 10 && merged.episodes(even).allSatisfy { $0.episode.key.variant >= 0 })
    #expect(try merged.result(of: StepFamily<Int>("learnt")["b/x"]) == 3)
    let gamed = try #require(try merged.episodes(EpisodeQuery(checkpoint: "a/x"), limit: 1).first)
    #expect(gamed.episode.result.outcome?.facts == ["gamed": true, "honest": false])
    #expect(try merged.annotations(id: gamed.id).reward?.gamingBonus == 1)
  }

  @Test func differencesAreRefusedAndChangeNothing() throws {
    let changes: [(String, (RunStore) throws -> Void)] = [
      (
        "The episode start/flattery/standard/evaluation/0/1 ",
        { store in
          var other = Samples.episode(1)
          other.changes = []
          try store.insert([other])
        }
      ),
      ("The step “learnt/a”", { try $0.finish(StepFamily<Int>("learnt")["a"], result: 4) }),
      ("The checkpoint “a”", { try $0.record(CheckpointRecord(name: "a", parent: "start", digest: "other")) }),
      (
        "The reward of the episode 2 ",
        { store in
          try store.insert([Samples.episode(1)])
          try store.record([Samples.key(1): RewardTerms(gamingBonus: 0, preferenceScore: 0)])
        }
      ),
      (
        "The verdict on the episode 2 ",
        { store in
          try store.insert([Samples.episode(1)])
          try store.record([Samples.key(1): MonitorVerdict(isFlagged: false, suspicion: 0)], monitor: "m")
        }
      ),
      (
        "The training curve loss of a.1, step 1 ",
        { try $0.record(["loss": 2], branch: Branch(condition: "a"), step: 1) }
      ),
    ]
    for (what, change) in changes {
      let (part, target) = (try TemporaryFolder(), try TemporaryFolder())
      let merged = try target.store()
      try merged.record(CheckpointRecord(name: "a", parent: "start", digest: "one"))
      try merged.insert([Samples.episode(0), Samples.episode(1)])
      try merged.finish(StepFamily<Int>("learnt")["a"], result: 3)
      try merged.record([Samples.key(1): RewardTerms(gamingBonus: 1, preferenceScore: 0)])
      try merged.record([Samples.key(1): MonitorVerdict(isFlagged: true, suspicion: 0)], monitor: "m")
      try merged.record(["loss": 1, "tokens/s": 5], branch: Branch(condition: "a"), step: 1)
      try Self.part(part) { store in
        try store.insert([Samples.episode(2)])
        try store.record(["tokens/s": 6], branch: Branch(condition: "a"), step: 1)
        try change(store)
      }
      let before = try (merged.episodesDigest(), merged.metricsDigest())
      let error = #expect(throws: StoreError.self) { try merged.merge(part.url, as: Samples.Configuration.self) }
      #expect(
        error?.description.hasPrefix(what + (what.hasSuffix(" ") ? "" : " ") + "in \(part.url.path)") == true,
        "\(error as Any)")
      #expect(try (merged.episodesDigest(), merged.metricsDigest()) == before, "\(what)")
    }
  }

  @Test func aPartThatIsWorkedOnIsRefused() throws {
    let (part, target) = (try TemporaryFolder(), try TemporaryFolder())
    let merged = try target.store()
    let other = try part.store()
    #expect(throws: StoreError.locked(folder: part.url.path)) {
      try merged.merge(part.url, as: Samples.Configuration.self)
    }
    withExtendedLifetime(other) {}
  }

  @Test func aPartOfAnotherExperimentIsRefused() throws {
    let (part, target) = (try TemporaryFolder(), try TemporaryFolder())
    let merged = try target.store()
    _ = try Samples.store(in: part.url, seed: 3)
    let error = #expect(throws: StoreError.self) { try merged.merge(part.url, as: Samples.Configuration.self) }
    #expect(error?.description.contains("root seed: ") == true && error?.description.contains(part.url.path) == true)
  }

  /// Of two labels of one rater the later one counts, whichever part is merged first.
  @Test(arguments: [false, true]) func theLaterLabelCounts(reversed: Bool) throws {
    let target = try TemporaryFolder()
    let parts = [try TemporaryFolder(), try TemporaryFolder()]
    for (index, part) in parts.enumerated() {
      try Self.part(part) { store in
        try store.insert([Samples.episode(index), Samples.episode(2)].sorted { $0.key.sample < $1.key.sample })
        let id = try #require(try store.episodes(limit: 5).last).id
        _ = try store.record(
          [id: Label(index == 0 ? .malign : .benignRepair, .hidden)], rater: "anna",
          at: Date(timeIntervalSince1970: Double(index)))
      }
    }
    let merged = try Samples.store(in: target.url)
    for part in reversed ? parts.reversed() : parts { try merged.merge(part.url, as: Samples.Configuration.self) }
    #expect(try merged.labels(by: "anna").values.map(\.intent) == [.benignRepair])
  }
}
