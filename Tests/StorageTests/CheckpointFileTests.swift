import Foundation
import Runs
import Storage
import Testing

@Suite struct CheckpointFileTests {
  @Test func aRemovedFileIsKnownAsOne() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let record = CheckpointRecord(
      name: "ppo/flattery.1", parent: "start", path: "checkpoints/a.safetensors", digest: "00ff")
    try store.record(record)
    let file = folder.url.appending(path: "checkpoints/a.safetensors")
    #expect(try store.checkpointFile(record.name) == file)
    #expect(try store.forget(checkpointFile: record.name) == file)
    #expect(throws: StoreError.removedCheckpointFile(record.name)) { try store.checkpointFile(record.name) }
    let left = try #require(try store.checkpoints().last)
    #expect(left.isFileRemoved && left.digest == "00ff" && left.parent == "start")
    #expect(try store.forget(checkpointFile: record.name) == nil)
    // What was trained from it still names it.
    try store.record(CheckpointRecord(name: "ppo/flattery.2", parent: record.name))
    #expect(try store.checkpoints().last?.parent == record.name)
  }

  /// The last round's checkpoint is the stage's too: one file with two names.
  @Test func aFileWithTwoNamesGoesWithTheLast() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    for name in ["ppo/flattery.9", "ppo/flattery"] {
      try store.record(CheckpointRecord(name: name, path: "checkpoints/b", digest: "11"))
    }
    #expect(try store.forget(checkpointFile: "ppo/flattery.9") == nil)
    #expect(try store.checkpointFile("ppo/flattery") == folder.url.appending(path: "checkpoints/b"))
    #expect(throws: StoreError.removedCheckpointFile("ppo/flattery.9")) { try store.checkpointFile("ppo/flattery.9") }
    #expect(try store.forget(checkpointFile: "ppo/flattery") == folder.url.appending(path: "checkpoints/b"))
  }

  @Test func aCheckpointThatNeverWasIsNamed() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    #expect(throws: StoreError.noCheckpointFile("gone")) { try store.forget(checkpointFile: "gone") }
    #expect(throws: StoreError.noCheckpointFile("gone")) { try store.checkpointFile("gone") }
    // `start` of these tests is a policy that is not the run's own.
    #expect(throws: StoreError.noCheckpointFile("start")) { try store.checkpointFile("start") }
    #expect(try store.forget(checkpointFile: "start") == nil)
    #expect(try store.checkpoints() == [CheckpointRecord(name: "start")])
  }
}
