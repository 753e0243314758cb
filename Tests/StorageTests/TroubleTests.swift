import Episodes
import Foundation
import GRDB
import Runs
import Testing

@testable import Storage

/// Broken files, full disks and sudden ends: one clear error each, nothing lost.
@Suite struct TroubleTests {
  @Test func aMissingRunIsNamed() throws {
    let folder = try TemporaryFolder()
    #expect(throws: StoreError.noRun(folder: folder.url.path)) { try RunStore(reading: folder.url) }
  }

  @Test func aFileThatIsNoDatabaseIsLeftAlone() throws {
    let folder = try TemporaryFolder()
    let file = RunStore.file(in: folder.url)
    let text = Data(String(repeating: "my notes\n", count: 1000).utf8)
    try text.write(to: file)
    #expect(throws: StoreError.foreign(path: file.path)) { try Samples.store(in: folder.url) }
    #expect(throws: StoreError.foreign(path: file.path)) { try RunStore(reading: folder.url) }
    #expect(try Data(contentsOf: file) == text)
  }

  @Test func aDatabaseOfSomethingElseIsLeftAlone() throws {
    let folder = try TemporaryFolder()
    let file = RunStore.file(in: folder.url)
    try DatabaseQueue(path: file.path).write { try $0.execute(sql: "CREATE TABLE photos (id)") }
    let before = try Data(contentsOf: file)
    #expect(throws: StoreError.foreign(path: file.path)) { try Samples.store(in: folder.url) }
    #expect(try Data(contentsOf: file) == before)
  }

  /// The list of migrations is made in a transaction of its own, before the first of them.
  @Test func aStoreThatWasKilledWhileItWasMadeIsFinished() throws {
    let folder = try TemporaryFolder()
    try DatabaseQueue(path: RunStore.file(in: folder.url).path).write {
      try $0.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
    }
    try folder.store().insert([Samples.episode(1)])
    #expect(try RunStore(reading: folder.url).count(EpisodeQuery()) == 1)
  }

  @Test func aNewerStoreIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.store().write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: from the future')") }
    let path = RunStore.file(in: folder.url).path
    #expect(throws: StoreError.newer(path: path)) { try Samples.store(in: folder.url) }
    #expect(throws: StoreError.newer(path: path)) { try RunStore(reading: folder.url) }
  }

  @Test(arguments: [0.3, 0.6, 0.9]) func aDamagedStoreIsRefused(at share: Double) throws {
    let folder = try TemporaryFolder()
    let file = RunStore.file(in: folder.url)
    do {
      let store = try folder.store()
      try store.insert((0..<400).map { Samples.episode($0) })
      try store.write { try $0.execute(sql: "SELECT 1") }
    }
    var bytes = try Data(contentsOf: file)
    let start = Int(Double(bytes.count) * share)
    bytes.replaceSubrange(start..<(start + 8192), with: repeatElement(0xa5, count: 8192))
    try bytes.write(to: file)
    let error = #expect(throws: StoreError.self) { try Samples.store(in: folder.url) }
    guard case .damaged = error else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(try Data(contentsOf: file) == bytes)
  }

  @Test func aTruncatedStoreIsRefused() throws {
    let folder = try TemporaryFolder()
    let file = RunStore.file(in: folder.url)
    do { try folder.store().insert((0..<400).map { Samples.episode($0) }) }
    let bytes = try Data(contentsOf: file)
    try bytes.prefix(bytes.count / 2).write(to: file)
    let error = #expect(throws: StoreError.self) { try Samples.store(in: folder.url) }
    guard case .damaged = error else {
      Issue.record("\(error as Any)")
      return
    }
  }

  @Test func aFullDiskLosesNothingButTheBatch() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    try store.insert((0..<20).map { Samples.episode($0) })
    let before = try store.episodesDigest()
    let pages = try store.write { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      return try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages + 2)") ?? 0
    }
    #expect(pages > 0)
    #expect(throws: StoreError.full(path: RunStore.file(in: folder.url).path)) {
      try store.insert((20..<500).map { Samples.episode($0) })
    }
    #expect(try store.episodesDigest() == before)
    try store.write { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    try store.insert((20..<500).map { Samples.episode($0) })
    #expect(try store.count(EpisodeQuery()) == 500)
  }

  /// A process is killed at a random moment while it stores batches of ten; what is left is whole batches, and finishing
  /// what is owed gives the same content as a run that was never interrupted.
  @Test func killedProcessesLoseAtMostTheBatchTheyWrote() async throws {
    let whole = try TemporaryFolder()
    let expected = try whole.store()
    try expected.insert((0..<600).map { Samples.episode($0) })
    var interrupted = 0
    for _ in 0..<10 {
      let folder = try TemporaryFolder()
      let path = folder.url.path
      let delay = Double.random(in: 0.002...0.15)
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, delay = delay as Double] in
        Thread.detachNewThread {
          Thread.sleep(forTimeInterval: delay)
          kill(getpid(), SIGKILL)
        }
        let store = try Samples.store(in: URL(filePath: path))
        try store.record(CheckpointRecord(name: "start"))
        for start in stride(from: 0, to: 600, by: 10) {
          try store.insert((start..<(start + 10)).map { Samples.episode($0) })
        }
        try await Task.sleep(for: .seconds(10))
      }
      let store = try folder.store()
      let stored = try store.count(EpisodeQuery())
      #expect(stored.isMultiple(of: 10))
      if stored < 600 { interrupted += 1 }
      let done = try store.storedSamples(
        checkpoint: "start", environment: "flattery", arm: .standard, purpose: "evaluation")
      try store.insert(
        (0..<600).filter { !done.contains(.init(variant: $0 / 4, sample: $0 % 4)) }.map { Samples.episode($0) })
      #expect(try store.episodesDigest() == expected.episodesDigest())
    }
    #expect(interrupted > 0)
  }
}
