import RealModule

/// The product of independent beta variables, by the saddlepoint approximation of Lugannani and Rice (Advances in Applied
/// Probability 12, 1980) to its logarithm, whose cumulants are differences of log-gammas. Quantiles are
/// right to about 2 %.
package struct BetaProduct {
  private let factors: [(a: Double, sum: Double)]

  /// - Parameter factors: the parameters of each variable, positive; not empty.
  package init(_ factors: [(a: Double, b: Double)]) {
    precondition(!factors.isEmpty && factors.allSatisfy { $0.a > 0 && $0.b > 0 }, "\(factors) are no beta variables")
    self.factors = factors.map { ($0.a, $0.a + $0.b) }
  }

  /// The value with mass `tail` above it; `tail` is at most 0.5.
  package func quantile(upperTail tail: Double) -> Double { Double.exp(slope(tilt(towards: .infinity, tail))) }

  /// The value with mass `tail` below it; `tail` is at most 0.5.
  package func quantile(lowerTail tail: Double) -> Double {
    let lowest = -(factors.map(\.a).min() ?? 1)
    return Double.exp(slope(tilt(towards: lowest, tail)))
  }

  /// The exponential tilt at which the tail on its side has the mass `tail`: bisection of a geometric scale, on which the
  /// tilts that matter are spread evenly. `end` is where the tilt no longer exists.
  private func tilt(towards end: Double, _ tail: Double) -> Double {
    // Distance from 0 on a log scale when the end is far, and towards the end when it is near.
    func position(_ x: Double) -> Double { end > 0 ? Double.exp(x) : end / (1 + Double.exp(-x)) }
    var (low, high) = (-40.0, end > 0 ? 32.0 : 36.0)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if self.tail(beyond: position(middle)) > tail { low = middle } else { high = middle }
    }
    return position((low + high) / 2)
  }

  /// The mass beyond the point whose saddlepoint is `t`: above it for positive `t`, below it for negative.
  private func tail(beyond t: Double) -> Double {
    let (value, slope, curvature) = (cumulants(t), slope(t), curvature(t))
    let exponent = max(0, t * slope - value)
    let scaled = abs(t) * curvature.squareRoot()
    // At the mean itself the formula is 0/0, and close to it the two terms below cancel to rounding errors.
    if scaled < 0.05 { return 0.5 }
    let root = (2 * exponent).squareRoot()
    let normal = 0.5 * Double.erfc(root / 2.0.squareRoot())
    let density = Double.exp(-exponent) / (2 * .pi).squareRoot()
    return normal + density * (1 / scaled - 1 / root)
  }

  /// The cumulant generating function of the log of the product, its slope and its curvature.
  private func cumulants(_ t: Double) -> Double {
    factors.reduce(0) {
      $0 + (Double.logGamma($1.a + t) - Double.logGamma($1.a))
        - (Double.logGamma($1.sum + t) - Double.logGamma($1.sum))
    }
  }

  private func slope(_ t: Double) -> Double {
    factors.reduce(0) { $0 + Polygamma.digamma($1.a + t) - Polygamma.digamma($1.sum + t) }
  }

  private func curvature(_ t: Double) -> Double {
    factors.reduce(0) { $0 + Polygamma.trigamma($1.a + t) - Polygamma.trigamma($1.sum + t) }
  }
}

/// The first two derivatives of the log-gamma function, for positive arguments: recurrence up to 10, then the asymptotic
/// series (Abramowitz and Stegun, 6.3.18 and 6.4.12).
enum Polygamma {
  static func digamma(_ x: Double) -> Double {
    var (x, sum) = (x, 0.0)
    while x < 10 { (sum, x) = (sum - 1 / x, x + 1) }
    let square = 1 / (x * x)
    let series = square * (1.0 / 12 - square * (1.0 / 120 - square * (1.0 / 252 - square * (1.0 / 240 - square / 132))))
    return sum + Double.log(x) - 0.5 / x - series
  }

  static func trigamma(_ x: Double) -> Double {
    var (x, sum) = (x, 0.0)
    while x < 10 { (sum, x) = (sum + 1 / (x * x), x + 1) }
    let square = 1 / (x * x)
    let series =
      1.0 / 6 - square * (1.0 / 30 - square * (1.0 / 42 - square * (1.0 / 30 - square * (5.0 / 66))))
    return sum + 1 / x + square / 2 + series * square / x
  }
}
