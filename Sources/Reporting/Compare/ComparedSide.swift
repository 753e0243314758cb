package import Statistics
package import Storage

/// One rate of a comparison with what is known of its certainty.
package struct ComparedSide: Sendable, Codable, Hashable {
  /// `run:checkpoint:environment:arm`, or a name.
  package var label: String
  package var count: Count
  /// With the failed episodes, which are outside of `count`.
  package var attempted: Int
  /// Clopper-Pearson, 95 %: exact where episodes are independent.
  package var interval: Interval
  /// `nil` where the prompts are not known, or each has one episode.
  package var prompts: ClusterSummary?
  /// The episodes that are counted; `nil` for a bare count.
  package var episodes: EpisodeSet?

  package init(
    label: String, count: Count, attempted: Int? = nil, byPrompt: [VariantCount] = [], episodes: EpisodeSet? = nil
  ) {
    self.label = label
    self.episodes = episodes
    self.count = count
    self.attempted = attempted ?? count.trials
    interval = count.clopperPearson()
    prompts = ClusterSummary(byPrompt.map { Count(events: $0.holds, trials: $0.applies) })
  }

  /// The interval to believe: by prompt where that is known.
  package var soundInterval: Interval { prompts?.interval ?? interval }

  /// The count as it would be of independent episodes with the same certainty.
  var effectiveCount: Count {
    let shrink = max(1, prompts?.designEffect ?? 1)
    let trials = max(1, Int((Double(count.trials) / shrink).rounded()))
    return Count(events: min(trials, Int((Double(count.events) / shrink).rounded())), trials: trials)
  }

  /// The rate as the report has it.
  var estimate: Estimate {
    let tally = Tally(events: count.events, completed: count.trials, attempted: attempted)
    return Estimate(tally, clusters: prompts, episodes: episodes)
  }
}
