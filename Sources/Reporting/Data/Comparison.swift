package import Statistics
package import Storage

/// How a rate compares with the untrained checkpoint's.
package struct Comparison: Sendable, Codable, Hashable {
  /// What may be said about the difference.
  package enum Verdict: String, Sendable, Codable { case rose, fell, unclear }

  /// A difference is called clear below this: about 0.05 shared among the comparisons of a whole matrix.
  package static let threshold = 0.001

  /// Fisher's exact test, two-sided.
  package var p: PValue
  /// The difference of the rates, and Newcombe's 95 % interval for it.
  package var difference: Double
  package var interval: Interval
  package var verdict: Verdict

  /// `nil` when either side has no graded episode.
  package init?(of tally: Tally, against baseline: Tally) {
    guard let risk = riskDifference(from: Count(baseline), to: Count(tally)) else { return nil }
    p = fisherExact(Count(baseline), Count(tally))
    difference = risk.difference
    interval = risk.interval
    verdict = p.value >= Self.threshold ? .unclear : difference > 0 ? .rose : .fell
  }
}
