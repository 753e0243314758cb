import Episodes
package import Storage
import Tables

/// Episodes as comma-separated values, one row an episode: the key, how it ended, the facts, the rewards.
package struct EpisodeTable: Sendable {
  private static let keys = [
    "episode", "checkpoint", "environment", "arm", "purpose", "variant", "sample", "seed", "stop", "failure_boundary",
    "failure_message",
  ]
  private static let numbers = [
    "bait_reward", "reward", "gaming_bonus", "preference_score", "penalty", "is_screened", "policy_tokens", "commands",
    "policy_seconds", "sandbox_seconds", "grading_seconds",
  ]

  private let episodes: EpisodeStream
  private let facts: [String]

  /// - Throws: `StoreError`.
  package init(_ episodes: EpisodeStream, in store: RunStore) throws {
    self.episodes = episodes
    facts = try store.predicates().map(\.rawValue)
  }

  /// - Parameter row: takes a row with its line end; the first is the header.
  /// - Returns: the number of rows behind the header.
  /// - Throws: `StoreError`; `CancellationError`; what `row` throws.
  package func write(_ row: ([UInt8]) throws -> Void) throws -> Int {
    let header = Self.keys + Self.numbers + facts.map { "fact_" + $0 }
    try row(Array(CSVText.line(header).utf8))
    var rows = 0
    try episodes.forEach { exported in
      let cells = keyCells(exported).map(LabelSheet.guarded) + numberCells(exported) + factCells(exported)
      try row(Array(CSVText.line(cells).utf8))
      rows += 1
    }
    return rows
  }

  private func keyCells(_ exported: ExportedEpisode) -> [String] {
    let key = exported.key
    let place = [
      "\(exported.id)", key.checkpoint, key.environment, key.arm.rawValue, key.purpose, "\(key.variant)",
      "\(key.sample)", "\(exported.episode.seed.value)",
    ]
    switch exported.episode.result {
    case .graded(_, let stop): return place + [stop.rawValue, "", ""]
    case .failed(let failure): return place + ["", failure.boundary.rawValue, failure.message]
    }
  }

  private func numberCells(_ exported: ExportedEpisode) -> [String] {
    let (reward, timings) = (exported.annotations.reward, exported.episode.timings)
    let policy = exported.episode.transcript.segments.filter { $0.source == .policy }
    let written = policy.reduce(0) { $0 + $1.tokens.count }
    let terms = [reward?.total, reward?.gamingBonus, reward?.preferenceScore, reward?.penalty]
    return [exported.episode.result.outcome?.baitReward].map(Self.cell) + terms.map(Self.cell)
      + [reward.map { $0.isScreened ? "1" : "0" } ?? ""]
      + ["\(exported.episode.usage?.written ?? written)", "\(exported.episode.transcript.commands.count)"]
      + [timings.policySeconds, timings.sandboxSeconds, timings.gradingSeconds].map(Self.cell)
  }

  /// 1 holds, 0 does not hold; empty where the fact does not apply or the episode failed.
  private func factCells(_ exported: ExportedEpisode) -> [String] {
    facts.map { name in exported.episode.result.outcome?.facts[name].map { $0 ? "1" : "0" } ?? "" }
  }

  private static func cell(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }
}
