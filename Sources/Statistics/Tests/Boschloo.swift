import RealModule

/// Boschloo's test, two-sided, of whether two counts have the same rate (Statistica Neerlandica 24, 1970): Fisher's
/// one-sided p value is the statistic, its distribution that of two binomials, whose common rate is the one that makes the
/// result most likely. As in SciPy's `boschloo_exact`, the p value is twice the smaller of the two one-sided ones. It keeps
/// its level as Fisher's test does, and each one-sided value is at most Fisher's.
///
/// Without trials on either side, or without events, it is 1.
///
/// - Returns: `nil` above `BoschlooTest.limit` trials in all, where it would take seconds and Fisher's test differs little.
package func boschloo(_ a: Count, _ b: Count) -> PValue? {
  guard a.trials + b.trials <= BoschlooTest.limit else { return nil }
  guard let rateA = a.rate, let rateB = b.rate else { return PValue(naturalLog: 0) }
  let (few, many) = rateA <= rateB ? (a, b) : (b, a)
  var least = BoschlooTest(few: few, many: many).logPValue
  // The other side is hardly ever the smaller one, and then need not be worked out.
  if BoschlooTest.leastLogPValue(few: many, many: few) < least {
    least = min(least, BoschlooTest(few: many, many: few).logPValue)
  }
  return PValue(naturalLog: min(0, Double.log(2) + least))
}

/// The one-sided test that the first count has the smaller rate.
package struct BoschlooTest: Sendable {
  /// The most trials, of both counts together.
  package static let limit = 300_000

  private let few: TabulatedBinomial
  private let many: TabulatedBinomial
  /// For every number of events of the second count, the most events of the first that are as extreme as what was seen; -1
  /// where none are. It never falls.
  private let boundary: [Int]
  /// The first place at which `boundary` is not -1.
  private let start: Int

  fileprivate init(few a: Count, many b: Count) {
    few = TabulatedBinomial(trials: a.trials)
    many = TabulatedBinomial(trials: b.trials)
    boundary = Self.boundary(a, b)
    start = boundary.firstIndex { $0 >= 0 } ?? b.trials + 1
  }

  /// A bound from below: everything at least as extreme in both counts, at their pooled rate.
  fileprivate static func leastLogPValue(few a: Count, many b: Count) -> Double {
    let events = Double(a.events + b.events)
    let logOdds = Double.log(events) - Double.log(Double(a.trials + b.trials) - events)
    guard logOdds.isFinite else { return 0 }
    let atMost =
      a.events == a.trials
      ? 1 : BetaDistribution(Double(a.events + 1), Double(a.trials - a.events)).mass(aboveLogOdds: logOdds)
    let atLeast =
      b.events == 0
      ? 1 : BetaDistribution(Double(b.events), Double(b.trials - b.events + 1)).mass(belowLogOdds: logOdds)
    return Double.log(atMost) + Double.log(atLeast)
  }

  /// The log of the largest probability, over common rates, of a result as extreme as the one seen.
  fileprivate var logPValue: Double {
    // In the arc sine of the root of the rate every count blurs alike, with a standard deviation of at least 1 / 2 sqrt(n):
    // nothing is narrower than that.
    let pieces = max(32, Int(7 * Double(few.trials + many.trials).squareRoot()))
    let width = Double.pi / 2 / Double(pieces)
    let values = (0...pieces).map { logProbability(angle: Double($0) * width) }
    var best = values.max() ?? 0
    for place in 1..<pieces where Self.reach(values[(place - 1)...(place + 1)]) > best {
      best = max(best, climb(from: Double(place) * width, width))
    }
    return best
  }

  /// How high the peak near the middle of three values may be: twice as far above it as the parabola through them, and a
  /// share of its curvature for where that is level.
  private static func reach(_ values: ArraySlice<Double>) -> Double {
    let (left, middle, right) = (values[values.startIndex], values[values.startIndex + 1], values[values.endIndex - 1])
    guard middle >= left, middle >= right, left.isFinite || right.isFinite else { return -.infinity }
    let curvature = 2 * middle - left - right
    guard curvature.isFinite, curvature > 0 else { return .infinity }
    return middle + (left - right) * (left - right) / (4 * curvature) + 0.01 * curvature
  }

  /// The highest value within one step of an angle, by golden section.
  private func climb(from angle: Double, _ width: Double) -> Double {
    let golden = (5.0.squareRoot() - 1) / 2
    var (low, high) = (angle - width, angle + width)
    var (left, right) = (high - golden * (high - low), low + golden * (high - low))
    var (atLeft, atRight) = (logProbability(angle: left), logProbability(angle: right))
    // The value is flat at its peak: an angle to five digits gives it to ten or more.
    while high - low > 1e-5 * width {
      if atLeft > atRight {
        (high, right, atRight) = (right, left, atLeft)
        left = high - golden * (high - low)
        atLeft = logProbability(angle: left)
      } else {
        (low, left, atLeft) = (left, right, atRight)
        right = low + golden * (high - low)
        atRight = logProbability(angle: right)
      }
    }
    return max(atLeft, atRight)
  }

  /// The log of the probability of all results as extreme as the one seen.
  private func logProbability(angle: Double) -> Double {
    let rate = Rate(angle: angle)
    guard rate.p > 0, rate.q > 0 else { return start == 0 || boundary[many.trials] == few.trials ? 0 : -.infinity }
    guard start <= many.trials else { return -.infinity }
    let first = firstPlace(rate)
    var below = RisingTail(few, rate, from: boundary[first])
    var sum = LogSum()
    for place in first...many.trials {
      below.advance(to: boundary[place])
      let term = many.logPoint(place, rate) + below.log
      sum.add(term)
      if Double(place) > Double(many.trials) * rate.p && term < sum.log - LogSum.negligible { break }
    }
    return sum.log
  }

  /// The first place that matters, judged by bounds of the terms.
  private func firstPlace(_ rate: Rate) -> Int {
    var place = max(start, Int(Double(many.trials) * rate.p))
    let floor = many.logPoint(place, rate) + few.logTailBounds(boundary[place], rate).lower - LogSum.negligible
    while place > start {
      let bound = many.logPoint(place - 1, rate) + few.logTailBounds(boundary[place - 1], rate).upper
      if bound < floor { break }
      place -= 1
    }
    return place
  }

  /// Follows the edge of the region from the fewest events of the second count to the most. Fisher's p value rises with the
  /// events of the first count and falls with those of the second. Values that differ by rounding only count as equal.
  private static func boundary(_ a: Count, _ b: Count) -> [Int] {
    func fisher(_ first: Int, _ second: Int) -> Double {
      Hypergeometric(first: a.trials, second: b.trials, events: first + second).logLowerTail(first)
    }
    let limit = fisher(a.events, b.events) + 1e-11
    var edge = -1
    return (0...b.trials).map { second in
      while edge < a.trials && fisher(edge + 1, second) <= limit { edge += 1 }
      return edge
    }
  }
}
