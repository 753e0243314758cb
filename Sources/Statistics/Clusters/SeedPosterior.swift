import RealModule

/// The posterior of the middle and the spread of seeds' log odds.
struct SeedPosterior {
  /// The density of the middle, per unit of log odds: as a count of 0 or 1 event in 1 trial would have it, or between.
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

  /// One spread: the posterior over equally spaced middles.
  private struct Slice {
    var spread: Double
    var low: Double
    var step: Double
    /// The mass at each middle, 1 in all; and the mass below each.
    var masses: [Double]
    var cumulative: [Double]
    /// The slice's share of the posterior.
    var weight: Double

    var high: Double { low + step * Double(masses.count - 1) }

    func mass(below position: Double) -> Double {
      let place = (position - low) / step
      if place <= 0 { return 0 }
      if place >= Double(masses.count - 1) { return 1 }
      let index = Int(place)
      // Hermite's cubic: the mass at a middle is the slope there.
      let (t, rise) = (place - Double(index), cumulative[index + 1] - cumulative[index])
      let (left, right) = (masses[index], masses[index + 1])
      return cumulative[index] + t * (left + t * (3 * rise - 2 * left - right + t * (left + right - 2 * rise)))
    }

    func predictiveMass(below position: Double) -> Double {
      var sum = 0.0
      for (index, mass) in masses.enumerated() where mass > 1e-9 {
        sum += mass * NormalDistribution.mass(below: (position - low - Double(index) * step) / spread)
      }
      return sum
    }
  }

  private var slices: [Slice] = []

  init(_ likelihood: SeedLikelihood, prior: Prior) {
    var logs: [Double] = []
    for (slice, width) in zip(likelihood.slices, likelihood.widths) {
      let (own, log) = Self.slice(slice, prior: prior)
      slices.append(own)
      // Half-normal with a standard deviation of 1.
      logs.append(log - slice.spread * slice.spread / 2 + Double.log(width))
    }
    let largest = logs.max() ?? 0
    let sum = logs.reduce(0) { $0 + Double.exp($1 - largest) }
    for index in slices.indices { slices[index].weight = Double.exp(logs[index] - largest) / sum }
  }

  private static func slice(_ slice: SeedLikelihood.Slice, prior: Prior) -> (Slice, log: Double) {
    let logs = slice.logs.enumerated().map { $1 + prior.log(slice.low + Double($0) * slice.step) }
    let largest = logs.max() ?? 0
    let densities = logs.map { Double.exp($0 - largest) }
    let sum = densities.reduce(0, +)
    let own = Slice(
      spread: slice.spread, low: slice.low, step: slice.step, masses: densities.map { $0 / sum },
      cumulative: cumulative(densities, sum), weight: 0)
    return (own, largest + Double.log(sum * slice.step))
  }

  /// The mass below each middle; between two it is that of the cubic through four.
  private static func cumulative(_ densities: [Double], _ sum: Double) -> [Double] {
    var below = [0.0]
    for index in densities.indices.dropLast() {
      let outer = (index > 0 ? densities[index - 1] : 0) + (index + 2 < densities.count ? densities[index + 2] : 0)
      below.append(below[index] + (13 * (densities[index] + densities[index + 1]) - outer) / 24 / sum)
    }
    return below
  }

  /// The middle with this posterior mass below it, in log odds.
  func quantile(_ mass: Double) -> Double { root(mass) { slice, position in slice.mass(below: position) } }

  /// The log odds that a new seed stays below with this probability.
  func predictiveQuantile(_ mass: Double) -> Double {
    root(mass) { slice, position in slice.predictiveMass(below: position) }
  }

  /// The spread with this posterior mass below it.
  func spread(_ mass: Double) -> Double {
    // Half of a slice's mass lies below its spread.
    var (below, last) = (0.0, 0.0)
    for (index, slice) in slices.enumerated() {
      let cell = slice.weight / 2 + (index > 0 ? slices[index - 1].weight / 2 : 0)
      if below + cell >= mass { return last + (slice.spread - last) * (mass - below) / cell }
      below += cell
      last = slice.spread
    }
    return last
  }

  private func root(_ mass: Double, _ function: (Slice, Double) -> Double) -> Double {
    let slices = slices.filter { $0.weight > 1e-9 }
    // Twenty times the spread on either side holds all of a new seed's mass that matters.
    var low = slices.map { $0.low - 20 * $0.spread }.min() ?? 0
    var high = slices.map { $0.high + 20 * $0.spread }.max() ?? 0
    while high - low > 1e-6 {
      let middle = (low + high) / 2
      let below = slices.reduce(0) { $0 + $1.weight * function($1, middle) }
      if below < mass { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
