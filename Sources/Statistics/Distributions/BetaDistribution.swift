import RealModule

/// The beta distribution, as exact and Bayesian intervals of a probability need it.
///
/// Positions are given by their log odds, so that values near 0 and near 1 keep all their digits.
struct BetaDistribution {
  private let a: Double
  private let b: Double

  init(_ a: Double, _ b: Double) {
    precondition(a > 0 && b > 0, "Beta(\(a), \(b)) does not exist")
    self.a = a
    self.b = b
  }

  /// The value with mass `tail` above it.
  func quantile(upperTail tail: Double) -> Double { Self.probability(logOdds: logOdds(upperTail: tail)) }

  /// The value with mass `tail` below it.
  func quantile(lowerTail tail: Double) -> Double { Self.probability(logOdds: logOdds(lowerTail: tail)) }

  /// The log odds of the value with mass `tail` above it.
  func logOdds(upperTail tail: Double) -> Double {
    if tail > 0.5 { return -mirrored.logOdds(upperTail: 1 - tail) }
    // The tail is log-concave in the log odds, whatever the parameters.
    return LogConcave.quantile(upperTail: tail, from: Double.log(a / b), logUpperTail)
  }

  /// The log odds of the value with mass `tail` below it.
  func logOdds(lowerTail tail: Double) -> Double { -mirrored.logOdds(upperTail: tail) }

  /// The mass above a position.
  func mass(aboveLogOdds odds: Double) -> Double { Double.exp(logMass(aboveLogOdds: odds)) }

  /// The logarithm of the mass above a position.
  func logMass(aboveLogOdds odds: Double) -> Double { logUpperTail(at: odds).log }

  /// The mass below a position.
  func mass(belowLogOdds odds: Double) -> Double { mirrored.mass(aboveLogOdds: -odds) }

  /// The density of the log odds.
  func density(atLogOdds odds: Double) -> Double {
    Double.exp(logDensity(1 / (1 + Double.exp(-odds)), 1 / (1 + Double.exp(odds))))
  }

  var mean: Double { a / (a + b) }

  /// About the standard deviation of the logarithm.
  var logSpread: Double { (1 / a - 1 / (a + b)).squareRoot() }

  /// About the standard deviation of the log odds.
  var logOddsSpread: Double { (1 / a + 1 / b).squareRoot() }

  private static func probability(logOdds: Double) -> Double { 1 / (1 + Double.exp(-logOdds)) }

  /// The distribution of `1 - x`.
  private var mirrored: BetaDistribution { BetaDistribution(b, a) }

  /// The log of the mass above a position and how fast it falls there (a positive number).
  private func logUpperTail(at odds: Double) -> (log: Double, slope: Double) {
    let (x, y) = (1 / (1 + Double.exp(-odds)), 1 / (1 + Double.exp(odds)))
    let logDensity = logDensity(x, y)
    if x > a / (a + b) {
      // The mass above, directly: it may be far below the smallest rounding error of 1.
      let hazard = Self.densityOverMass(b, a, y, x)
      return (logDensity - Double.log(hazard), hazard)
    }
    let density = Double.exp(logDensity)
    let above = 1 - density / Self.densityOverMass(a, b, x, y)
    return (Double.log(above), density / above)
  }

  /// The log of x^a y^b / B(a, b), where `y` is `1 - x`.
  private func logDensity(_ x: Double, _ y: Double) -> Double {
    BinomialPoint.log(a, of: a + b, p: x, q: y) + Double.log(a) + Double.log(b / (a + b))
  }

  /// x^a y^b / B(a, b) over the mass below `x`, where `y` is `1 - x` and `x` is at most the mean: the continued fraction
  /// of Didonato and Morris (ACM TOMS 18, 1992, BFRAC), by Lentz's method, in about the square root of a + b steps. Its
  /// terms are positive and never subtract numbers that are close.
  private static func densityOverMass(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
    let excess = a * y - b * x
    var value = a * (excess + 1) / (a + 1)
    var (c, d, m) = (value, 0.0, 1.0)
    while true {
      let odd = a + 2 * m - 1
      let numerator = (a + m - 1) * (a + b + m - 1) / odd * m * (b - m) * x * x / odd
      let denominator = m + m * (b - m) * x / odd + (a + m) * (excess + 1 + m * (1 + y)) / (odd + 2)
      d = 1 / (denominator + numerator * d)
      c = denominator + numerator / c
      value *= c * d
      if abs(c * d - 1) < 2e-15 { return value }
      m += 1
    }
  }
}
