import RealModule

/// The beta-binomial model fitted to clusters: their rates follow a beta distribution.
package struct BetaBinomialFit: Sendable, Codable, Hashable {
  /// The likeliest mean of the clusters' rates.
  package var mean: Double
  /// The likeliest correlation of two trials of a cluster, which is never negative in this model; `nil` where nothing is
  /// known about it: no event, nothing but events, or one trial in each cluster.
  package var correlation: Double?
  /// The interval of the mean by its profile likelihood: the means for which some correlation is likely enough. Its
  /// coverage falls short with few events; `ClusteredCount.interval` is the one to report.
  package var interval: Interval
}

extension ClusteredCount {
  /// The maximum-likelihood fit of the beta-binomial model; `nil` without trials.
  ///
  /// - Parameter confidence: of the interval, for example 0.95; strictly between 0 and 1.
  package func betaBinomial(confidence: Double = 0.95) -> BetaBinomialFit? {
    let pooled = pooled
    guard pooled.trials > 0 else { return nil }
    let likelihood = BetaBinomialLikelihood(clusters)
    let isKnown = pooled.events > 0 && pooled.events < pooled.trials && pooled.trials > clusters.count
    let (correlation, best) = isKnown ? likelihood.likeliestCorrelation() : (0, likelihood.profile(correlation: 0))
    let mean = likelihood.likeliestMean(correlation: correlation)
    let z = NormalDistribution.quantile(upperTail: Count.error(of: confidence) / 2)
    let bound = { (edge: Double) in
      likelihood.bound(from: mean, towards: edge, limit: best - z * z / 2)
    }
    return BetaBinomialFit(
      mean: mean, correlation: isKnown ? correlation : nil, interval: Interval(lower: bound(0), upper: bound(1)))
  }
}

extension BetaBinomialLikelihood {
  /// The mean on one side of the likeliest at which the profile likelihood falls to a limit, by halving log odds.
  fileprivate func bound(from mean: Double, towards edge: Double, limit: Double) -> Double {
    if mean == edge { return edge }
    let side = edge == 0 ? -1.0 : 1.0
    var inside = mean > 0 && mean < 1 ? Double.log(mean / (1 - mean)) : -side * 40
    var outside = inside + side
    while abs(outside) < 700 && profile(mean: Self.logistic(outside)) > limit {
      (inside, outside) = (outside, outside + 2 * (outside - inside))
    }
    while abs(outside - inside) > 1e-9 {
      let middle = (inside + outside) / 2
      if profile(mean: Self.logistic(middle)) > limit { inside = middle } else { outside = middle }
    }
    return Self.logistic(outside)
  }

  private func profile(mean: Double) -> Double {
    let independent = log(mean: mean, correlation: 0)
    return max(independent, Maximum.search(-18, 12) { log(mean: mean, correlation: Self.logistic($0)) }.value)
  }
}
