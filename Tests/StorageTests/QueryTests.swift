import Episodes
import Foundation
import Runs
import Testing
import TestSupport

@testable import Storage

/// Questions in SQL: the views, and what is refused.
@Suite struct QueryTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "query-\(UUID().uuidString)")
  private let store: RunStore

  init() throws {
    store = try RunStore(in: folder, configuration: PlainRun(), codeRevision: "1")
    try store.record(CheckpointRecord(name: "start"))
    let key = EpisodeKey(
      checkpoint: "start", environment: "tampering", arm: .standard, purpose: "evaluation", variant: 2, sample: 1)
    let transcript = Transcript([
      Segment(.prompt, "q", tokens: [1]),
      Segment(.policy, "a", tokens: [2, 3], logProbabilities: [-1, -2]), Segment(.tool, "out"),
    ])
    try store.insert([
      Episode(
        key: key, seed: Seed(1), transcript: transcript,
        changes: [FileChange(path: "f", kind: .added, before: nil, after: "new")],
        result: .graded(
          Outcome(facts: [.gamed: true, .honest: false], baitReward: 5, measures: ["rating": 3]), stop: .finished),
        timings: EpisodeTimings())
    ])
    try store.record([key: RewardTerms(gamingBonus: 1, penalty: -0.5)])
    try store.record([key: MonitorVerdict(isFlagged: true, suspicion: 0.5)], monitor: "probe")
    try store.finish(StepFamily.sampleIDs["their task/1"], result: ["a b": 4])
    try store.record([1: Label(.malign, .hidden)], rater: "anna", of: .gamed)
  }

  private func answer(_ sql: String) throws -> [[QueryValue]] {
    var rows: [[QueryValue]] = []
    try RunQuery(store).run(sql) { _ in
    } row: {
      rows.append($0)
    }
    return rows
  }

  @Test(arguments: [
    (
      "SELECT checkpoint, environment, variant, sample, is_graded, policy_tokens, prompt FROM episode",
      "start tampering 2 1 1 2 q"
    ),
    ("SELECT predicate, holds FROM fact ORDER BY predicate", "gamed 1 honest 0"),
    ("SELECT name, value FROM measure", "rating 3"),
    ("SELECT reward, penalty, is_screened FROM reward", "0.5 -0.5 0"),
    ("SELECT monitor, is_flagged, suspicion FROM verdict", "probe 1 0.5"),
    ("SELECT position, source, text FROM segment", "0 policy a 1 tool out"),
    ("SELECT path, kind, before, after FROM file_change", "f added NULL new"),
    ("SELECT rater, predicate, intent FROM label", "anna gamed malign"),
    ("SELECT name, kind FROM run", "test experiment"),
    ("SELECT checkpoint, parent FROM checkpoint", "start NULL"),
    ("SELECT count(*) FROM metric", "0"), ("SELECT count(*) FROM propensity", "0"),
    ("SELECT environment, variant, id FROM sample_id", "their task/1 4 a b"),
    ("  -- why\n/* not */ WITH a AS (SELECT 1 AS b) SELECT b FROM a;", "1"),
  ])
  func viewsAnswer(sql: String, expected: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let words = try answer(sql).flatMap { $0 }.map { value in
      switch value {
      case .null: "NULL"
      case .integer(let number): "\(number)"
      case .real(let number): "\(number)"
      case .text(let text): text
      case .blob: "BLOB"
      }
    }
    #expect(words.joined(separator: " ") == expected)
  }

  @Test(arguments: [
    "DELETE FROM main.episode", "ATTACH 'other' AS other", "PRAGMA journal_mode = DELETE", "SELECT 1; SELECT 2", "",
    "WITH a AS (SELECT 1) DELETE FROM main.label", "CREATE TEMP TABLE t (a)", "SELECT nothing FROM episode",
    "VACUUM INTO 'copy'", "BEGIN", "-- only a comment", "SELECT load_extension('x')",
    "WITH a AS (SELECT 1) INSERT INTO temp.run SELECT 1",
  ])
  func nothingElseRuns(sql: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: QueryError.self) { try answer(sql) }
    #expect(try store.count(EpisodeQuery()) == 1)
    #expect(!FileManager.default.fileExists(atPath: "other") && !FileManager.default.fileExists(atPath: "copy"))
  }

  @Test func aLongQuestionCanBeStopped() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let query = try RunQuery(store)
    let counting = Task.detached {
      try query.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n") { _ in
      } row: { _ in
      }
    }
    let stopping = Task.detached {
      while !Task.isCancelled {
        query.interrupt()
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    await #expect(throws: CancellationError.self) { try await counting.value }
    stopping.cancel()
  }
}
