import RealModule

/// The probability of one count of a binomial distribution, computed so that it stays accurate for trials in the
/// billions, where differences of log-gammas lose six digits (C. Loader, "Fast and accurate computation of binomial
/// probabilities", 2000).
enum BinomialPoint {
  /// The natural log of C(n, k) p^k q^(n-k), with `q = 1 - p` passed in so that neither loses digits.
  static func log(_ k: Double, of n: Double, p: Double, q: Double) -> Double {
    if k == 0 { return n == 0 ? 0 : n * (p < q ? Double.log(onePlus: -p) : Double.log(q)) }
    if k == n { return n * (q < p ? Double.log(onePlus: -q) : Double.log(p)) }
    let shape = stirlingError(n) - stirlingError(k) - stirlingError(n - k)
    // Taken where it does not cancel: a q close to 1 is rounded, and n times that error is no longer small.
    let excess = p < q ? k - n * p : n * q - (n - k)
    let distance = deviance(k, from: n * p, excess) + deviance(n - k, from: n * q, -excess)
    return shape - distance + 0.5 * (Double.log(n) - Double.log(2 * .pi * k) - Double.log(n - k))
  }

  /// log(n!) minus Stirling's formula for it.
  private static func stirlingError(_ n: Double) -> Double {
    if n < 16 { return Double.logGamma(n + 1) - ((n + 0.5) * Double.log(n) - n + 0.5 * Double.log(2 * .pi)) }
    let square = n * n
    let coefficients = [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360_360]
    return coefficients.reversed().reduce(0) { $0 / square + $1 } / n
  }

  /// x log(x/mean) - excess, where excess is x - mean, without cancellation when the two are close: with
  /// v = excess / (x + mean) it is excess v + 2x (v^3/3 + v^5/5 + ...).
  private static func deviance(_ x: Double, from mean: Double, _ excess: Double) -> Double {
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
