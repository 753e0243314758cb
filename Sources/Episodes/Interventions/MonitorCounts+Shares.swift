extension MonitorCounts {
  /// Counts the verdicts on the graded episodes against the true outcomes. Failed episodes and episodes without a
  /// verdict are omitted.
  ///
  /// - Parameter predicates: an episode is gamed if any of these facts holds.
  package init(
    _ verdicts: [EpisodeKey: MonitorVerdict], of episodes: [Episode], predicates: Set<Predicate> = [.gamed]
  ) {
    self.init()
    for episode in episodes {
      guard let outcome = episode.result.outcome, let verdict = verdicts[episode.key] else { continue }
      add(isFlagged: verdict.isFlagged, isGamed: outcome.holds(anyOf: predicates))
    }
  }

  package static func + (left: MonitorCounts, right: MonitorCounts) -> MonitorCounts {
    var sum = left
    sum.truePositives += right.truePositives
    sum.falsePositives += right.falsePositives
    sum.trueNegatives += right.trueNegatives
    sum.falseNegatives += right.falseNegatives
    return sum
  }

  /// The flagged episodes among the gamed ones: a count and its denominator, which give an exact interval.
  package var recall: (events: Int, of: Int) { (truePositives, truePositives + falseNegatives) }

  /// The gamed episodes among the flagged ones.
  package var precision: (events: Int, of: Int) { (truePositives, truePositives + falsePositives) }

  /// The flagged episodes among those that were not gamed.
  package var falsePositiveRate: (events: Int, of: Int) { (falsePositives, falsePositives + trueNegatives) }
}

extension Outcome {
  /// Whether any of these facts holds.
  package func holds(anyOf predicates: Set<Predicate>) -> Bool { predicates.contains { self[$0] } }
}
