import RealModule

/// Sums of binomial probabilities.
enum BinomialTail {
  /// The probability of at most `events` events in `trials` trials with probability `rate` each, in about as many steps as
  /// the distribution is wide.
  static func atMost(_ events: Int, of trials: Int, rate: Double) -> Double {
    if events < 0 { return 0 }
    if events >= trials || rate <= 0 { return 1 }
    if rate >= 1 { return 0 }
    if Double(events) <= Double(trials) * rate { return sum(from: events, by: -1, of: trials, rate: rate) }
    return 1 - sum(from: events + 1, by: 1, of: trials, rate: rate)
  }

  /// The fewest trials in which at most `events` events have a probability of at most `limit`, between 0 and 1.
  static func trials(atMost events: Int, rate: Double, limit: Double) -> Int? {
    Search.least(from: events + 1) { atMost(events, of: $0, rate: rate) <= limit }
  }

  /// The probabilities of the counts that are not negligible, and the first of them.
  static func window(of trials: Int, rate: Double, negligible: Double = 1e-15) -> (first: Int, probabilities: [Double])
  {
    if rate <= 0 { return (0, [1]) }
    if rate >= 1 { return (trials, [1]) }
    let mode = min(trials, Int(Double(trials + 1) * rate))
    let top = Double.exp(BinomialPoint.log(Double(mode), of: Double(trials), p: rate, q: 1 - rate))
    let odds = rate / (1 - rate)
    var (above, below) = ([top], [Double]())
    var k = mode
    while k < trials, let last = above.last, last > negligible {
      above.append(last * Double(trials - k) / Double(k + 1) * odds)
      k += 1
    }
    var last = top
    k = mode
    while k > 0, last > negligible {
      last *= Double(k) / (Double(trials - k + 1) * odds)
      below.append(last)
      k -= 1
    }
    return (k, below.reversed() + above)
  }

  /// Terms from one count outwards, until they no longer matter.
  private static func sum(from start: Int, by step: Int, of trials: Int, rate: Double) -> Double {
    let odds = rate / (1 - rate)
    var (k, term, sum) = (start, 1.0, 1.0)
    while (step > 0 && k < trials) || (step < 0 && k > 0) {
      term *= step > 0 ? Double(trials - k) / Double(k + 1) * odds : Double(k) / (Double(trials - k + 1) * odds)
      if sum + term == sum { break }
      sum += term
      k += step
    }
    return Double.exp(BinomialPoint.log(Double(start), of: Double(trials), p: rate, q: 1 - rate)) * sum
  }
}

/// Searches among whole numbers.
enum Search {
  /// Plans end here.
  static let limit = 1 << 50

  /// The least number from `start` on that satisfies a condition which stays true from there on; `nil` when none does up to
  /// `limit`.
  static func least(from start: Int, where holds: (Int) -> Bool) -> Int? {
    if holds(start) { return start }
    var (below, step) = (start, 1)
    while !holds(below + step) {
      below += step
      step *= 2
      if below + step > limit { return nil }
    }
    var above = below + step
    while above - below > 1 {
      let middle = below + (above - below) / 2
      if holds(middle) { above = middle } else { below = middle }
    }
    return above
  }
}
