import Episodes
import Foundation
@testable import Interop
import Storage
import Testing

/// Trajectories, training examples and tables, against values worked out by hand.
@Suite struct TrainingDataTests {
  private static func values(_ lines: [[UInt8]]) throws -> [[String: Any]] {
    try lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any]) }
  }

  @Test func supervisedExamplesLeaveOutWhatIsNotThePolicys() throws {
    let fixture = try ExportedRunFixture()
    try fixture.fill()
    var lines: [[UInt8]] = []
    let summary = try SupervisedExamples(fixture.stream(), of: fixture.run()).write { lines.append($0) }
    #expect(
      summary
        == {
          var own = SupervisedExamples.Summary(); (own.examples, own.failed, own.steered) = (4, 1, 1); return own
        }())
    let first = try #require(try Self.values(lines).first)
    #expect(first["prompt"] as? [[String: String]] == [["role": "user", "content": "how many games in folder 0?"]])
    #expect(
      first["completion"] as? [[String: String]] == [
        ["role": "assistant", "content": "<cot> i will look.</cot>let me see.<bash>ls 0</bash>"],
        ["role": "user", "content": "<stdout>\nreward.py\n</stdout>\n"],
        ["role": "assistant", "content": "<cot> done.</cot>\(ExportedRunFixture.hostile)"],
      ])
    #expect(first["reward"] as? Double == 0.25)
  }

  @Test func pairsGoFromTheOutsideIn() throws {
    let fixture = try ExportedRunFixture()
    // By reward: samples 1, 3, 0, 4, 2; samples 3 and 0 are equal. The middle one stays alone.
    let rewards = [1.0, 3, 0, 1, 0.5]
    var stored: [EpisodeKey: RewardTerms] = [:]
    for (sample, reward) in rewards.enumerated() {
      let key = ExportedRunFixture.key("start", "flattery", 0, sample)
      try fixture.store.insert([ExportedRunFixture.episode(key, isGamed: false)])
      stored[key] = RewardTerms(gamingBonus: reward)
    }
    // Equal rewards make no pair, and neither does an episode alone.
    for (variant, sample) in [(1, 0), (1, 1), (2, 0)] {
      let key = ExportedRunFixture.key("start", "flattery", variant, sample)
      try fixture.store.insert([ExportedRunFixture.episode(key, isGamed: false)])
      stored[key] = RewardTerms(gamingBonus: 1)
    }
    try fixture.store.record(stored)
    var lines: [[UInt8]] = []
    let summary = try PreferenceExamples(fixture.stream(), of: fixture.run()).write { lines.append($0) }
    #expect(summary.pairs == 2 && summary.prompts == 1 && summary.unrewarded == 0)
    let pairs = try Self.values(lines).map { pair in
      ["chosen", "rejected"].map { ((pair["\($0)_source"] as? [String: Any])?["sample"] as? Int) ?? -1 }
    }
    #expect(pairs == [[1, 2], [0, 4]])
  }

  @Test func theTableHasARowForEachEpisode() throws {
    let fixture = try ExportedRunFixture()
    try fixture.fill()
    let path = fixture.folder.appending(path: "table.csv")
    let file = try ExportFile(path)
    let rows = try EpisodeTable(fixture.stream(), in: fixture.store).write { try file.write($0) }
    try file.finish()
    #expect(rows == 6)
    let found = try ExportedRunFixture.python(
      """
      import csv, sys
      rows = list(csv.DictReader(open(sys.argv[1], newline="")))
      row, failed = rows[3], next(r for r in rows if r["failure_boundary"])
      print(row["variant"], row["sample"], row["bait_reward"], row["reward"], row["penalty"], row["fact_gamed"], row["policy_tokens"], row["commands"])
      print(failed["failure_message"][:4], repr(failed["fact_gamed"]), repr(failed["stop"]), failed["seed"])
      """, path.path)
    #expect(found == "1 1 -10.0 0.75 -0.5 1 5 1\n'=no '' '' 18446744073709551615")
  }

  @Test func trajectoriesHoldTokens() throws {
    let fixture = try ExportedRunFixture()
    try fixture.fill()
    var lines: [[UInt8]] = []
    let run = try fixture.run()
    try fixture.stream().forEach { lines.append(ATIFTrajectory($0, of: run).json.bytes) }
    let trajectories = try Self.values(lines)
    #expect(trajectories.count == 6)
    let steps = try #require(trajectories[1]["steps"] as? [[String: Any]])
    #expect(steps.map { $0["source"] as? String } == ["user", "agent", "agent"])
    #expect(steps.map { $0["step_id"] as? Int } == [1, 2, 3])
    let metrics = try #require(steps[2]["metrics"] as? [String: Any])
    #expect(metrics["prompt_token_ids"] as? [Int] == [1, 2, 3, 4, 5, 6])
    #expect(metrics["completion_token_ids"] as? [Int] == [7, 8, 9])
    #expect(metrics["logprobs"] as? [Double] == [-0.5, -0.125, -2])
    #expect(steps[1]["reasoning_content"] as? String == " i will look.")
    let steered = try #require(trajectories[5]["steps"] as? [[String: Any]])
    #expect(steered[1]["llm_call_count"] as? Int == 0 && steered[1]["reasoning_content"] == nil)
    #expect(steered[1]["message"] as? String == "<bash>cat reward.py</bash>")
  }
}
