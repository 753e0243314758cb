import RealModule

/// The two parts from which the probabilities of counts are put together without cancellation, so that they stay accurate
/// for trials in the billions, where differences of log-gammas lose six digits (C. Loader, "Fast and accurate computation
/// of binomial probabilities", 2000).
enum SaddlePoint {
  /// log(n!) minus Stirling's formula for it; n is above 0 and need not be whole.
  static func stirlingError(_ n: Double) -> Double {
    if n < 16 { return Double.logGamma(n + 1) - ((n + 0.5) * Double.log(n) - n + 0.5 * Double.log(2 * .pi)) }
    let square = n * n
    let coefficients = [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360_360]
    return coefficients.reversed().reduce(0) { $0 / square + $1 } / n
  }

  /// x log(x/mean) - excess, where excess is x - mean, without cancellation when the two are close: with
  /// v = excess / (x + mean) it is excess v + 2x (v^3/3 + v^5/5 + ...).
  static func deviance(_ x: Double, from mean: Double, _ excess: Double) -> Double {
    let v = excess / (x + mean)
    guard abs(v) < 0.1 else { return x * Double.log(x / mean) - excess }
    var (sum, power, order) = (excess * v, 2 * x * v, 1.0)
    while true {
      power *= v * v
      order += 2
      let next = sum + power / order
      if next == sum { return sum }
      sum = next
    }
  }
}
