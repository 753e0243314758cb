import RealModule

// Intervals for one probability. None of them has width zero: 0 events in n trials give [0, something].
extension Count {
  /// The exact two-sided interval of Clopper and Pearson (Biometrika 26, 1934): each tail holds half of the error.
  /// Without trials it is [0, 1].
  ///
  /// - Parameter confidence: for example 0.95; strictly between 0 and 1.
  package func clopperPearson(confidence: Double = 0.95) -> Interval {
    let tail = Self.error(of: confidence) / 2
    return Interval(lower: lowerBound(tail: tail), upper: upperBound(tail: tail))
  }

  /// The exact one-sided upper bound: a larger probability would show so few events with a chance below
  /// `1 - confidence`.
  package func upperBound(confidence: Double = 0.95) -> Double { upperBound(tail: Self.error(of: confidence)) }

  /// The exact one-sided lower bound.
  package func lowerBound(confidence: Double = 0.95) -> Double { lowerBound(tail: Self.error(of: confidence)) }

  /// The score interval of Wilson (JASA 22, 1927), without continuity correction. Without trials it is [0, 1].
  package func wilson(confidence: Double = 0.95) -> Interval {
    guard let rate else { return Interval(lower: 0, upper: 1) }
    let z = NormalDistribution.quantile(upperTail: Self.error(of: confidence) / 2)
    let n = Double(trials)
    let middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
    let reach = z / (1 + z * z / n) * (rate * (1 - rate) / n + z * z / (4 * n * n)).squareRoot()
    // At the ends the formula gives 0 and 1 exactly; rounding must not move them.
    return Interval(
      lower: events == 0 ? 0 : max(0, middle - reach), upper: events == trials ? 1 : min(1, middle + reach))
  }

  /// The interval of Jeffreys: the quantiles of the posterior that the prior Beta(1/2, 1/2) gives, each tail holding half
  /// of the error, with the convention of Brown, Cai and DasGupta (Statistical Science 16, 2001) that it reaches 0 without
  /// events and 1 when every trial is one. Right on average over rates, not at each: use it to describe, and
  /// `clopperPearson` to claim. Without trials it is [0, 1].
  package func jeffreys(confidence: Double = 0.95) -> Interval {
    let tail = Self.error(of: confidence) / 2
    let posterior = BetaDistribution(Double(events) + 0.5, Double(trials - events) + 0.5)
    return Interval(
      lower: events == 0 ? 0 : posterior.quantile(lowerTail: tail),
      upper: events == trials ? 1 : posterior.quantile(upperTail: tail))
  }

  static func error(of confidence: Double) -> Double {
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence) is not between 0 and 1")
    return 1 - confidence
  }

  private func upperBound(tail: Double) -> Double {
    events == trials
      ? 1 : BetaDistribution(Double(events + 1), Double(trials - events)).quantile(upperTail: tail)
  }

  /// A lower bound is the upper bound of the complement, seen from the other end.
  private func lowerBound(tail: Double) -> Double {
    events == 0 ? 0 : BetaDistribution(Double(events), Double(trials - events + 1)).quantile(lowerTail: tail)
  }
}

/// The difference of two probabilities, `b - a`, with its score interval: Newcombe's method 10 (Statistics in Medicine
/// 17, 1998), which joins the two Wilson intervals and stays inside [-1, 1]. `nil` when either has no trials.
package func riskDifference(
  from a: Count, to b: Count, confidence: Double = 0.95
) -> (difference: Double, interval: Interval)? {
  guard let rateA = a.rate, let rateB = b.rate else { return nil }
  let (wilsonA, wilsonB) = (a.wilson(confidence: confidence), b.wilson(confidence: confidence))
  return (rateB - rateA, riskDifference(from: rateA, wilsonA, to: rateB, wilsonB))
}

/// The interval of the difference of two rates, `b - a`, from an interval of each: MOVER (Zou and Donner, Statistics in
/// Medicine 27, 2008), Newcombe's way of joining them for any two.
///
/// - Parameter correlation: of the errors of both rates, from -1 to 1; for example `promptCorrelation`.
package func riskDifference(
  from a: Double, _ intervalA: Interval, to b: Double, _ intervalB: Interval, correlation: Double = 0
) -> Interval {
  let difference = b - a
  let below = joined(b - intervalB.lower, intervalA.upper - a, correlation: correlation)
  let above = joined(intervalB.upper - b, a - intervalA.lower, correlation: correlation)
  return Interval(lower: difference - below, upper: difference + above)
}

/// The error of a difference of two numbers whose errors have this correlation.
func joined(_ error: Double, _ other: Double, correlation: Double) -> Double {
  if correlation == 0 { return Double.hypot(error, other) }
  return max(0, error * error + other * other - 2 * correlation * error * other).squareRoot()
}
