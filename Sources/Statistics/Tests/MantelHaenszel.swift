import RealModule

/// Two conditions compared within strata (environments, prompt sets), so that a different mix of strata cannot pass for a
/// difference between the conditions (Mantel and Haenszel, JNCI 22, 1959).
///
/// A stratum without events, with events only, or without trials on either side says nothing and changes nothing.
package struct MantelHaenszel: Sendable, Codable, Hashable {
  /// How the p value was computed.
  package enum Method: String, Sendable, Codable {
    /// From the distribution of the first condition's events given all margins, as R's `mantelhaen.test(exact = TRUE)`.
    case exact
    /// The chi-squared test of Cochran, Mantel and Haenszel without continuity correction, when there are more than
    /// `ConditionalOdds.limit` events to tabulate.
    case cochranMantelHaenszel
  }

  /// How many strata can tell the conditions apart.
  package let informativeStrata: Int
  /// The odds of the first condition over those of the second: 0 or infinite when within all strata only one has events (or
  /// only one has trials without), `nil` without an informative stratum.
  package let commonOddsRatio: Double?
  /// The interval of Robins, Breslow and Greenland (Biometrics 42, 1986) around the common odds ratio. Where that is 0 or
  /// infinite it is the exact conditional one, of which one end is finite.
  package let interval: Interval
  /// The exact conditional interval, each tail holding half of the error; `nil` where `method` is not exact.
  package let exactInterval: Interval?
  /// Two-sided, of whether the common odds ratio is 1.
  package let p: PValue
  package let method: Method
  /// The test of Breslow and Day with Tarone's correction of whether the strata share one odds ratio; `nil` with fewer than
  /// two informative strata or a common odds ratio of 0 or infinity.
  package let homogeneity: PValue?

  /// - Parameters:
  ///   - strata: the first and the second condition's count in each.
  ///   - confidence: for example 0.95; strictly between 0 and 1.
  package init(strata: [(Count, Count)], confidence: Double = 0.95) {
    let tables = strata.compactMap { Stratum($0, $1) }
    let sums = tables.reduce(into: OddsSums()) { $0.add($1) }
    let seen = tables.reduce(0) { $0 + $1.seen }
    let tail = Count.error(of: confidence) / 2
    let conditional = ConditionalOdds(tables.map(\.margins))
    informativeStrata = tables.count
    commonOddsRatio = tables.isEmpty ? nil : sums.ratio
    exactInterval = conditional?.interval(seen: seen, tail: tail)
    interval =
      sums.interval(tail: tail) ?? exactInterval
      ?? ConditionalOdds.interval(atEndOf: tables.map(\.margins), isLowest: sums.ratio == 0, tail: tail)
    method = conditional == nil ? .cochranMantelHaenszel : .exact
    p = conditional?.twoSided(from: seen) ?? Self.cochran(tables)
    homogeneity = sums.isFinite && tables.count > 1 ? Self.breslowDay(tables, at: sums.ratio) : nil
  }

  private static func cochran(_ tables: [Stratum]) -> PValue {
    let excess = tables.reduce(0) { $0 + Double($1.seen) - $1.mean }
    return chiSquared(excess * excess / tables.reduce(0) { $0 + $1.variance }, freedom: 1)
  }

  private static func breslowDay(_ tables: [Stratum], at ratio: Double) -> PValue {
    var (sum, excess, variance) = (0.0, 0.0, 0.0)
    for table in tables {
      let (fit, spread) = table.fit(ratio)
      let difference = Double(table.seen) - fit
      sum += difference * difference / spread
      excess += difference
      variance += spread
    }
    return chiSquared(sum - excess * excess / variance, freedom: tables.count - 1)
  }

  private static func chiSquared(_ value: Double, freedom: Int) -> PValue {
    PValue(naturalLog: GammaDistribution(shape: Double(freedom) / 2).logUpperTail(above: value / 2))
  }
}

/// A two by two table in which both margins leave something open.
private struct Stratum {
  let margins: Hypergeometric
  let seen: Int

  init?(_ first: Count, _ second: Count) {
    margins = Hypergeometric(first: first.trials, second: second.trials, events: first.events + second.events)
    seen = first.events
    if margins.support.count == 1 { return nil }
  }

  private var trials: (first: Double, second: Double) { (Double(margins.first), Double(margins.second)) }
  private var events: Double { Double(margins.events) }
  private var total: Double { trials.first + trials.second }

  /// With and without the event, first and second.
  var cells: (a: Double, b: Double, c: Double, d: Double) {
    let (a, c) = (Double(seen), events - Double(seen))
    return (a, trials.first - a, c, trials.second - c)
  }

  /// What the first count is expected to be without association.
  var mean: Double { trials.first / total * events }

  /// Its variance.
  var variance: Double {
    trials.first / total * (trials.second / total) * events * ((total - events) / (total - 1))
  }

  /// The first cell that gives the table this odds ratio, and its large-sample variance.
  func fit(_ ratio: Double) -> (cell: Double, variance: Double) {
    // (1 - ratio) x^2 + linear x - ratio n1 m = 0, the root written without a difference of close numbers.
    let linear = ratio * (trials.first + events) + trials.second - events
    let product = ratio * trials.first * events
    let root = (linear * linear + 4 * (1 - ratio) * product).squareRoot()
    let cell = linear > 0 ? 2 * product / (linear + root) : (root - linear) / (2 * (1 - ratio))
    let others = [trials.first - cell, events - cell, trials.second - events + cell]
    return (cell, 1 / others.reduce(1 / cell) { $0 + 1 / $1 })
  }
}

/// The sums that the common odds ratio and its standard error are made of.
private struct OddsSums {
  private var (r, s) = (0.0, 0.0)
  private var (pr, cross, qs) = (0.0, 0.0, 0.0)

  mutating func add(_ stratum: Stratum) {
    let (a, b, c, d) = stratum.cells
    let total = a + b + c + d
    let (ad, bc) = (a / total * d, b / total * c)
    let (same, other) = ((a + d) / total, (b + c) / total)
    r += ad
    s += bc
    pr += same * ad
    cross += same * bc + other * ad
    qs += other * bc
  }

  var ratio: Double { r / s }
  var isFinite: Bool { r > 0 && s > 0 }

  /// `nil` where the standard error does not exist.
  func interval(tail: Double) -> Interval? {
    guard isFinite else { return nil }
    let variance = pr / (2 * r * r) + cross / (2 * r * s) + qs / (2 * s * s)
    let reach = NormalDistribution.quantile(upperTail: tail) * variance.squareRoot()
    return Interval(lower: ratio * Double.exp(-reach), upper: ratio * Double.exp(reach))
  }
}
