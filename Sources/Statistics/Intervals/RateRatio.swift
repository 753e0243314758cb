import RealModule

/// The ratio of two independent rates with its score interval: Miettinen and Nurminen (Statistics in Medicine 4, 1985),
/// which is Koopman's (Biometrics 40, 1984) with the variance multiplied by N / (N - 1). It holds every ratio that a score
/// test does not reject, and stays right without events on either side, where its end is 0 or infinite.
package struct RateRatio: Sendable, Codable, Hashable {
  /// The rate of the first count over that of the second; infinite when only the second has no events, `nil` when neither
  /// has any.
  package var ratio: Double?
  /// Never of width zero. Its upper end is infinite when the second count has no events.
  package var interval: Interval

  /// `nil` when either count has no trials.
  ///
  /// - Parameter confidence: for example 0.95; strictly between 0 and 1.
  package init?(of first: Count, over second: Count, confidence: Double = 0.95) {
    guard let rate = first.rate, let otherRate = second.rate else { return nil }
    let isUndefined = first.events == 0 && second.events == 0
    ratio = isUndefined ? nil : rate / otherRate
    let z = NormalDistribution.quantile(upperTail: Count.error(of: confidence) / 2)
    let score = RatioScore(first: first, second: second)
    let peak = Double.log(isUndefined ? 1 : rate / otherRate)
    interval = Interval(
      lower: first.events == 0 ? 0 : Double.exp(score.logBound(z, from: peak, towards: -1)),
      upper: second.events == 0 ? .infinity : Double.exp(score.logBound(z, from: peak, towards: 1)))
  }
}

/// How far two counts are from having rates of a given ratio, in standard errors.
private struct RatioScore {
  let first: Count
  let second: Count

  /// Where the score passes `z` on one side of the log of the observed ratio, on which it is 0 (or, when that is
  /// infinite, on the finite side of everything).
  func logBound(_ z: Double, from peak: Double, towards side: Double) -> Double {
    var inside = peak.isFinite ? peak : -side * 64
    var step = 1.0
    while abs(score(inside + side * step)) < z { step *= 2 }
    var outside = inside + side * step
    while true {
      let middle = (inside + outside) / 2
      if middle == inside || middle == outside { return middle }
      if abs(score(middle)) < z { inside = middle } else { outside = middle }
    }
  }

  /// The observed difference from the ratio over its standard error, both under the likeliest rates of that ratio.
  private func score(_ logRatio: Double) -> Double {
    let ratio = Double.exp(logRatio)
    let (x1, n1) = (Double(first.events), Double(first.trials))
    let (x2, n2) = (Double(second.events), Double(second.trials))
    // The likeliest p2 solves (n1 + n2) ratio p2^2 - b p2 + (x1 + x2) = 0. Its discriminant is written as a sum of squares
    // and products that are never negative, and the smaller root without a difference.
    let b = ratio * (n1 + x2) + (n2 + x1)
    let excess = ratio * (n1 + x2) - (n2 + x1)
    let root = (excess * excess + 4 * ratio * (n1 - x1) * (n2 - x2)).squareRoot()
    let p2 = 2 * (x1 + x2) / (b + root)
    let p1 = ratio * p2
    let variance = p1 * (1 - p1) / n1 + ratio * ratio * p2 * (1 - p2) / n2
    let correction = (n1 + n2) / (n1 + n2 - 1)
    return (x1 / n1 - ratio * x2 / n2) / (variance * correction).squareRoot()
  }
}

extension RateRatio {
  /// The ratio of two rates from an interval of each, which may know of prompts and sequences: MOVER (Donner and Zou,
  /// Statistical Methods in Medical Research 21, 2012). An end of the ratio's interval is the factor at which the interval
  /// of `first - factor * second`, joined as `riskDifference` joins it, touches 0. `nil` where a rate is unknown.
  ///
  /// - Parameter correlation: of the errors of both rates, from -1 to 1; for example `promptCorrelation`.
  package init?(
    of first: Double?, _ firstInterval: Interval, over second: Double?, _ secondInterval: Interval,
    correlation: Double = 0
  ) {
    guard let first, let second else { return nil }
    ratio = first == 0 && second == 0 ? nil : first / second
    let below = { (factor: Double) in
      first - factor * second
        - joined(
          first - firstInterval.lower, factor * (secondInterval.upper - second), correlation: correlation)
    }
    let above = { (factor: Double) in
      first - factor * second
        + joined(
          firstInterval.upper - first, factor * (second - secondInterval.lower), correlation: correlation)
    }
    interval = Interval(
      lower: firstInterval.lower <= 0 ? 0 : Self.root(below),
      upper: secondInterval.lower <= 0 ? .infinity : Self.root(above))
  }

  /// Where a function that falls from above 0 to below it, over the positive numbers, is 0.
  private static func root(_ function: (Double) -> Double) -> Double {
    var (low, high) = (-700.0, 700.0)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if function(Double.exp(middle)) > 0 { low = middle } else { high = middle }
    }
    return Double.exp((low + high) / 2)
  }
}
