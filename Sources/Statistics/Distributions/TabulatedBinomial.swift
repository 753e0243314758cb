import RealModule

/// A probability and its complement, with the logs that binomial probabilities need.
struct Rate {
  let p: Double
  let q: Double
  let logOdds: Double
  let logQ: Double

  /// - Parameter angle: the arc sine of the root of the probability.
  init(angle: Double) {
    let (sine, cosine) = (Double.sin(angle), Double.cos(angle))
    p = sine * sine
    q = cosine * cosine
    logOdds = 2 * (Double.log(sine) - Double.log(cosine))
    logQ = p < 0.5 ? Double.log(onePlus: -p) : 2 * Double.log(cosine)
  }
}

/// A binomial distribution whose coefficients are tabulated, for many rates and counts.
struct TabulatedBinomial {
  let trials: Int
  private let logChoices: [Double]

  init(trials: Int) {
    self.trials = trials
    let n = Double(trials)
    logChoices = (0...trials).map { BinomialPoint.log(Double($0), of: n, p: 0.5, q: 0.5) + n * Double.log(2) }
  }

  /// The log of the probability of one count.
  func logPoint(_ k: Int, _ rate: Rate) -> Double {
    logChoices[k] + Double(k) * rate.logOdds + Double(trials) * rate.logQ
  }

  /// Bounds of the log of the probability of at most `k`, without summing.
  func logTailBounds(_ k: Int, _ rate: Rate) -> (lower: Double, upper: Double) {
    // From the mean on the tail is at least a quarter; below it the terms grow towards `k`.
    if Double(k) >= Double(trials) * rate.p { return (-1.4, 0) }
    let point = logPoint(k, rate)
    return (point, min(0, point + Double.log(Double(k + 1))))
  }
}
