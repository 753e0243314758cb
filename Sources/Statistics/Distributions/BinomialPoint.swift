import RealModule

/// The probability of one count of a binomial distribution, accurate for trials in the billions.
enum BinomialPoint {
  /// The natural log of C(n, k) p^k q^(n-k), with `q = 1 - p` passed in so that neither loses digits.
  static func log(_ k: Double, of n: Double, p: Double, q: Double) -> Double {
    if k == 0 { return n == 0 ? 0 : n * (p < q ? Double.log(onePlus: -p) : Double.log(q)) }
    if k == n { return n * (q < p ? Double.log(onePlus: -q) : Double.log(p)) }
    let shape = SaddlePoint.stirlingError(n) - SaddlePoint.stirlingError(k) - SaddlePoint.stirlingError(n - k)
    // Taken where it does not cancel: a q close to 1 is rounded, and n times that error is no longer small.
    let excess = p < q ? k - n * p : n * q - (n - k)
    let distance =
      SaddlePoint.deviance(k, from: n * p, excess) + SaddlePoint.deviance(n - k, from: n * q, -excess)
    return shape - distance + 0.5 * (Double.log(n) - Double.log(2 * .pi * k) - Double.log(n - k))
  }
}
