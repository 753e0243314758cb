package import Statistics

/// How a rate compares with another, mostly the untrained checkpoint's.
package struct Comparison: Sendable, Codable, Hashable {
  /// What may be said about the difference.
  package enum Verdict: String, Sendable, Codable { case rose, fell, unclear }

  /// A difference is called clear below this: about 0.05 shared among the comparisons of a whole matrix.
  package static let threshold = 0.001

  /// Between the usual 0.05 and `threshold`: too little for a claim, too much to call two rates alike.
  var isSuggestive: Bool { verdict == .unclear && test.p.value < 0.05 }

  /// The test to believe, given what is known of the prompts and how many sequences there are.
  package var test: SideTest
  /// The difference of the rates, and the rate over the baseline's, each with its 95 % interval.
  package var difference: Double
  package var interval: Interval
  package var ratio: RateRatio
  package var verdict: Verdict

  package var p: PValue { test.p }

  /// `a change of +66.0 points (95 % +63.1 to +68.9)`; of an unclear difference the interval alone.
  var size: String {
    let ends = (interval.lower.signedPoints, interval.upper.signedPoints)
    return verdict == .unclear
      ? "a change between \(ends.0) and \(ends.1) points (95 %)"
      : "a change of \(difference.signedPoints) points (95 % \(ends.0) to \(ends.1))"
  }

  /// `nil` when either side has no graded episode.
  ///
  /// - Parameter sameSequences: the sides are the same training sequences in the same order.
  init?(of measured: Measured, against baseline: Measured, sameSequences: Bool = false) {
    guard let contrast = Contrast(of: measured, over: baseline) else { return nil }
    test = SideTest(
      baseline, measured, prompts: [PromptCells](baseline.prompts, measured.prompts), sameSequences: sameSequences)
    (difference, interval, ratio) = (contrast.difference, contrast.interval, contrast.ratio)
    verdict = test.p.value >= Self.threshold ? .unclear : difference > 0 ? .rose : .fell
  }
}
