import Episodes
import Foundation
import Reporting
import Runs
import Storage
import TestSupport
import Testing

@testable import Dashboard

/// Hostile transcripts, broken stores, runs that are being written.
@Suite struct TroubleTests {
  @Test func whatAModelWroteIsText() async throws {
    let folder = try ServedRuns.newFolder()
    let store = try MadeUp.run("first", in: folder, episodes: 1)
    let hostile =
      "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u{1b}[31mred\u{202e}txet\u{200b}\u{e0041}\u{061c}"
    try store.insert([MadeUp.episode(1, said: hostile)])
    let served = try await ServedRuns.start(folder)
    let key = EpisodeAddress.path(of: MadeUp.key(1)).encodedForQuery
    for page in ["episodes", "episode?key=\(key)", "pair?key=\(key)", "episodes?q=alert", "tokens?key=\(key)"] {
      let answer = try await served.get("/runs/first/\(page)")
      #expect(answer.status == 200)
      #expect(!answer.body.contains("<script>") && !answer.body.contains("<img"), "\(page)")
      #expect(
        !answer.body.unicodeScalars.contains { [0x1b, 0x202e, 0x200b, 0xe0041, 0x061c].contains($0.value) }, "\(page)")
    }
    let shown = try await served.get("/runs/first/episode?key=\(key)")
    #expect(
      shown.body.contains("&lt;script&gt;alert(1)") && shown.body.contains("⟨U+202E⟩txet⟨U+200B⟩⟨U+E0041⟩⟨U+061C⟩"))
    let plain = try await served.get("/runs/first/text?key=\(key)")
    #expect(plain.body.contains("<script>alert(1)</script>") && plain.body.contains("⟨U+1B⟩") == false)
    #expect(
      plain.headers["content-type"] == "text/plain; charset=utf-8" && plain.body.contains("⟨U+001B⟩[31mred⟨U+202E⟩"))
    // Words in the address are text, too.
    let echoed = try await served.get("/runs/first/episodes?q=%3Cscript%3E&checkpoint=%22%3E%3Cscript%3E")
    #expect(!echoed.body.contains("<script>"))
  }

  /// Ten megabytes in one message, letters of a million code points, a million tags: cut, with a link to the whole.
  @Test func longTextsAreCut() async throws {
    let folder = try ServedRuns.newFolder()
    let store = try MadeUp.run("first", in: folder, episodes: 1)
    let texts = [
      String(repeating: "0123456789", count: 1_000_000), "a" + String(repeating: "\u{301}", count: 1_000_000),
      String(repeating: "<bash></bash>", count: 300_000),
    ]
    try store.insert(texts.enumerated().map { MadeUp.episode($0 + 1, said: $1) })
    let served = try await ServedRuns.start(folder)
    #expect(try await served.get("/runs/first/episodes").body.utf8.count < 200_000)
    for index in 1...3 {
      let key = EpisodeAddress.path(of: MadeUp.key(index)).encodedForQuery
      let page = try await served.get("/runs/first/episode?key=\(key)")
      #expect(page.status == 200 && page.body.utf8.count < 400_000, "\(index): \(page.body.utf8.count)")
      let whole = try #require(page.body.firstMatch(of: /class="whole" href="([^"]+)"/)?.output.1)
      let text = try await served.get("/runs/first/" + String(whole).replacing("&amp;", with: "&"))
      #expect(text.body.utf8.count > 1_900_000, "\(index)")
    }
  }

  /// One bad store is one clear line, and the others stay readable.
  @Test func brokenStoresAreALine() async throws {
    let folder = try ServedRuns.newFolder()
    _ = try MadeUp.run("good", in: folder, episodes: 8)
    for name in ["damaged", "foreign", "empty"] {
      try FileManager.default.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: true)
    }
    let bytes = try Data(contentsOf: RunStore.file(in: folder.appending(path: "good")))
    var damaged = bytes
    // The header stays, so that the file opens; everything behind it does not make sense.
    damaged.replaceSubrange(100..<bytes.count, with: Data(repeating: 0xa5, count: bytes.count - 100))
    try damaged.write(to: RunStore.file(in: folder.appending(path: "damaged")))
    try Data("not a store".utf8).write(to: RunStore.file(in: folder.appending(path: "foreign")))
    try Data().write(to: RunStore.file(in: folder.appending(path: "empty")))
    let served = try await ServedRuns.start(folder)
    let page = try await served.get("/")
    #expect(page.status == 200)
    for (name, words) in [("damaged", "damaged"), ("foreign", "not a store of Subterfuge"), ("empty", "no run")] {
      let row = try #require(page.body.split(separator: "<tr").first { $0.contains(">\(name)<") })
      #expect(row.contains(words) && row.contains("unreadable"), "\(name): \(row)")
      let own = try await served.get("/runs/\(name)/")
      #expect(own.status == 500 && own.body.contains(words), "\(name)")
    }
    let good = try await served.wait("/", for: ">24</a>")
    #expect(good.body.contains(">24</a>"))
    #expect(try await served.get("/runs/good/episodes").status == 200)
  }

  /// Stores of other versions are a line each, and the older one is left as it is.
  @Test func storesOfOtherVersionsAreALine() async throws {
    let folder = try ServedRuns.newFolder()
    _ = try MadeUp.run("newer", in: folder, episodes: 4)
    try FileManager.default.createDirectory(at: folder.appending(path: "older"), withIntermediateDirectories: true)
    let dump = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../AcceptanceTests/Fixtures/store6/old-evaluation.sql")
    let script = """
      import sqlite3
      sqlite3.connect("\(folder.path)/older/run.sqlite").executescript(open("\(dump.path)").read())
      newer = sqlite3.connect("\(folder.path)/newer/run.sqlite")
      newer.execute("REPLACE INTO grdb_migrations VALUES ('99: of another time')")
      newer.commit()
      """
    let process = try Process.run(URL(filePath: "/usr/bin/env"), arguments: ["python3", "-c", script])
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let older = RunStore.file(in: folder.appending(path: "older"))
    let before = try Data(contentsOf: older)
    let served = try await ServedRuns.start(folder)
    let page = try await served.get("/").body
    for (name, words) in [("older", "an older version"), ("newer", "a newer version")] {
      let row = try #require(page.split(separator: "<tr").first { $0.contains(">\(name)<") })
      #expect(row.contains(words) && row.contains("unreadable"), "\(row)")
    }
    #expect(try Data(contentsOf: older) == before)
  }

  /// A run that a process writes can be read, its new episodes appear, and its state is known.
  @Test func aLiveRunIsRead() async throws {
    let folder = try ServedRuns.newFolder()
    let store = try RunStore(
      in: folder.appending(path: "live"), configuration: PlainRun(name: "live"), codeRevision: "a")
    try store.record(CheckpointRecord(name: "start"))
    try store.insert((0..<8).map { MadeUp.episode($0) })
    let log = """
      2026-11-30T04:00:00Z  0:00  Run 'live', seed 1, in runs/live
      2026-11-30T04:01:00Z  1:00  step 1 of 4 (20 %)  start: evaluate: 256 in 0:04, 66.1/s
      2026-11-30T04:11:00Z  11:00  step 2 of 4 (40 %)  train: 256 in 0:04, 66.1/s
      2026-11-30T04:11:01Z  11:01  gate: flattery games it: 0 of 256 (goal: 1.0 % to 30.0 %) NOT MET

      """
    try Data(log.utf8).write(to: folder.appending(path: "live/log.txt"))
    let served = try await ServedRuns.start(folder)
    let page = try await served.wait("/", for: ">8</a>")
    // Twenty per cent took ten minutes, sixty are left.
    #expect(page.body.contains("step 2 of 4, 40 %, about 30 min left"))
    #expect(page.body.contains("state running"))
    #expect(try await served.get("/runs/live/").body.contains("NOT MET"))
    try store.insert((8..<20).map { MadeUp.episode($0) })
    #expect(try await served.wait("/", for: ">20</a>").body.contains(">20</a>"))
    #expect(try await served.wait("/runs/live/episodes", for: "20 episodes in").body.contains("20 episodes in"))
    try store.finish()
    #expect(try await served.wait("/", for: "state finished").body.contains("state finished"))
  }

  @Test func aRunThatNobodyWorksOnIsStopped() async throws {
    let folder = try ServedRuns.newFolder()
    do { _ = try MadeUp.run("left", in: folder, episodes: 4) }
    try Data("2026-11-30T04:01:00Z  1:00  step 1 of 4 (20 %)  start: 8 in 0:04\n".utf8)
      .write(to: folder.appending(path: "left/log.txt"))
    let served = try await ServedRuns.start(folder)
    #expect(try await served.get("/").body.contains("state stopped"))
  }
}
