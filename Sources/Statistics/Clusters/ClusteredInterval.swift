import RealModule

extension ClusteredCount {
  /// The interval to report: right for rare events, without events, and whatever the correlation within clusters.
  ///
  /// It is the interval of Korn and Graubard (Survey Methodology 24, 1998): Clopper and Pearson's on the effective trials,
  /// these multiplied by the square of the normal over the t quantile for that many clusters. The design effect is taken
  /// at the upper confidence limit of the correlation and not at its estimate, because a handful of events says little
  /// about it: without events the limit is 1, and a cluster counts as one trial. Bounds that hold for any distribution of
  /// the clusters' rates stand guard: by the number of clusters with an event at all, the rate is at most what that number
  /// allows among the clusters and at least that over the largest cluster.
  ///
  /// Where all clusters have one trial it is Clopper and Pearson's interval. Without trials it is [0, 1].
  ///
  /// - Parameter confidence: for example 0.95; strictly between 0 and 1.
  package func interval(confidence: Double = 0.95) -> Interval {
    let limit = correlationLimit(confidence: Self.correlationConfidence)
    return interval(confidence: confidence, correlation: limit)
  }

  /// The interval on the assumption that two trials of a cluster have this correlation, for example one that was measured
  /// elsewhere. With 1 a cluster counts as one trial, which is the worst case; with 0 trials are independent.
  ///
  /// - Parameters:
  ///   - confidence: for example 0.95; strictly between 0 and 1.
  ///   - correlation: from 0 to 1.
  package func interval(confidence: Double = 0.95, correlation: Double) -> Interval {
    precondition((0...1).contains(correlation), "a correlation of \(correlation) is not within 0 and 1")
    let tail = Count.error(of: confidence) / 2
    if ClusterMoments(clusters).designEffect(correlation: correlation) == 1 {
      return pooled.clopperPearson(confidence: confidence)
    }
    let touched = clusters.count { $0.events > 0 }
    let untouched = clusters.count { $0.events < $0.trials }
    let guardAbove = Count(events: touched, trials: clusters.count).clopperPearson(confidence: confidence)
    let guardBelow = Count(events: untouched, trials: clusters.count).clopperPearson(confidence: confidence)
    let largest = Double(clusters.map(\.trials).max() ?? 1)
    let (events, trials) = effective(tail: tail, correlation: correlation)
    var bounds = Interval(lower: guardAbove.lower / largest, upper: 1 - guardBelow.lower / largest)
    // Half an event is not a count; the guards hold alone.
    if events >= 1 {
      bounds.lower = max(bounds.lower, BetaDistribution(events, trials - events + 1).quantile(lowerTail: tail))
    }
    if trials - events >= 1 {
      bounds.upper = min(bounds.upper, BetaDistribution(events + 1, trials - events).quantile(upperTail: tail))
    }
    return Interval(
      lower: max(bounds.lower, 1 - guardBelow.upper), upper: min(bounds.upper, guardAbove.upper))
  }

  /// Confidence of the upper limit of the correlation, chosen by simulation: see Documentation/Statistics.md.
  package static let correlationConfidence = 0.95

  /// The one-sided upper confidence limit of the correlation within clusters by the profile likelihood of the
  /// beta-binomial model. 1 where nothing is known: fewer than two clusters, no event, or nothing but events.
  package func correlationLimit(confidence: Double) -> Double {
    let moments = ClusterMoments(clusters)
    guard clusters.count >= 2, moments.trials > moments.clusters, moments.events > 0, moments.events < moments.trials
    else { return 1 }
    let likelihood = BetaBinomialLikelihood(clusters)
    return likelihood.correlationLimit(confidence: confidence)
  }

  /// As many independent trials, with their events, as bound the rate as well: both over the design effect, and fewer by
  /// the t quantile for that many clusters. All of them where no cluster has two trials.
  func effective(tail: Double, correlation: Double) -> (events: Double, trials: Double) {
    let moments = ClusterMoments(clusters)
    let effect = moments.designEffect(correlation: correlation)
    let share = effect == 1 ? 1 : degreesCorrection(tail: tail) / effect
    return (moments.events * share, moments.trials * share)
  }

  private func degreesCorrection(tail: Double) -> Double {
    if clusters.count < 2 { return 1 }
    let ratio =
      NormalDistribution.quantile(upperTail: tail) / StudentT.quantile(upperTail: tail, degrees: clusters.count - 1)
    return ratio * ratio
  }
}
