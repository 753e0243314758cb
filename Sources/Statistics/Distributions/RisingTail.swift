import RealModule

/// The log of the probability of at most `k`, for rising `k`.
struct RisingTail {
  private let binomial: TabulatedBinomial
  private let rate: Rate
  private var k: Int
  /// The tail over its last term; infinite where the tail is 1 but for what no `Double` holds.
  private var ratio: Double

  init(_ binomial: TabulatedBinomial, _ rate: Rate, from k: Int) {
    (self.binomial, self.rate, self.k) = (binomial, rate, k)
    let (trials, odds) = (Double(binomial.trials), rate.q / rate.p)
    ratio = RatioSeries.sum(Double(k)) { $0 / (trials - $0 + 1) * odds }
  }

  var log: Double { ratio.isFinite ? min(0, binomial.logPoint(k, rate) + Double.log(ratio)) : 0 }

  mutating func advance(to next: Int) {
    while k < next {
      k += 1
      ratio = 1 + ratio * Double(k) / Double(binomial.trials - k + 1) * (rate.q / rate.p)
    }
  }
}
