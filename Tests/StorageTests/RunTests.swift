import Episodes
import Foundation
import GRDB
import Testing

@testable import Storage

@Suite struct RunTests {
  @Test func aRunIsContinuedByItsConfiguration() throws {
    let folder = try TemporaryFolder()
    _ = try folder.store()
    var again = try Samples.run()
    again.codeRevision = "def"
    let store = try RunStore(in: folder.url, run: again)
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
    let run = try Samples.run(other, seed: 1)
    #expect(
      throws: StoreError.otherConfiguration(
        run: "test",
        differences: [
          "episodes: 100 in the store, 200 now", "stages[2]: not there in the store, \"nudged\" now",
          "root seed: 18446744073709551615 in the store, 1 now",
        ])
    ) { try RunStore(in: folder.url, run: run) }
    #expect(try RunStore(reading: folder.url).count(EpisodeQuery()) == 1)
  }

  @Test func oneProcessWorksOnARunWhileOthersRead() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    #expect(throws: StoreError.locked(folder: folder.url.path)) { try RunStore(in: folder.url, run: Samples.run()) }
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
    #expect(try store.step("sample", as: [Int].self) == nil)
    try store.finishStep("sample", result: [1, 2])
    try store.finishStep("sample", result: [1, 2])
    #expect(throws: StoreError.self) { try store.finishStep("sample", result: [1]) }
    #expect(try store.step("sample", as: [Int].self) == [1, 2])
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
    for round in rounds { try store.record(round) }
    #expect(try store.rounds() == rounds)
  }

  @Test func theSchemaIsWhatTheMigrationsMake() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    #expect(try store.read { try !Schema.migrator.hasSchemaChanges($0) })
  }
}
