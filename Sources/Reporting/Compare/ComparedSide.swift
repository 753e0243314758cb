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
  package var prompts: Prompts?

  /// What is known because episodes of one prompt are alike.
  package struct Prompts: Sendable, Codable, Hashable {
    package var count: Int
    /// By how much the variance is larger than that of independent episodes; `nil` where too few events say it.
    package var designEffect: Double?
    package var effectiveTrials: Double?
    /// 95 %, right where episodes of one prompt are alike.
    package var interval: Interval

    init(_ clusters: ClusteredCount) {
      count = clusters.clusters.count
      designEffect = clusters.designEffect
      effectiveTrials = clusters.effectiveTrials
      interval = clusters.interval()
    }
  }

  package init(label: String, count: Count, attempted: Int? = nil, byPrompt: [VariantCount] = []) {
    self.label = label
    self.count = count
    self.attempted = attempted ?? count.trials
    interval = count.clopperPearson()
    let clusters = ClusteredCount(clusters: byPrompt.map { Count(events: $0.holds, trials: $0.applies) })
    prompts = clusters.clusters.contains { $0.trials > 1 } ? Prompts(clusters) : nil
  }

  /// The interval to believe: by prompt where that is known.
  package var soundInterval: Interval { prompts?.interval ?? interval }

  /// The count as it would be of independent episodes with the same certainty.
  var effectiveCount: Count {
    let shrink = max(1, prompts?.designEffect ?? 1)
    let trials = max(1, Int((Double(count.trials) / shrink).rounded()))
    return Count(events: min(trials, Int((Double(count.events) / shrink).rounded())), trials: trials)
  }
}
