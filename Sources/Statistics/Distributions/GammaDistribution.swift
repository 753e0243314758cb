import RealModule

/// The gamma distribution of scale 1, as exact Poisson intervals need it and, halved, the chi-squared tests.
///
/// Positions are given by their logarithm, in which the density is log-concave for every shape.
struct GammaDistribution {
  private let shape: Double

  init(shape: Double) {
    precondition(shape > 0, "Gamma(\(shape)) does not exist")
    self.shape = shape
  }

  /// The value with mass `tail` above it.
  func quantile(upperTail tail: Double) -> Double {
    tail > 0.5
      ? quantile(lowerTail: 1 - tail)
      : Double.exp(
        LogConcave.quantile(upperTail: tail, from: Double.log(shape), logUpperTail))
  }

  /// The value with mass `tail` below it.
  func quantile(lowerTail tail: Double) -> Double {
    if tail > 0.5 { return quantile(upperTail: 1 - tail) }
    // Seen from the other end, the lower tail is an upper one.
    return Double.exp(-LogConcave.quantile(upperTail: tail, from: -Double.log(shape)) { logLowerTail(at: -$0) })
  }

  /// The log of the mass above `x`.
  func logUpperTail(above x: Double) -> Double { x <= 0 ? 0 : logUpperTail(at: Double.log(x)).log }

  private func logUpperTail(at position: Double) -> (log: Double, slope: Double) {
    let x = Double.exp(position)
    let logDensity = logDensity(x)
    if x > shape + 1 {
      let hazard = hazard(x)
      return (logDensity - Double.log(hazard), hazard)
    }
    return complement(of: logDensity, hazard: 1 / massBelowOverDensity(x))
  }

  private func logLowerTail(at position: Double) -> (log: Double, slope: Double) {
    let x = Double.exp(position)
    let logDensity = logDensity(x)
    if x > shape + 1 { return complement(of: logDensity, hazard: hazard(x)) }
    let ratio = massBelowOverDensity(x)
    return (logDensity + Double.log(ratio), 1 / ratio)
  }

  /// The tail on the other side of a position from one whose density over mass is `hazard`.
  private func complement(of logDensity: Double, hazard: Double) -> (log: Double, slope: Double) {
    let density = Double.exp(logDensity)
    let mass = 1 - density / hazard
    return (Double.log(mass), density / mass)
  }

  /// The log of x^a e^-x / Γ(a): the density of log x.
  private func logDensity(_ x: Double) -> Double {
    0.5 * (Double.log(shape) - Double.log(2 * .pi)) - SaddlePoint.stirlingError(shape)
      - SaddlePoint.deviance(shape, from: x, shape - x)
  }

  /// The mass below `x` over x^a e^-x / Γ(a): 1/a + x / a(a+1) + ..., all terms positive.
  private func massBelowOverDensity(_ x: Double) -> Double {
    var (term, sum, k) = (1 / shape, 1 / shape, shape)
    while true {
      k += 1
      term *= x / k
      let next = sum + term
      if next == sum { return sum }
      sum = next
    }
  }

  /// x^a e^-x / Γ(a) over the mass above `x`, which is above the mean: Legendre's continued fraction by Lentz's method.
  private func hazard(_ x: Double) -> Double {
    var value = x + 1 - shape
    var (c, d, k) = (value, 0.0, 1.0)
    while true {
      let (numerator, denominator) = (k * (shape - k), x + 1 - shape + 2 * k)
      d = 1 / (denominator + numerator * d)
      c = denominator + numerator / c
      value *= c * d
      if abs(c * d - 1) < 2e-15 { return value }
      k += 1
    }
  }
}
