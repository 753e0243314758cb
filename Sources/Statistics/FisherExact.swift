import RealModule

/// Fisher's exact test, two-sided, of whether two counts have the same rate: the probability, given all margins, of
/// every table that is at most as likely as the one seen (tables that differ by rounding only, a relative 1e-7, count as
/// equally likely, as in R and SciPy). Without trials on either side, or without events, it is 1.
///
/// It sums outwards from the table seen and from its mirror image in the other tail and stops where terms no longer
/// matter, so millions of trials cost microseconds.
package func fisherExact(_ a: Count, _ b: Count) -> PValue {
  Hypergeometric(a, b).twoSided(from: a.events)
}

/// The number of events that fall to the first of two counts when the margins are fixed.
private struct Hypergeometric {
  let first: Int
  let second: Int
  let events: Int

  init(_ a: Count, _ b: Count) {
    (first, second, events) = (a.trials, b.trials, a.events + b.events)
  }

  var support: ClosedRange<Int> { max(0, events - second)...min(first, events) }

  func twoSided(from seen: Int) -> PValue {
    let mode = min(max((events + 1) * (first + 1) / (first + second + 2), support.lowerBound), support.upperBound)
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

  /// The log probability of one table: three binomial points at the pooled rate.
  private func logPoint(_ k: Int) -> Double {
    let total = Double(first + second)
    let (p, q) = (Double(events) / total, (total - Double(events)) / total)
    return BinomialPoint.log(Double(k), of: Double(first), p: p, q: q)
      + BinomialPoint.log(Double(events - k), of: Double(second), p: p, q: q)
      - BinomialPoint.log(Double(events), of: total, p: p, q: q)
  }

  /// The log of the sum of all tables from `start` outwards; terms shrink by the ratio of neighbours.
  private func logTail(from start: Int, by step: Int) -> Double {
    var (k, term, sum) = (start, 1.0, 1.0)
    while support.contains(k + step) {
      let up = step > 0 ? k : k - 1
      let ratio = Double(first - up) * Double(events - up) / (Double(up + 1) * Double(second - events + up + 1))
      term *= step > 0 ? ratio : 1 / ratio
      let next = sum + term
      if next == sum { break }
      sum = next
      k += step
    }
    return logPoint(start) + Double.log(sum)
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
