import RealModule

/// A seed's count in effective trials, and how many seeds have the same.
struct SeedCount: Hashable {
  var events: Double
  var trials: Double
  var times = 1.0
}

/// The likelihood of the middle and the spread of seeds' log odds, on a grid: for each spread its own range of middles.
struct SeedLikelihood {
  /// One spread: the log likelihood at equally spaced middles.
  struct Slice {
    var spread: Double
    var low: Double
    var step: Double
    var logs: [Double]
  }

  private static let spreads = 28
  private static let middles = 56
  private static let widestSpread = 5.0
  /// Log units below the top at which a slice ends.
  private static let depth = 14.0

  let slices: [Slice]
  /// The width of each slice's cell of spreads, but for a factor.
  let widths: [Double]

  init(_ counts: [SeedCount]) {
    let distinct = Dictionary(grouping: counts, by: \.self).map { SeedCount($0.key, times: Double($0.value.count)) }
      .sorted { ($0.events, $0.trials) < ($1.events, $1.trials) }
    let (events, trials) = counts.reduce((0.5, 1.0)) { ($0.0 + $1.events, $0.1 + $1.trials) }
    var start = Double.log(events / (trials - events))
    let shares = (1...Self.spreads).map { Double($0) / Double(Self.spreads) }
    // Cubed: spreads near 0 matter where counts are large.
    slices = shares.map { Self.slice(distinct, spread: Self.widestSpread * $0 * $0 * $0, from: &start) }
    widths = shares.map { $0 * $0 }
  }

  private static func slice(_ counts: [SeedCount], spread: Double, from start: inout Double) -> Slice {
    let log = { (middle: Double) in
      counts.reduce(0) { $0 + $1.times * $1.log(middle: middle, spread: spread) }
    }
    // Seeds without events leave the low end open: the range is that of the posterior with the prior between the others.
    let range = range(of: { log($0) + SeedPosterior.Prior.middle.log($0) }, from: &start)
    let step = (range.high - range.low) / Double(middles - 1)
    return Slice(
      spread: spread, low: range.low, step: step, logs: (0..<middles).map { log(range.low + Double($0) * step) })
  }

  /// Where a log-concave density is within `depth` of its top, about.
  private static func range(of density: (Double) -> Double, from start: inout Double) -> (low: Double, high: Double) {
    var (top, reach) = (density(start), 0.25)
    while reach > 0.02 {
      let sides = [start - reach, start + reach].map { ($0, density($0)) }
      if let better = sides.first(where: { $0.1 > top }) {
        (start, top) = better
        reach *= 1.5
      } else {
        reach /= 3
      }
    }
    let ends = [-1.0, 1.0].map { side in
      var (inside, outside) = (0.0, 0.01)
      while density(start + side * outside) > top - depth { (inside, outside) = (outside, 2 * outside) }
      for _ in 0..<3 {
        let middle = (inside + outside) / 2
        if density(start + side * middle) > top - depth { inside = middle } else { outside = middle }
      }
      return start + side * outside
    }
    return (ends[0], ends[1])
  }
}

extension SeedCount {
  fileprivate init(_ other: SeedCount, times: Double) {
    self = other
    self.times = times
  }

  /// The log of the count's probability when its log odds are normal, but for a constant: the integral by the trapezoidal
  /// rule around the peak of the integrand, which is smooth and falls off like a normal density, so that few points do.
  fileprivate func log(middle: Double, spread: Double) -> Double {
    let peak = peak(middle: middle, spread: spread)
    let rate = BetaBinomialLikelihood.logistic(middle + spread * peak)
    let width = 1 / (1 + spread * spread * trials * rate * (1 - rate)).squareRoot()
    let top = integrand(peak, middle, spread)
    var sum = 1.0
    for index in 1...8 {
      let away = Double(index) * width
      sum += Double.exp(integrand(peak - away, middle, spread) - top)
      sum += Double.exp(integrand(peak + away, middle, spread) - top)
    }
    return top + Double.log(width * sum)
  }

  private func integrand(_ z: Double, _ middle: Double, _ spread: Double) -> Double {
    let odds = middle + spread * z
    return events * odds - trials * Softplus.of(odds) - z * z / 2
  }

  /// Where the integrand is greatest: between 0 and where its slope there points, by Newton's method within an enclosure.
  private func peak(middle: Double, spread: Double) -> Double {
    let far = spread * (events - trials * BetaBinomialLikelihood.logistic(middle))
    // The rate seen lies beyond; half an event from the ends, where none or all would lie infinitely far.
    let margin = min(0.5, trials / 2)
    let seen = min(max(events, margin), trials - margin)
    let (own, slack) = ((Double.log(seen / (trials - seen)) - middle) / spread, abs(seen - events) * spread)
    var (low, high) = far < 0 ? (max(far, min(own, -slack)), 0) : (0, min(far, max(own, slack)))
    var z = (low + high) / 2
    for _ in 0..<100 {
      let rate = BetaBinomialLikelihood.logistic(middle + spread * z)
      let slope = spread * (events - trials * rate) - z
      if slope > 0 { low = z } else { high = z }
      var next = z + slope / (1 + spread * spread * trials * rate * (1 - rate))
      if !(next > low && next < high) { next = (low + high) / 2 }
      if abs(next - z) < 1e-4 { return next }
      z = next
    }
    return z
  }
}

/// `log(1 + e^x)`.
enum Softplus {
  static func of(_ x: Double) -> Double {
    x > 0 ? x + Double.log(onePlus: Double.exp(-x)) : Double.log(onePlus: Double.exp(x))
  }
}
