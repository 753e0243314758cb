import RealModule

/// Rates of replicates that differ in their seeds, as draws from a distribution: how far seeds lie apart beyond the chance
/// within each, and what another seed may show.
///
/// The model is the random-effects one: the log odds of the seeds' rates are normal, and counts are binomial given their
/// seed (the binomial-normal model of Stijnen, Hamza and Ozdemir, Statistics in Medicine 29, 2010), so that seeds without
/// events need no correction. With the three to ten seeds of an experiment the spread can hardly be estimated, so it gets a
/// prior: half-normal with a standard deviation of 1 in log odds, which holds a factor of 7 between seeds for likely and one
/// of 50 for unlikely (Roever et al., Research Synthesis Methods 12, 2021). The middle's prior is, for each end of an
/// interval, the one that gives Clopper and Pearson's bound when there is no spread.
package struct BetweenSeeds: Sendable, Codable, Hashable {
  /// The rate of the median seed, with its interval. The point is the posterior median; 0 without events.
  package var rate: Double
  package var interval: Interval
  /// Where the rate of one more seed lies, at the same confidence.
  package var newSeed: Interval
  /// The standard deviation of the seeds' log odds beyond the chance within each: the posterior median, and its interval.
  package var spread: Double
  package var spreadInterval: Interval

  /// `nil` when no seed has trials.
  ///
  /// - Parameters:
  ///   - counts: one count for each seed, of independent trials.
  ///   - confidence: for example 0.95; strictly between 0 and 1.
  package init?(_ counts: [Count], confidence: Double = 0.95) {
    self.init(counts.map { SeedCount(events: Double($0.events), trials: Double($0.trials)) }, confidence: confidence)
  }

  /// Seeds whose trials come in clusters. Each seed's count is divided by the design effect at the upper confidence limit
  /// of the correlation within clusters, of all seeds together, as in `ClusteredCount.interval`.
  package init?(_ counts: [ClusteredCount], confidence: Double = 0.95) {
    let correlation = ClusteredCount(clusters: counts.flatMap(\.clusters))
      .correlationLimit(confidence: ClusteredCount.correlationConfidence)
    let seeds = counts.map { count in
      let moments = ClusterMoments(count.clusters)
      let effect = moments.designEffect(correlation: correlation)
      return SeedCount(events: moments.events / effect, trials: moments.trials / effect)
    }
    self.init(seeds, confidence: confidence)
  }

  private init?(_ counts: [SeedCount], confidence: Double) {
    let tail = Count.error(of: confidence) / 2
    let counts = counts.filter { $0.trials > 0 }
    let (events, trials) = counts.reduce((0.0, 0.0)) { ($0.0 + $1.events, $0.1 + $1.trials) }
    if trials == 0 { return nil }
    let likelihood = SeedLikelihood(counts)
    let middle = SeedPosterior(likelihood, prior: .middle)
    rate = events == 0 ? 0 : events == trials ? 1 : BetaBinomialLikelihood.logistic(middle.quantile(0.5))
    spread = middle.spread(0.5)
    spreadInterval = Interval(lower: middle.spread(tail), upper: middle.spread(1 - tail))
    (interval, newSeed) = (Interval(lower: 0, upper: 1), Interval(lower: 0, upper: 1))
    if events > 0 {
      let posterior = SeedPosterior(likelihood, prior: .low)
      interval.lower = BetaBinomialLikelihood.logistic(posterior.quantile(tail))
      newSeed.lower = BetaBinomialLikelihood.logistic(posterior.predictiveQuantile(tail))
    }
    if events < trials {
      let posterior = SeedPosterior(likelihood, prior: .high)
      interval.upper = BetaBinomialLikelihood.logistic(posterior.quantile(1 - tail))
      newSeed.upper = BetaBinomialLikelihood.logistic(posterior.predictiveQuantile(1 - tail))
    }
  }
}
