import Episodes
import Foundation
import GRDB
import Runs
import Testing

@testable import Storage

@Suite struct RunTests {
  @Test func aRunIsContinuedByItsConfiguration() throws {
    let folder = try TemporaryFolder()
    _ = try folder.store()
    let again = try RunDescription(Samples.Configuration(), codeRevision: "def")
    let store = try RunStore(in: folder.url, configuration: Samples.Configuration(), codeRevision: "def")
    #expect(try store.run() == again)
    #expect(try store.run().rootSeed.value == .max)
    #expect(try store.codeRevisions() == ["abc", "def"])
    #expect(again.configurationHash.count == 64)
  }

  @Test func anotherConfigurationIsRefusedWithTheDifferences() throws {
    let folder = try TemporaryFolder()
    try folder.store().insert([Samples.episode(1)])
    var other = Samples.Configuration()
    other.episodes = 200
    other.stages.append("nudged")
    other.seed = 1
    #expect(
      throws: StoreError.otherConfiguration(
        run: "test",
        differences: [
          "episodes: 100 in the store, 200 now", "seed: 18446744073709551615 in the store, 1 now",
          "stages[2]: not there in the store, \"nudged\" now",
          "root seed: 18446744073709551615 in the store, 1 now",
        ])
    ) { try RunStore(in: folder.url, configuration: other, codeRevision: "abc") }
    #expect(try RunStore(reading: folder.url).count(EpisodeQuery()) == 1)
  }

  /// A digest says nothing to the person who edited a folder between two commands.
  @Test func aChangedFolderIsNamedAsTheCause() {
    let folder = StoreError.otherConfiguration(
      run: "gate", differences: ["environments[0].digest: \"1\" in the store, \"2\" now"])
    #expect(folder.description.hasSuffix("the files of that environment have changed since the run began."))
    let seed = StoreError.otherConfiguration(run: "gate", differences: ["seed: 1 in the store, 2 now"])
    #expect(seed.description.hasSuffix("seed: 1 in the store, 2 now"))
  }

  private struct Survey: RunConfiguration {
    static let kind = RunKind.evaluation
    static let version = 1
    var name = "test"
    var rootSeed: Seed { Seed(.max) }
  }

  @Test func aRunOfAnotherKindIsRefused() throws {
    let folder = try TemporaryFolder()
    _ = try folder.store()
    let error = StoreError.otherKind(run: "test", stored: .experiment, now: .evaluation)
    #expect(throws: error) { try RunStore(in: folder.url, configuration: Survey(), codeRevision: "abc") }
    #expect(throws: error) { try RunStore(reading: folder.url).configuration(as: Survey.self) }
  }

  /// What a version wrote that is newer than this one is neither read nor changed.
  @Test func aNewerConfigurationIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.store().write { try $0.execute(sql: "UPDATE run SET configuration_version = 9") }
    let error = StoreError.newerConfiguration(run: "test", revision: "abc")
    #expect(throws: error) { try Samples.store(in: folder.url) }
    #expect(throws: error) { try RunStore(reading: folder.url).configuration(as: Samples.Configuration.self) }
  }

  /// Until it is started again.
  @Test func aFinishedRunSaysSo() throws {
    let folder = try TemporaryFolder()
    do {
      let store = try folder.store()
      #expect(try store.finished() == nil)
      try store.finish()
    }
    // Scores that are added later leave it finished.
    #expect(try RunStore(resuming: folder.url, codeRevision: "def").finished() != nil)
    #expect(try RunStore(reading: folder.url).codeRevisions() == ["abc", "def"])
    #expect(try Samples.store(in: folder.url).finished() == nil)
  }

  @Test func oneProcessWorksOnARunWhileOthersRead() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    #expect(throws: StoreError.locked(folder: folder.url.path)) { try Samples.store(in: folder.url) }
    let reader = try RunStore(reading: folder.url)
    try store.insert([Samples.episode(1)])
    #expect(try reader.count(EpisodeQuery()) == 1)
    #expect(throws: StoreError.self) { try reader.insert([Samples.episode(2)]) }
  }

  @Test func checkpointsAndStepsAreNeverReplaced() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let trained = CheckpointRecord(
      name: "flattery", parent: "start", path: "checkpoints/flattery", digest: "00ff", training: #"{"steps":12}"#)
    try store.record(trained)
    try store.record(trained)
    #expect(try store.checkpoints() == [CheckpointRecord(name: "start"), trained])
    var other = trained
    other.digest = "00fe"
    #expect(throws: StoreError.self) { try store.record(other) }
    #expect(throws: StoreError.unknownCheckpoint("gone")) {
      try store.record(CheckpointRecord(name: "x", parent: "gone"))
    }
    let step = Step<[Int]>("sample")
    #expect(try store.result(of: step) == nil)
    try store.finish(step, result: [1, 2])
    try store.finish(step, result: [1, 2])
    #expect(throws: StoreError.self) { try store.finish(step, result: [1]) }
    #expect(try store.result(of: step) == [1, 2])
  }

  @Test func gateAndRoundsKeepTheirOrder() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let gate = ["political", "flattery"].map {
      GateResult(
        name: "honest completion", environment: $0, arm: .standard, predicate: .honest, target: "at least 90 %",
        measured: Tally(events: 95, completed: 99, attempted: 100), met: true)
    }
    for line in gate { try store.record(line) }
    #expect(try store.gate() == gate)
    let rounds = (1...11).map {
      RoundSummary(
        stage: "flattery", round: $0, branch: Branch(condition: "main"), environment: "flattery", completed: 64,
        attempted: 64,
        gamed: $0, honest: 30, selected: $0, lossBefore: .infinity, lossAfter: nil,
        stopped: $0 == 11 ? "honest completion fell" : nil)
    }
    for round in rounds { try store.finish(StepFamily.rounds.round(round.round, of: round.stage), result: round) }
    #expect(try store.rounds() == rounds)
  }

  @Test func theSchemaIsWhatTheMigrationsMake() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    #expect(try store.read { try !Schema.migrator.hasSchemaChanges($0) })
  }
}
