package import Statistics
package import Storage

/// A measured rate with its exact 95 % interval. Failed episodes are outside of the rate and inside `tally.attempted`.
package struct Estimate: Sendable, Codable, Hashable {
  package var tally: Tally
  /// Clopper-Pearson, 95 %, with episodes as independent draws.
  package var interval: Interval
  /// What prompts that are shared do to it; `nil` where that is not known or none is shared.
  package var clusters: ClusterSummary?
  /// The episodes that are counted; `nil` for counts that are not of stored episodes alone.
  package var episodes: EpisodeSet?

  package init(_ tally: Tally, clusters: ClusterSummary? = nil, episodes: EpisodeSet? = nil) {
    self.tally = tally
    interval = Count(tally).clopperPearson()
    self.clusters = clusters
    self.episodes = episodes
  }

  /// The share of graded episodes; `nil` when none was graded.
  package var rate: Double? { Count(tally).rate }

  /// The interval with prompts as clusters where it is clearly wider than the exact one, by a tenth at least: there the
  /// exact one is too narrow.
  package var widerInterval: Interval? {
    guard let clustered = clusters?.interval, clustered.width > 1.1 * interval.width else { return nil }
    return clustered
  }
}

extension Estimate {
  /// The interval to believe: with prompts as clusters where some are shared.
  var soundInterval: Interval { clusters?.interval ?? interval }

  /// A rate above this is excluded with 95 % confidence, one-sided.
  var bound: Double { max(Count(tally).upperBound(), clusters?.bound ?? 0) }

  /// The interval to print where there is room for one: `0.10–0.18 %`, or `0.06–0.31 % by prompt` where the exact one is too
  /// narrow.
  var intervalText: String { widerInterval.map { "\($0.percent) by prompt" } ?? interval.percent }
}

extension Interval {
  /// From the lower end to the upper one.
  var width: Double { upper - lower }
}

extension Count {
  /// Events among graded episodes.
  init(_ tally: Tally) { self.init(events: tally.events, trials: tally.completed) }
}
