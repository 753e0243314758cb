import Runs
package import Statistics
import Storage

/// One rate of a comparison with what is known of its certainty.
package struct ComparedSide: Sendable, Codable, Hashable {
  /// `run:checkpoint:environment:arm`, or a count.
  package var label: String
  /// All training sequences together.
  package var count: Count
  /// With the failed episodes, which are outside of `count`.
  package var attempted: Int
  /// The 95 % interval, and what it takes for alike.
  package var interval: Interval
  package var intervalMethod: Estimate.Method
  /// `nil` where the prompts are not known, or each has one episode.
  package var prompts: ClusterSummary?
  /// One count for each training sequence.
  package var sequences: [Count]
  /// The episodes that are counted; `nil` for a bare count.
  package var episodes: EpisodeSet?

  init(label: String, _ measured: Measured) {
    let estimate = measured.estimate
    self.label = label
    count = Count(estimate.tally)
    attempted = estimate.tally.attempted
    (interval, intervalMethod) = (estimate.interval, estimate.method)
    prompts = estimate.clusters
    sequences = measured.sequences.tallies.map(Count.init)
    episodes = estimate.episodes
  }

  /// The rate as the report has it.
  var estimate: Estimate {
    var estimate = Estimate(Tally(events: count.events, completed: count.trials, attempted: attempted))
    (estimate.interval, estimate.method) = (interval, intervalMethod)
    (estimate.clusters, estimate.episodes) = (prompts, episodes)
    return estimate
  }
}

extension Measured {
  /// Counts from elsewhere, one for each training sequence, without prompts.
  ///
  /// - Returns: `nil` without counts.
  init?(bare counts: [Count]) {
    let tallies = counts.map { Tally(events: $0.events, completed: $0.trials, attempted: $0.trials) }
    guard let sequences = Sequences(tallies) else { return nil }
    self.init(sequences, prompts: [])
  }
}
