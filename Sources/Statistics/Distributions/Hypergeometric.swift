import RealModule

/// The number of events that fall to the first of two counts when the margins are fixed.
struct Hypergeometric {
  let first: Int
  let second: Int
  let events: Int

  var support: ClosedRange<Int> { max(0, events - second)...min(first, events) }

  private var mode: Int {
    min(max((events + 1) * (first + 1) / (first + second + 2), support.lowerBound), support.upperBound)
  }

  /// The probability of every table that is at most as likely as the one seen.
  func twoSided(from seen: Int) -> PValue {
    let mode = mode
    let limit = logPoint(seen) + 1e-7
    if logPoint(mode) <= limit { return PValue(naturalLog: 0) }
    // The likeliest table is more likely than the one seen, so each side of it holds one tail.
    let below = last(in: support.lowerBound..<mode) { logPoint($0) <= limit }
    let above = last(in: (mode + 1)..<(support.upperBound + 1), fromTheRight: true) { logPoint($0) <= limit }
    let tails = [below.map { logTail(from: $0, by: -1) }, above.map { logTail(from: $0, by: 1) }].compactMap(\.self)
    let largest = tails.max() ?? -.infinity
    let sum = tails.reduce(0) { $0 + Double.exp($1 - largest) }
    return PValue(naturalLog: min(0, largest + Double.log(sum)))
  }

  /// The log of the probability of at most so many events.
  func logLowerTail(_ k: Int) -> Double {
    if k >= support.upperBound { return 0 }
    if k < support.lowerBound { return -.infinity }
    return k < mode ? logTail(from: k, by: -1) : Double.log(onePlus: -Double.exp(logTail(from: k + 1, by: 1)))
  }

  /// A number of events with the probability that chance gives it: inversion outwards from the mode, in about as many steps
  /// as the distribution is wide.
  func draw(using generator: inout some RandomNumberGenerator) -> Int {
    var (low, high) = (mode, mode)
    if support.count == 1 { return mode }
    var (atLow, atHigh) = (Double.exp(logPoint(mode)), Double.exp(logPoint(mode)))
    var rest = Double.random(in: 0..<1, using: &generator) - atHigh
    while rest >= 0 && (low > support.lowerBound || high < support.upperBound) {
      if high < support.upperBound {
        atHigh *= growth(above: high)
        high += 1
        rest -= atHigh
        if rest < 0 { return high }
      }
      if low > support.lowerBound {
        low -= 1
        atLow /= growth(above: low)
        rest -= atLow
        if rest < 0 { return low }
      }
    }
    return mode
  }

  /// The log probability of one table: three binomial points at the pooled rate.
  func logPoint(_ k: Int) -> Double {
    let total = Double(first + second)
    let (p, q) = (Double(events) / total, (total - Double(events)) / total)
    return BinomialPoint.log(Double(k), of: Double(first), p: p, q: q)
      + BinomialPoint.log(Double(events - k), of: Double(second), p: p, q: q)
      - BinomialPoint.log(Double(events), of: total, p: p, q: q)
  }

  /// The log of the sum of all tables from `start` outwards; terms shrink by the ratio of neighbours.
  func logTail(from start: Int, by step: Int) -> Double {
    let sum = RatioSeries.sum(Double(start), by: Double(step)) { k in
      let k = Int(k)
      guard support.contains(k + step) else { return 0 }
      return step > 0 ? growth(above: k) : 1 / growth(above: k - 1)
    }
    return logPoint(start) + Double.log(sum)
  }

  /// How much likelier `k + 1` is than `k`.
  func growth(above k: Int) -> Double {
    Double(first - k) * Double(events - k) / (Double(k + 1) * Double(second - events + k + 1))
  }

  /// The element nearest to the mode that satisfies a condition which holds from the outer end up to some point.
  private func last(in range: Range<Int>, fromTheRight: Bool = false, where holds: (Int) -> Bool) -> Int? {
    var (outside, inside) =
      fromTheRight ? (range.upperBound, range.lowerBound - 1) : (range.lowerBound - 1, range.upperBound)
    while abs(outside - inside) > 1 {
      let middle = (outside + inside) / 2
      if holds(middle) { outside = middle } else { inside = middle }
    }
    return range.contains(outside) ? outside : nil
  }
}
