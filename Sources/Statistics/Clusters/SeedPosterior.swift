import RealModule

/// A seed's count in effective trials.
struct SeedCount {
  var events: Double
  var trials: Double
}

/// The posterior of the middle `m` and the spread `s` of seeds' log odds, on a grid: for each spread its own range of middles.
struct SeedPosterior {
  /// The density of the middle's rate, but for a constant, as a power of the rate and of its complement per unit of log
  /// odds.
  enum Prior {
    case low, middle, high

    func log(_ middle: Double) -> Double {
      let (rate, rest) = (-Softplus.of(-middle), -Softplus.of(middle))
      return switch self {
      case .low: rest
      case .middle: (rate + rest) / 2
      case .high: rate
      }
    }
  }

  /// One spread: the cumulative posterior over equally spaced middles.
  private struct Slice {
    var spread: Double
    var low: Double
    var step: Double
    /// Mass at each middle, 1 in all; and the mass below each.
    var masses: [Double]
    var cumulative: [Double]
    /// The slice's share of the posterior.
    var weight: Double

    func mass(below position: Double) -> Double {
      let place = (position - low) / step
      if place <= 0 { return 0 }
      let index = Int(min(place, Double(masses.count)))
      if index >= masses.count - 1 { return 1 }
      return cumulative[index] + (cumulative[index + 1] - cumulative[index]) * (place - Double(index))
    }

    func predictiveMass(below position: Double) -> Double {
      var sum = 0.0
      for (index, mass) in masses.enumerated() {
        sum += mass * NormalDistribution.mass(below: (position - low - Double(index) * step) / spread)
      }
      return sum
    }
  }

  private static let spreads = 40
  private static let middles = 64
  /// Log units below the top at which a slice ends.
  private static let depth = 18.0

  private var slices: [Slice] = []

  init(_ counts: [SeedCount], prior: Prior) {
    var start = Self.start(counts)
    var logs: [Double] = []
    for index in 1...Self.spreads {
      // Cubed: spreads near 0 matter where counts are large.
      let share = Double(index) / Double(Self.spreads)
      let spread = 5 * share * share * share
      let (slice, log) = Self.slice(counts, prior: prior, spread: spread, from: &start)
      slices.append(slice)
      // Half-normal with a standard deviation of 1, and the width of the cell.
      logs.append(log - spread * spread / 2 + 2 * Double.log(share))
    }
    let largest = logs.max() ?? 0
    let sum = logs.reduce(0) { $0 + Double.exp($1 - largest) }
    for index in slices.indices { slices[index].weight = Double.exp(logs[index] - largest) / sum }
  }

  /// The middle with this posterior mass below it, in log odds.
  func quantile(_ mass: Double) -> Double { root(mass) { slice, position in slice.mass(below: position) } }

  /// The log odds that a new seed stays below with this probability.
  func predictiveQuantile(_ mass: Double) -> Double {
    root(mass) { slice, position in slice.predictiveMass(below: position) }
  }

  /// The spread with this posterior mass below it.
  func spread(_ mass: Double) -> Double {
    var (below, last) = (0.0, 0.0)
    for slice in slices {
      if below + slice.weight >= mass {
        return last + (slice.spread - last) * (mass - below) / slice.weight
      }
      below += slice.weight
      last = slice.spread
    }
    return last
  }

  private func root(_ mass: Double, _ function: (Slice, Double) -> Double) -> Double {
    var low = slices.map(\.low).min().map { $0 - 40 } ?? 0
    var high = slices.map { $0.low + $0.step * Double($0.masses.count) }.max().map { $0 + 40 } ?? 0
    while high - low > 1e-7 {
      let middle = (low + high) / 2
      var below = 0.0
      for slice in slices where slice.weight > 1e-12 { below += slice.weight * function(slice, middle) }
      if below < mass { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The log odds of the pooled rate, half an event away from the ends.
  private static func start(_ counts: [SeedCount]) -> Double {
    let (events, trials) = counts.reduce((0.5, 1.0)) { ($0.0 + $1.events, $0.1 + $1.trials) }
    return Double.log(events / (trials - events))
  }

  private static func slice(
    _ counts: [SeedCount], prior: Prior, spread: Double, from start: inout Double
  ) -> (Slice, log: Double) {
    let density = { (middle: Double) in
      prior.log(middle) + counts.reduce(0) { $0 + $1.log(middle: middle, spread: spread) }
    }
    let range = Self.range(of: density, from: &start)
    let step = (range.high - range.low) / Double(middles - 1)
    let logs = (0..<middles).map { density(range.low + Double($0) * step) }
    let largest = logs.max() ?? 0
    let densities = logs.map { Double.exp($0 - largest) }
    let sum = densities.reduce(0, +)
    var (cumulative, below) = ([0.0], 0.0)
    for (left, right) in zip(densities, densities.dropFirst()) {
      below += (left + right) / 2 / sum
      cumulative.append(below)
    }
    let slice = Slice(
      spread: spread, low: range.low, step: step, masses: densities.map { $0 / sum }, cumulative: cumulative, weight: 0)
    return (slice, largest + Double.log(sum * step))
  }

  /// Where a log-concave density is within `depth` of its top.
  private static func range(of density: (Double) -> Double, from start: inout Double) -> (low: Double, high: Double) {
    var reach = 0.5
    while density(start - reach) > density(start) || density(start + reach) > density(start) {
      start += density(start - reach) > density(start + reach) ? -reach : reach
      reach *= 1.5
    }
    let top = Maximum.search(start - reach, start + reach, tolerance: 1e-4, density)
    start = top.position
    let ends = [-1.0, 1.0].map { side in
      var (inside, outside) = (0.0, 1e-3)
      while density(start + side * outside) > top.value - depth { (inside, outside) = (outside, 2 * outside) }
      for _ in 0..<6 {
        let middle = (inside + outside) / 2
        if density(start + side * middle) > top.value - depth { inside = middle } else { outside = middle }
      }
      return start + side * outside
    }
    return (ends[0], ends[1])
  }
}

extension SeedCount {
  /// The log of the count's probability when its log odds are normal, but for a constant: the integral by the trapezoidal
  /// rule around the peak of the integrand, which is smooth and falls off like a normal density, so that few points do.
  fileprivate func log(middle: Double, spread: Double) -> Double {
    let peak = peak(middle: middle, spread: spread)
    let rate = BetaBinomialLikelihood.logistic(middle + spread * peak)
    let width = 1 / (1 + spread * spread * trials * rate * (1 - rate)).squareRoot()
    let top = integrand(peak, middle, spread)
    var sum = 0.0
    for index in -12...12 { sum += Double.exp(integrand(peak + 0.75 * Double(index) * width, middle, spread) - top) }
    return top + Double.log(0.75 * width * sum)
  }

  private func integrand(_ z: Double, _ middle: Double, _ spread: Double) -> Double {
    let odds = middle + spread * z
    return -events * Softplus.of(-odds) - (trials - events) * Softplus.of(odds) - z * z / 2
  }

  /// Where the integrand is greatest: between 0 and where its slope there points, by Newton's method within an enclosure.
  private func peak(middle: Double, spread: Double) -> Double {
    let far = spread * (events - trials * BetaBinomialLikelihood.logistic(middle))
    var (low, high) = (min(0, far), max(0, far))
    var z = 0.0
    if events > 0, events < trials {
      let own = (Double.log(events / (trials - events)) - middle) / spread
      (low, high) = (max(low, min(0, own)), min(high, max(0, own)))
      z = (low + high) / 2
    }
    for _ in 0..<60 {
      let rate = BetaBinomialLikelihood.logistic(middle + spread * z)
      let slope = spread * (events - trials * rate) - z
      if slope > 0 { low = z } else { high = z }
      var next = z + slope / (1 + spread * spread * trials * rate * (1 - rate))
      if !(next > low && next < high) { next = (low + high) / 2 }
      if abs(next - z) < 1e-6 { return next }
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
