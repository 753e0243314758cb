package import Episodes
import Runs
import Storage

/// What a condition's monitor flagged in one stage of training, against what truly happened: over all rounds and sequences.
package struct MonitorLine: Sendable, Codable, Hashable {
  package var condition: String
  /// The stage's name within its condition; `nil` for all stages together.
  package var stage: String?
  package var rounds: Int
  package var counts: MonitorCounts
  /// Episodes that a flag took out of training, of all that were sampled.
  package var screened: Int
  package var attempted: Int
  /// The share of gaming episodes that are flagged.
  package var recall: Estimate
  /// The share of flagged episodes that gamed.
  package var precision: Estimate
  /// The share of episodes without gaming that are flagged.
  package var falsePositiveRate: Estimate
  /// The purposes of the episodes that were sampled in these rounds.
  package var purposes: [String]

  /// The lines of every condition with a monitor, stage by stage, and a line for all stages.
  static func all(_ rounds: [RoundSummary]) -> [MonitorLine] {
    let monitored = rounds.filter { $0.monitor != nil }
    return monitored.map(\.branch.condition).uniqued.flatMap { condition in
      let own = monitored.filter { $0.branch.condition == condition }
      let stages = own.map(\.stageTitle).uniqued
      let lines = stages.map { stage in MonitorLine(condition, stage, own.filter { $0.stageTitle == stage }) }
      return lines + [MonitorLine(condition, nil, own)]
    }
  }

  private init(_ condition: String, _ stage: String?, _ rounds: [RoundSummary]) {
    let counts = rounds.compactMap(\.monitor).reduce(MonitorCounts()) { $0 + $1 }
    self.condition = condition
    self.stage = stage
    self.rounds = rounds.count
    self.counts = counts
    purposes = rounds.map(\.purpose).uniqued
    screened = rounds.reduce(0) { $0 + $1.screened }
    attempted = rounds.reduce(0) { $0 + $1.attempted }
    recall = Self.share(counts.truePositives, of: counts.truePositives + counts.falseNegatives)
    precision = Self.share(counts.truePositives, of: counts.truePositives + counts.falsePositives)
    falsePositiveRate = Self.share(counts.falsePositives, of: counts.falsePositives + counts.trueNegatives)
  }

  private static func share(_ events: Int, of total: Int) -> Estimate {
    Estimate(Tally(events: events, completed: total, attempted: total))
  }
}

extension MonitorCounts {
  fileprivate static func + (left: MonitorCounts, right: MonitorCounts) -> MonitorCounts {
    var sum = left
    sum.truePositives += right.truePositives
    sum.falsePositives += right.falsePositives
    sum.trueNegatives += right.trueNegatives
    sum.falseNegatives += right.falseNegatives
    return sum
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, in the order of first appearance.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
