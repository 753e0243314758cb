import RealModule

/// Student's t distribution with a whole number of degrees of freedom.
enum StudentT {
  /// The value with mass `tail` above it; `tail` is above 0 and at most 0.5. From 1,000,000 degrees of freedom it is the
  /// normal distribution's.
  static func quantile(upperTail tail: Double, degrees: Int) -> Double {
    let normal = NormalDistribution.quantile(upperTail: tail)
    if degrees >= 1_000_000 { return normal }
    var (low, high) = (normal, normal + 1)
    while upperTail(high, degrees: degrees) > tail { (low, high) = (high, 2 * high) }
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if middle == low || middle == high { break }
      if upperTail(middle, degrees: degrees) > tail { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The mass above `t`, which is not negative: the finite series of Abramowitz and Stegun, 26.7.3 and 26.7.4.
  static func upperTail(_ t: Double, degrees: Int) -> Double {
    let angle = Double.atan2(y: t, x: Double(degrees).squareRoot())
    let (sine, square) = (Double.sin(angle), Double.cos(angle) * Double.cos(angle))
    if degrees % 2 == 0 { return (1 - sine * series(square, from: 1, below: degrees / 2)) / 2 }
    if degrees == 1 { return 0.5 - angle / .pi }
    let sum = Double.cos(angle) * series(square, from: 2, below: (degrees - 1) / 2)
    return 0.5 - (angle + sine * sum) / .pi
  }

  /// `1 + (a/b) s + (a (a + 2) / (b (b + 2))) s^2 + ...` with b = a + 1, of `count` terms.
  private static func series(_ square: Double, from first: Double, below count: Int) -> Double {
    var (sum, term) = (0.0, 1.0)
    for index in 0..<count {
      sum += term
      let numerator = first + 2 * Double(index)
      term *= square * numerator / (numerator + 1)
    }
    return sum
  }
}
