package import Statistics

/// How a rate compares with another, mostly the untrained checkpoint's.
package struct Comparison: Sendable, Codable, Hashable {
  /// What may be said about the difference.
  package enum Verdict: String, Sendable, Codable { case rose, fell, unclear }

  /// A difference is called clear below this: about 0.05 shared among the comparisons of a whole matrix.
  package static let threshold = 0.001

  /// Between the usual 0.05 and `threshold`: too little for a claim, too much to call two rates alike.
  var isSuggestive: Bool { verdict == .unclear && test.p.value < 0.05 }

  /// The test to believe, given what is known of the prompts.
  package var test: SideTest
  /// The difference of the rates and its 95 % interval: Newcombe's, or the same with prompts as clusters where some are
  /// shared.
  package var difference: Double
  package var interval: Interval
  package var verdict: Verdict

  package var p: PValue { test.p }

  /// `nil` when either side has no graded episode.
  init?(of measured: Measured, against baseline: Measured) {
    let (before, after) = (baseline.estimate, measured.estimate)
    guard let risk = riskDifference(from: Count(before.tally), to: Count(after.tally)) else { return nil }
    test = SideTest(before, after, prompts: [PromptCells](baseline.prompts, measured.prompts))
    difference = risk.difference
    interval = risk.interval
    if before.clusters != nil || after.clusters != nil, let rate = before.rate, let other = after.rate {
      interval = riskDifference(from: rate, before.soundInterval, to: other, after.soundInterval)
    }
    verdict = test.p.value >= Self.threshold ? .unclear : difference > 0 ? .rose : .fell
  }
}
