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
    prompts = ClusterSummary(byPrompt.map(\.count))
  }

  /// The interval to believe: by prompt where that is known.
  package var soundInterval: Interval { estimate.soundInterval }

  /// The rate as the report has it.
  var estimate: Estimate {
    let tally = Tally(events: count.events, completed: count.trials, attempted: attempted)
    return Estimate(tally, clusters: prompts, episodes: episodes)
  }
}
