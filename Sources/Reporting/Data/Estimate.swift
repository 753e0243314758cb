package import Runs
package import Statistics
import Storage

/// A measured rate with its 95 % interval. Failed episodes are outside of the rate and inside `tally.attempted`.
package struct Estimate: Sendable, Codable, Hashable {
  /// What an interval takes for alike.
  package enum Method: String, Sendable, Codable {
    /// Clopper and Pearson's: episodes are independent draws.
    case exact
    /// `ClusteredCount.interval`: episodes of one prompt are alike.
    case byPrompt = "by_prompt"
    /// The hull of that and of `BetweenSeeds.interval`: episodes of one training sequence are alike too.
    case bySequence = "by_prompt_and_sequence"
  }

  package var tally: Tally
  /// The one 95 % interval of the rate that page, terminal and files show.
  package var interval: Interval
  package var method: Method
  /// What prompts that are shared do to it; `nil` where that is not known or none is shared.
  package var clusters: ClusterSummary?
  /// The episodes that are counted; `nil` for counts that are not of stored episodes alone.
  package var episodes: EpisodeSet?

  /// - Parameter seeds: the training sequences that are pooled, as draws from all that other seeds could give; `nil` for
  ///   one.
  package init(
    _ tally: Tally, clusters: ClusterSummary? = nil, seeds: BetweenSeeds? = nil, episodes: EpisodeSet? = nil
  ) {
    self.tally = tally
    self.clusters = clusters
    self.episodes = episodes
    (interval, method) = clusters.map { ($0.interval, .byPrompt) } ?? (Count(tally).clopperPearson(), .exact)
    if let seeds { (interval, method) = (interval.hull(seeds.interval), .bySequence) }
  }

  /// The share of graded episodes; `nil` when none was graded.
  package var rate: Double? { Count(tally).rate }
}

extension Estimate {
  /// The upper end of the interval: what the page means by "at most".
  var bound: Double { interval.upper }
}

extension Interval {
  /// From the lower end to the upper one.
  var width: Double { upper - lower }
}

extension Count {
  /// Events among graded episodes.
  init(_ tally: Tally) { self.init(events: tally.events, trials: tally.completed) }
}
