import Episodes
import Foundation
import Runs
import Storage
import Testing

@testable import Interop

private let inspect = ProcessInfo.processInfo.environment["SUBTERFUGE_INSPECT"]

/// What an export wrote and an import reads is the same run: transcripts with their tokens, facts, rewards, counts.
@Suite struct LogRoundTripTests {
  private let place = Scratch()

  private func imported(_ paths: [URL]) throws -> RunStore {
    let folder = place.url.appending(path: "again")
    _ = try LogImport(LogFolder(paths), name: "again").store(in: folder, codeRevision: "test")
    return try RunStore(reading: folder)
  }

  private func expectSame(_ again: RunStore, _ store: RunStore) throws {
    let before = try store.episodes(limit: .max)
    #expect(!before.isEmpty)
    #expect(try Set(again.episodes(limit: .max).map(\.episode)) == Set(before.map(\.episode)))
    #expect(try again.count(EpisodeQuery()) == before.count)
    func counts(_ store: RunStore) throws -> Set<CellCounts> { Set(try store.counts()) }
    #expect(try counts(again) == counts(store))
    for (_, episode) in before.map({ ($0.id, $0.episode) }) {
      let number = try #require(try again.episodeNumber(of: episode.key))
      let own = try #require(try store.episodeNumber(of: episode.key))
      #expect(try again.annotations(id: number) == store.annotations(id: own))
    }
  }

  private func filled() throws -> ExportedRunFixture {
    let fixture = try ExportedRunFixture()
    try fixture.fill()
    // Other arms and purposes, values that are no numbers, a count of a server, tokens read in place of the last.
    var odd = ExportedRunFixture.episode(ExportedRunFixture.key("later", "flattery", 7, 3), isGamed: true)
    odd.key.arm = .instructed
    odd.key.purpose = "train-x-2"
    odd.usage = TokenUsage(read: 9, cached: 1, written: 4, reasoning: 2, cost: 0.1)
    odd.transcript.segments[1].lastRead = [7, -1]
    odd.transcript.segments[3].logProbabilities = [0.1, -.infinity, .leastNonzeroMagnitude]
    odd.seed = Seed(.max)
    odd.changes.append(FileChange(path: "a\u{0}b", kind: .deleted, before: "\u{2028}", after: nil))
    odd.result = .graded(
      Outcome(facts: [.gamed: true, "own fact": false], baitReward: 0.1, measures: ["one": 1 / 3, "big": 1e300]),
      stop: .contextFull)
    try fixture.store.insert([odd])
    return fixture
  }

  @Test func logsOfInspect() throws {
    let fixture = try filled()
    let logs = place.url.appending(path: "logs")
    _ = try InspectExport(fixture.stream(), of: fixture.run()).write(to: logs)
    try expectSame(try imported([logs]), fixture.store)
  }

  @Test func trajectories() throws {
    let fixture = try filled()
    let file = place.url.appending(path: "t.jsonl")
    let (run, lines) = (try fixture.run(), try ExportFile(file))
    try fixture.stream().forEach { try lines.write(ATIFTrajectory($0, of: run).json.bytes + [10]) }
    try lines.finish()
    try expectSame(try imported([file]), fixture.store)
  }

  /// Two parts of one run become one again; parts of two runs are not mixed.
  @Test func partsOfARun() throws {
    let (fixture, other) = (try filled(), try filled())
    let parts = try [false, true].map { failed in
      let folder = place.url.appending(path: "part-\(failed)")
      _ = try InspectExport(fixture.stream(EpisodeQuery(failed: failed)), of: fixture.run()).write(to: folder)
      return folder
    }
    try expectSame(try imported(parts), fixture.store)
    var run = try other.run()
    run.configurationHash = "another"
    let foreign = place.url.appending(path: "foreign")
    _ = try InspectExport(other.stream(), of: run).write(to: foreign)
    #expect(throws: TableError.self) {
      try LogImport(LogFolder([parts[0], foreign]), name: "x").store(
        in: place.url.appending(path: "x"), codeRevision: "test")
    }
  }

  /// Inspect reads every sample of the logs and writes them again, packed by zstd; a scorer of Inspect has added a score.
  @Test(.enabled(if: inspect != nil)) func logsThatInspectHasWrittenAgain() throws {
    let fixture = try filled()
    for index in 0..<300 {
      let key = ExportedRunFixture.key("later", "nudged", index / 3, index % 3)
      try fixture.store.insert([ExportedRunFixture.episode(key, isGamed: index.isMultiple(of: 7))])
    }
    let logs = place.url.appending(path: "logs")
    let summary = try InspectExport(fixture.stream(), of: fixture.run()).write(to: logs)
    let found = try ExportedRunFixture.python(
      """
      import os, sys
      from inspect_ai.log import list_eval_logs, read_eval_log, write_eval_log
      from inspect_ai.scorer import Score
      samples = 0
      os.mkdir(sys.argv[2])
      for info in list_eval_logs(sys.argv[1]):
          log = read_eval_log(info)
          samples += len(log.samples)
          for sample in log.samples:
              assert sample.messages or sample.error, sample.id
              if sample.scores and log.eval.task == "nudged":
                  sample.scores["judge"] = Score(value="C" if sample.id == 4 else "I")
          write_eval_log(log, os.path.join(sys.argv[2], os.path.basename(info.name)))
      print(samples)
      """, logs.path, place.url.appending(path: "again-logs").path, by: try #require(inspect))
    #expect(found == "\(summary.episodes)")
    let again = try imported([place.url.appending(path: "again-logs")])
    #expect(try again.count(EpisodeQuery(holding: ["judge"])) == 3)
    #expect(try again.count(EpisodeQuery(lacking: ["judge"])) == 297)
    for stored in try fixture.store.episodes(limit: .max) {
      let number = try #require(try again.episodeNumber(of: stored.episode.key))
      var episode = try #require(try again.episode(id: number)).episode
      if case .graded(var outcome, let stop) = episode.result {
        outcome.facts["judge"] = nil
        outcome.measures["judge"] = nil
        episode.result = .graded(outcome, stop: stop)
      }
      #expect(episode == stored.episode)
    }
  }
}
