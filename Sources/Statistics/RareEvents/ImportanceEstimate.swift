import RealModule

/// The probability of a rare event under the target, from trajectories drawn from a defensive mixture (Hesterberg,
/// Technometrics 37, 1995): share alpha from the target itself, the rest from proposals that make the event likelier. The
/// mean of weight times event is unbiased, and no weight exceeds 1 / alpha.
package struct ImportanceEstimate: Sendable, Codable, Hashable {
  /// An estimate that may be printed.
  package struct Value: Sendable, Codable, Hashable {
    package var rate: Double
    /// Two-sided. It holds for kinds of events that the draws have found; `boundWithoutAssumption` for all.
    package var interval: Interval
    /// One standard error of the rate, over the rate.
    package var relativeError: Double
    /// What the trajectories cost against plain ones.
    package var cost: RareEventCost?
  }

  /// What may be said. A degenerate estimate has no rate.
  package enum Verdict: Sendable, Codable, Hashable {
    case usable(Value)
    /// Why the weights cannot be trusted, a sentence each; not empty.
    case degenerate([String])
  }

  package var verdict: Verdict
  /// The rate is below this at the confidence asked for (one-sided), whatever the weights: they are at most 1 / alpha, and
  /// the binomial distribution bounds the tails of any sum of bounded terms up to a factor e (Bentkus, Annals of Probability
  /// 32, 2004). It is never smaller than 4 / (alpha n).
  package var boundWithoutAssumption: Double
  package var confidence: Double
  /// Trajectories, and how many of them have the event.
  package var drawn: Count
  package var clusters: Int
  /// (sum w)^2 / sum w^2 over all trajectories (Kish).
  package var effectiveSampleSize: Double
  /// How many equal weights would say as much about the rate, by the sizes of the events' weights and by the spread of
  /// their logarithms.
  package var effectiveEvents: Double
  /// The largest share that one cluster has in the estimate; `nil` without events of positive weight.
  package var largestShare: Double?
  /// The mean weight, 1 in expectation, and its standard error over clusters (`nil` for one cluster).
  package var meanWeight: Double
  package var meanWeightError: Double?
  package var tokens: Int

  /// - Parameters:
  ///   - trajectories: drawn from the mixture; independent but for those of one cluster.
  ///   - shares: of the mixture: the target's first, then each proposal's; positive, summing to 1.
  ///   - confidence: for example 0.95; strictly between 0 and 1.
  /// - Throws: `RareEventError` without trajectories, for shares that are none, and for log-probabilities that are NaN,
  ///   above 0, or all -infinity.
  package init(
    trajectories: [WeightedTrajectory], shares: [Double], confidence: Double = 0.95
  ) throws(RareEventError) {
    let terms = try ImportanceTerms(trajectories, shares: shares)
    drawn = Count(events: trajectories.count { $0.isEvent }, trials: trajectories.count)
    self.confidence = confidence
    clusters = terms.events.count
    tokens = trajectories.reduce(0) { $0 + $1.tokens }
    effectiveSampleSize = ImportanceTerms.kish(terms.weights)
    effectiveEvents = terms.effectiveEvents
    largestShare = terms.largestShare
    meanWeight = terms.meanWeight
    meanWeightError = terms.meanWeightError
    boundWithoutAssumption = terms.boundWithoutAssumption(confidence: confidence)
    let reasons = terms.reasonsToRefuse
    guard reasons.isEmpty else {
      verdict = .degenerate(reasons)
      return
    }
    verdict = .usable(
      Value(
        rate: terms.rate, interval: terms.interval(confidence: confidence),
        relativeError: terms.relativeVariance.squareRoot(),
        cost: RareEventCost(
          rate: terms.rate, relativeVariance: terms.relativeVariance, tokens: tokens,
          plainTokens: terms.plainTokens)))
  }
}
