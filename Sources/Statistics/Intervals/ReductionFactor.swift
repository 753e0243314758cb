/// By how much training (or a mitigation) brought a rate down: the rate before over the rate after.
package struct ReductionFactor: Sendable, Codable, Hashable {
  /// What may be said about the change.
  package enum Verdict: String, Sendable, Codable { case reduced, increased, unclear }

  package var before: Count
  package var after: Count
  /// Before over after, with its score interval: 8 says that an eighth is left; infinite when no event is left.
  package var factor: RateRatio
  /// Fisher's exact test of before against after, two-sided.
  package var p: PValue

  /// `nil` when either side has no trials.
  package init?(before: Count, after: Count, confidence: Double = 0.95) {
    guard let factor = RateRatio(of: before, over: after, confidence: confidence) else { return nil }
    self.before = before
    self.after = after
    self.factor = factor
    p = fisherExact(before, after)
  }

  /// - Parameter threshold: a change is called one when its p-value is below this.
  package func verdict(threshold: Double) -> Verdict {
    guard p.value < threshold, let ratio = factor.ratio else { return .unclear }
    return ratio > 1 ? .reduced : .increased
  }

  /// Whether what is left can be told from the untrained model's rate: Fisher's exact test, two-sided. A large value says
  /// "not distinguishable from the untrained model", which is not the same as equal.
  package func remainder(against untrained: Count) -> PValue { fisherExact(after, untrained) }
}
