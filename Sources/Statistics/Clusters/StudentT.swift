import RealModule

/// Student's t distribution, through the beta distribution: `t^2 / (t^2 + d)` follows Beta(1/2, d/2).
enum StudentT {
  /// The value with mass `tail` above it; `tail` is above 0 and at most 0.5. From 1,000,000 degrees of freedom it is the
  /// normal distribution's.
  static func quantile(upperTail tail: Double, degrees: Double) -> Double {
    if degrees >= 1_000_000 { return NormalDistribution.quantile(upperTail: tail) }
    if tail >= 0.5 { return 0 }
    return (degrees * Double.exp(BetaDistribution(0.5, degrees / 2).logOdds(upperTail: 2 * tail))).squareRoot()
  }

  static func quantile(upperTail tail: Double, degrees: Int) -> Double {
    quantile(upperTail: tail, degrees: Double(degrees))
  }

  /// The logarithm of the mass beyond `t` and `-t`, also where no `Double` holds the mass itself.
  static func logTwoSided(_ t: Double, degrees: Double) -> Double {
    if t == 0 { return 0 }
    return BetaDistribution(0.5, degrees / 2).logMass(aboveLogOdds: 2 * Double.log(abs(t)) - Double.log(degrees))
  }
}
