package import Statistics

/// What sharing prompts does to a rate: 512 prompts with 64 samples each are not 32,768 draws.
package struct ClusterSummary: Sendable, Codable, Hashable {
  /// How many prompts the episodes share.
  package var prompts: Int
  /// By how much the variance exceeds that of independent draws; `nil` where that is not known, as without events.
  package var designEffect: Double?
  /// As many independent draws would say as much: the graded episodes over the design effect.
  package var effectiveEpisodes: Double?
  /// The 95 % interval with prompts as clusters (`ClusteredCount.interval`).
  package var interval: Interval

  /// - Parameter clusters: events over graded episodes for each prompt.
  /// - Returns: `nil` where no prompt has two graded episodes: there is nothing to share.
  init?(_ clusters: [Count]) {
    let clusters = clusters.filter { $0.trials > 0 }
    guard clusters.contains(where: { $0.trials > 1 }) else { return nil }
    let count = ClusteredCount(clusters: clusters)
    prompts = clusters.count
    designEffect = count.designEffect
    effectiveEpisodes = count.effectiveTrials
    interval = count.interval()
  }
}
