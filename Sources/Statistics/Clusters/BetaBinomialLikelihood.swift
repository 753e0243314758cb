import RealModule

/// The likelihood of clustered counts when each cluster's rate is drawn from a beta distribution with some mean, and two
/// trials of a cluster have some correlation. Up to a constant it is the product over clusters of
///
///     prod_{j < k} (c m + j r)  prod_{j < n - k} (c (1 - m) + j r)  /  prod_{j < n} (c + j r),    c = 1 - r,
///
/// with mean `m`, correlation `r`, `k` events in `n` trials. In this form nothing cancels at `r = 0`, where it is the
/// binomial likelihood, and the products of all clusters are shared.
struct BetaBinomialLikelihood {
  private let events: RisingProducts
  private let others: RisingProducts
  private let trials: RisingProducts
  /// The rate of the pooled trials.
  let rate: Double

  init(_ counts: [Count]) {
    events = RisingProducts(counts.map(\.events))
    others = RisingProducts(counts.map { $0.trials - $0.events })
    trials = RisingProducts(counts.map(\.trials))
    let pooled = counts.reduce(Count(events: 0, trials: 0), +)
    rate = pooled.rate ?? 0
  }

  /// The log likelihood; `correlation` is below 1.
  func log(mean: Double, correlation: Double) -> Double {
    let rest = 1 - correlation
    return events.log(from: rest * mean, step: correlation) + others.log(from: rest * (1 - mean), step: correlation)
      - trials.log(from: rest, step: correlation)
  }

  /// The mean that makes the log likelihood greatest for a correlation. The log likelihood is concave in the mean, so a
  /// slope that changes sign encloses it; Newton's steps that leave the enclosure are replaced by halving it.
  func likeliestMean(correlation: Double) -> Double {
    if rate == 0 || rate == 1 || correlation == 0 { return rate }
    let rest = 1 - correlation
    var (low, high, mean) = (0.0, 1.0, rate)
    for _ in 0..<100 {
      let (first, second) = (
        events.slope(from: rest * mean, step: correlation), others.slope(from: rest * (1 - mean), step: correlation)
      )
      let slope = first.slope - second.slope
      if slope > 0 { low = mean } else { high = mean }
      var next = mean - slope / (rest * (first.curvature + second.curvature))
      if !(next > low && next < high) { next = (low + high) / 2 }
      if abs(next - mean) <= 1e-13 * min(mean, 1 - mean) { return next }
      mean = next
    }
    return mean
  }

  /// The log likelihood of a correlation with the mean that suits it best.
  func profile(correlation: Double) -> Double {
    log(mean: likeliestMean(correlation: correlation), correlation: correlation)
  }
}

/// The sums of `log(x + j d)` over `j < n`, for many `n` at once.
private struct RisingProducts {
  /// From here on sums are taken by Euler and Maclaurin's formula.
  private static let direct = 24

  /// How many of the lengths exceed the index.
  private var longer: [Double] = []
  /// The lengths above `direct`, each once, and how often each occurs.
  private var long: [(length: Double, times: Double)] = []

  init(_ lengths: [Int]) {
    longer = Array(repeating: 0, count: min(Self.direct, lengths.max() ?? 0))
    var counts: [Int: Int] = [:]
    for length in lengths where length > 0 {
      longer[min(length, Self.direct) - 1] += 1
      if length > Self.direct { counts[length, default: 0] += 1 }
    }
    for index in longer.indices.dropLast().reversed() { longer[index] += longer[index + 1] }
    long = counts.sorted { $0.key < $1.key }.map { (Double($0.key), Double($0.value)) }
  }

  func log(from x: Double, step: Double) -> Double {
    var sum = 0.0
    for (j, times) in longer.enumerated() { sum += times * Double.log(x + Double(j) * step) }
    guard !long.isEmpty else { return sum }
    let start = x + Double(Self.direct) * step
    for (length, times) in long {
      sum += times * Self.logTail(start, count: length - Double(Self.direct), step: step)
    }
    return sum
  }

  /// The derivative of the sum by x, and the negative of the second.
  func slope(from x: Double, step: Double) -> (slope: Double, curvature: Double) {
    var (slope, curvature) = (0.0, 0.0)
    for (j, times) in longer.enumerated() {
      let inverse = 1 / (x + Double(j) * step)
      slope += times * inverse
      curvature += times * inverse * inverse
    }
    let start = x + Double(Self.direct) * step
    for (length, times) in long {
      let count = length - Double(Self.direct)
      let (u, v) = (1 / start, 1 / (start + count * step))
      let mean = step == 0 ? count * u : Double.log(onePlus: count * step * u) / step
      slope += times * (mean + (u - v) / 2 + step * (u * u - v * v) / 12)
      curvature += times * (count * u * v + (u * u - v * v) / 2 + step * (u * u * u - v * v * v) / 6)
    }
    return (slope, curvature)
  }

  /// The sum of `log(u + j d)` over `j < count`, where `u` is at least `direct` steps from 0.
  private static func logTail(_ u: Double, count: Double, step: Double) -> Double {
    let growth = count * step / u
    if growth == 0 { return count * Double.log(u) }
    let (logGrowth, end) = (Double.log(onePlus: growth), u + count * step)
    let integral = count * (Double.log(u) + ((1 + growth) * logGrowth - growth) / growth)
    let (a, b) = (step / u, step / end)
    return integral - logGrowth / 2 - (a - b) / 12 + (a * a * a - b * b * b) / 360
  }
}

extension BetaBinomialLikelihood {
  /// The correlation with the greatest profile likelihood and that likelihood's log.
  func likeliestCorrelation(tolerance: Double = 1e-7) -> (correlation: Double, log: Double) {
    let atZero = profile(correlation: 0)
    let found = Maximum.search(-18, 12, tolerance: tolerance) { profile(correlation: Self.logistic($0)) }
    return found.value > atZero ? (Self.logistic(found.position), found.value) : (0, atZero)
  }

  /// The one-sided upper confidence limit of the correlation; 1 when no correlation is too large.
  func correlationLimit(confidence: Double) -> Double {
    let (best, log) = likeliestCorrelation(tolerance: 1e-3)
    let z = NormalDistribution.quantile(upperTail: 1 - confidence)
    let limit = log - z * z / 2
    var (inside, outside) = (best == 0 ? -18 : Double.log(best / (1 - best)), 12.0)
    if profile(correlation: Self.logistic(outside)) >= limit { return 1 }
    while outside - inside > 1e-4 {
      let middle = (inside + outside) / 2
      if profile(correlation: Self.logistic(middle)) >= limit { inside = middle } else { outside = middle }
    }
    return Self.logistic(outside)
  }

  static func logistic(_ x: Double) -> Double { 1 / (1 + Double.exp(-x)) }
}
