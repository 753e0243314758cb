import RealModule

/// The distribution of Behrens (1929) and Fisher (1935) for a mean whose variance is estimated and a value whose variance is
/// known: the sum of `spread` times Student's t and `error` times a normal. Unlike Welch's degrees of freedom, which two or
/// three values estimate badly, it keeps its size with few sequences.
struct BehrensFisher {
  /// The standard error of the mean, from `degrees + 1` values.
  let spread: Double
  let degrees: Double
  /// The standard error of the other value, not 0.
  let error: Double

  /// The logarithm of the mass beyond a distance, which is not negative, on both sides.
  func logTwoSided(_ distance: Double) -> Double {
    // The trapezoidal rule over the normal. Its error is exp(-2 pi w / step), w the distance of the tail's pole from the
    // real line; the last bound matters only where the mean's error is below a hundredth of the other.
    let step = max(0.005, min(0.3, 0.25 * spread * degrees.squareRoot() / error))
    let steps = Int((9 / step).rounded(.up))
    var sum = 0.0
    for index in -steps...steps {
      let z = Double(index) * step
      sum += Double.exp(-z * z / 2) * tail((distance - error * z) / spread)
    }
    return min(0, Double.log(2 * sum * step / (2 * Double.pi).squareRoot()))
  }

  /// The distance with this mass beyond it, on both sides.
  func distance(twoSided level: Double) -> Double {
    let target = Double.log(level)
    var low = 0.0
    var high = (spread * spread + error * error).squareRoot()
    while logTwoSided(high) > target { (low, high) = (high, 2 * high) }
    // Regula falsi with Illinois' rule: the logarithm is nearly straight, so a few steps are enough.
    var (above, below) = (logTwoSided(low) - target, logTwoSided(high) - target)
    for _ in 0..<60 where high - low > 1e-12 * high {
      let middle = low + (high - low) * above / (above - below)
      let value = logTwoSided(middle) - target
      if abs(value) < 1e-13 { return middle }
      if value > 0 {
        (low, above, below) = (middle, value, below / 2)
      } else {
        (high, below, above) = (middle, value, above / 2)
      }
    }
    return (low + high) / 2
  }

  /// The mass of Student's t above a value.
  private func tail(_ t: Double) -> Double {
    let half = Double.exp(StudentT.logTwoSided(t, degrees: degrees)) / 2
    return t >= 0 ? half : 1 - half
  }
}
