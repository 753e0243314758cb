extension MonitorCounts {
  /// The verdicts on the graded episodes against what truly happened. Episodes that failed or have no verdict are left out.
  ///
  /// - Parameter predicates: an episode is gamed when any of these facts holds.
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

  /// The flagged among the gamed: a count and its denominator, of which an exact interval can be made.
  package var recall: (events: Int, of: Int) { (truePositives, truePositives + falseNegatives) }

  /// The gamed among the flagged.
  package var precision: (events: Int, of: Int) { (truePositives, truePositives + falsePositives) }

  /// The flagged among those that did not game.
  package var falsePositiveRate: (events: Int, of: Int) { (falsePositives, falsePositives + trueNegatives) }
}

extension Outcome {
  /// Whether any of these facts holds.
  package func holds(anyOf predicates: Set<Predicate>) -> Bool { predicates.contains { self[$0] } }
}
