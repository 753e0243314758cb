import RealModule

extension ClusteredCount {
  /// The bootstrap interval that draws whole clusters: bias-corrected and accelerated (BCa; Efron, JASA 82, 1987). It needs
  /// no model of the clusters, but many clusters with events: with a handful it is too short, and without events, without
  /// other trials or with fewer than two clusters there is none. `interval(confidence:)` has no such gap.
  ///
  /// - Parameters:
  ///   - confidence: for example 0.95; strictly between 0 and 1.
  ///   - draws: how many sets of clusters are drawn.
  ///   - generator: one with a stated seed, so that the interval can be computed again.
  package func bootstrap(
    confidence: Double = 0.95, draws: Int = 4_000, using generator: inout some RandomNumberGenerator
  ) -> Interval? {
    let tail = Count.error(of: confidence) / 2
    guard clusters.count >= 2, draws > 0, let rate = pooled.rate, clusters.contains(where: { $0.rate != rate })
    else { return nil }
    var rates: [Double] = []
    rates.reserveCapacity(draws)
    // One number seeds all draws: a generator of this file is several times as fast as one behind a protocol.
    var draw = SplitMix(state: generator.next())
    for _ in 0..<draws { rates.append(drawnRate(using: &draw)) }
    rates.sort()
    let below = Double(rates.count { $0 < rate })
    let equal = Double(rates.count { $0 == rate })
    let share = (below + equal / 2) / Double(draws)
    guard share > 0, share < 1 else { return nil }
    let bias = NormalDistribution.quantile(upperTail: 1 - share)
    let z = NormalDistribution.quantile(upperTail: tail)
    return Interval(
      lower: Self.quantile(rates, NormalDistribution.mass(below: accelerated(bias - z, bias))),
      upper: Self.quantile(rates, NormalDistribution.mass(below: accelerated(bias + z, bias))))
  }

  private func drawnRate(using generator: inout SplitMix) -> Double {
    var (events, trials) = (0, 0)
    let count = UInt64(clusters.count)
    for _ in clusters.indices {
      let cluster = clusters[Int(generator.next().multipliedFullWidth(by: count).high)]
      events += cluster.events
      trials += cluster.trials
    }
    return Double(events) / Double(trials)
  }

  private func accelerated(_ position: Double, _ bias: Double) -> Double {
    bias + position / (1 - acceleration * position)
  }

  /// A sixth of the skewness of the rates that are left when one cluster is left out.
  private var acceleration: Double {
    let all = pooled
    let rates = clusters.compactMap { cluster -> Double? in
      all.trials == cluster.trials
        ? nil : Double(all.events - cluster.events) / Double(all.trials - cluster.trials)
    }
    let mean = rates.reduce(0, +) / Double(rates.count)
    let squares = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let cubes = rates.reduce(0) { $0 + (mean - $1) * (mean - $1) * (mean - $1) }
    return squares == 0 ? 0 : cubes / (6 * squares * squares.squareRoot())
  }

  /// Between the sorted values that enclose a share of them.
  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let index = min(max(Int(place), 0), sorted.count - 1)
    let next = min(index + 1, sorted.count - 1)
    return sorted[index] + (sorted[next] - sorted[index]) * (place - Double(index))
  }
}

extension NormalDistribution {
  /// The mass below `z`.
  static func mass(below z: Double) -> Double { 0.5 * Double.erfc(-z / 2.0.squareRoot()) }
}

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
