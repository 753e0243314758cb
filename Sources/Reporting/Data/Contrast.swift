import Statistics

/// How far two measured rates are apart, with 95 % intervals.
struct Contrast {
  /// The first rate less the second.
  var difference: Double
  var interval: Interval
  /// The first rate over the second.
  var ratio: RateRatio

  /// The intervals of both rates are joined (Newcombe; Miettinen and Nurminen where episodes are independent). Where a single
  /// checkpoint of each side tried the same prompts, what the prompts do to both does not count as error.
  ///
  /// - Parameter samePrompts: prompts of one number are the same on both sides.
  /// - Returns: `nil` where a side has no graded episode.
  init?(of first: Measured, over second: Measured, samePrompts: Bool = true) {
    let correlation =
      samePrompts && first.seeds == nil && second.seeds == nil
      ? promptCorrelation([PromptCells](first.prompts, second.prompts)) : 0
    let (one, other) = (first.estimate, second.estimate)
    let counts = (Count(one.tally), Count(other.tally))
    guard let rate = one.rate, let otherRate = other.rate else { return nil }
    let isExact = one.method == .exact && other.method == .exact
    let intervals = isExact ? (counts.0.wilson(), counts.1.wilson()) : (one.interval, other.interval)
    difference = rate - otherRate
    interval = riskDifference(from: otherRate, intervals.1, to: rate, intervals.0, correlation: correlation)
    let joined =
      isExact && correlation == 0
      ? RateRatio(of: counts.0, over: counts.1)
      : RateRatio(of: rate, intervals.0, over: otherRate, intervals.1, correlation: correlation)
    guard let joined else { return nil }
    ratio = joined
  }
}
