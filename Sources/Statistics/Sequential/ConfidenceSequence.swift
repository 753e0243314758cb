import RealModule

/// Intervals for a rate that hold at every number of trials at once, so that one may look after each trial and stop when one
/// likes: with probability `confidence` the rate is never outside, however long one goes on.
///
/// It is Robbins' mixture (Annals of Mathematical Statistics 41, 1970) with a beta distribution: a rate p stays in as long as
///
///     B(a + k, b + n - k) / B(a, b)  <  p^k (1 - p)^(n - k) / (1 - confidence),
///
/// where the left side over p^k (1 - p)^(n - k) is a martingale that starts at 1, which ever reaches 1 / (1 - confidence) with
/// at most that probability (Ville). By convexity it holds for shares as well as for events: clusters count as one trial each
/// with the share of its trials that had the event.
package struct ConfidenceSequence: Sendable, Codable, Hashable {
  package let confidence: Double
  private let a: Double
  private let b: Double

  /// - Parameters:
  ///   - confidence: for example 0.95; strictly between 0 and 1.
  ///   - rate: the rate at whose order of magnitude the intervals shall be shortest, between 0 and 1 and stated before the
  ///     first look. A wrong one costs width and not the guarantee.
  package init(confidence: Double = 0.95, expecting rate: Double = 0.5) {
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence) is not between 0 and 1")
    precondition(rate > 0 && rate < 1, "an expected rate of \(rate) is not between 0 and 1")
    self.confidence = confidence
    (a, b) = rate <= 0.5 ? (0.5, 0.5 * (1 - rate) / rate) : (0.5 * rate / (1 - rate), 0.5)
  }

  /// The rates that a count leaves in. Without trials it is [0, 1].
  package func interval(_ count: Count) -> Interval {
    interval(events: Double(count.events), trials: Double(count.trials))
  }

  /// The same for trials that come in clusters, each cluster a unit: it holds for any correlation within them, at each look
  /// that sees whole clusters of one size or of sizes fixed beforehand, for the mean of the clusters' rates.
  package func interval(_ count: ClusteredCount) -> Interval {
    interval(
      events: count.clusters.reduce(0) { $0 + Double($1.events) / Double($1.trials) },
      trials: Double(count.clusters.count))
  }

  private func interval(events: Double, trials: Double) -> Interval {
    if trials == 0 { return Interval(lower: 0, upper: 1) }
    let likelihood = BernoulliLikelihood(events: events, trials: trials)
    let limit = likelihood.logMixture(a, b) + Double.log(onePlus: -confidence)
    return Interval(lower: likelihood.bound(limit, towards: -1), upper: likelihood.bound(limit, towards: 1))
  }
}

/// The likelihood of a rate, `p^k (1 - p)^(n - k)`, for whole events or parts of them.
struct BernoulliLikelihood {
  let events: Double
  let trials: Double

  /// The log of the likelihood at the best rate.
  var logBest: Double {
    let others = trials - events
    return (events > 0 ? events * Double.log(events / trials) : 0)
      + (others > 0 ? others * Double.log(others / trials) : 0)
  }

  /// The log of the likelihood's mean when the rate has a beta distribution.
  func logMixture(_ a: Double, _ b: Double) -> Double {
    // Euler and Maclaurin's sums; differences of log-gammas lose their digits at a billion trials.
    LogRising.of(a, events) + LogRising.of(b, trials - events) - LogRising.of(a + b, trials)
  }

  /// The rate on one side of the best at which the log likelihood falls to a limit, by halving log odds.
  func bound(_ limit: Double, towards side: Double) -> Double {
    if events == 0 && side < 0 { return 0 }
    if events == trials && side > 0 { return 1 }
    var inside = events > 0 && events < trials ? Double.log(events / (trials - events)) : -side * 745
    if events == 0 { inside = -745 }
    if events == trials { inside = 745 }
    var outside = side * 745
    while abs(outside - inside) > 1e-13 * max(1, abs(inside)) {
      let middle = (inside + outside) / 2
      if middle == inside || middle == outside { break }
      if log(odds: middle) > limit { inside = middle } else { outside = middle }
    }
    return BetaBinomialLikelihood.logistic(outside)
  }

  private func log(odds: Double) -> Double {
    -events * Softplus.of(-odds) - (trials - events) * Softplus.of(odds)
  }
}

/// The log of `G(x + n) / G(x)`, with the gamma function G.
enum LogRising {
  /// Stirling's formula for both, taken together so that nothing large cancels; `x` is above 0 and `n` not negative.
  static func of(_ x: Double, _ n: Double) -> Double {
    var (x, shift) = (x, 0.0)
    // Up to where the series is accurate. G(x) = G(x + 1) / x, for both.
    while x < 16 {
      shift += Double.log(x / (x + n))
      x += 1
    }
    let y = x + n
    let main = (x - 0.5) * Double.log(onePlus: n / x) + n * (Double.log(y) - 1)
    return shift + main + correction(y) - correction(x)
  }

  private static func correction(_ x: Double) -> Double {
    let coefficients: [Double] = [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188]
    return coefficients.reversed().reduce(0) { $0 / (x * x) + $1 } / x
  }
}
