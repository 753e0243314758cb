import RealModule

/// The standard normal distribution, for score intervals.
enum NormalDistribution {
  /// The value with mass `tail` above it; `tail` is at most 0.5. Newton's method on the log of the tail, which is concave:
  /// it closes in on the root without crossing it.
  static func quantile(upperTail tail: Double) -> Double {
    if tail > 0.5 { return -quantile(upperTail: 1 - tail) }
    var z = 0.0
    for _ in 0..<100 {
      let above = 0.5 * Double.erfc(z / 2.0.squareRoot())
      let hazard = Double.exp(-z * z / 2) / (2 * .pi).squareRoot() / above
      let step = Double.log(above / tail) / hazard
      z += step
      if abs(step) <= 1e-15 * max(1, z) { break }
    }
    return z
  }
}
