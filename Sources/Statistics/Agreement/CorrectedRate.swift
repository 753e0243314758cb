/// The rate of what is truly meant, when an outcome flagged some trials and only a sample of those was read by hand: the
/// rate of the flagged times the share of malign ones among those read.
package struct CorrectedRate: Sendable, Codable, Hashable {
  /// What the outcome flagged, of all trials.
  package let positives: Count
  /// What was judged malign, of the positives that were read; these are a random sample of them.
  package let malign: Count

  /// Both by prompt; `nil` where trials are independent of each other.
  private let clusters: [ReadCluster]?

  /// What was flagged and read of one prompt.
  package struct ReadCluster: Sendable, Codable, Hashable {
    package var positives: Count
    package var malign: Count

    package init(positives: Count, malign: Count) {
      self.positives = positives
      self.malign = malign
    }
  }

  /// Trials of one prompt resemble each other, in what was flagged and in what it was.
  ///
  /// - Parameter clusters: one for each prompt; it is a programmer error to have read more than there are positives.
  package init(clusters: [ReadCluster]) {
    let none = Count(events: 0, trials: 0)
    positives = clusters.reduce(none) { $0 + $1.positives }
    malign = clusters.reduce(none) { $0 + $1.malign }
    precondition(malign.trials <= positives.events, "\(malign.trials) read of \(positives.events) positives")
    self.clusters = clusters
  }

  /// It is a programmer error to have read more than there are positives.
  package init(positives: Count, malign: Count) {
    precondition(malign.trials <= positives.events, "\(malign.trials) read of \(positives.events) positives")
    self.positives = positives
    self.malign = malign
    clusters = nil
  }

  /// Whether nothing is left to read; then the rate is the count of malign trials, with its exact interval.
  package var isComplete: Bool { malign.trials == positives.events }

  /// `nil` without trials, and while nothing of the positives was read.
  package var estimate: Double? {
    guard let rate = positives.rate else { return nil }
    if isComplete { return Double(malign.events) / Double(positives.trials) }
    return malign.rate.map { rate * $0 }
  }

  /// An interval that carries both uncertainties: that of the rate of positives and that of the share of malign ones.
  ///
  /// When all were read it is Clopper and Pearson's of the malign ones of all trials. Else it is the melded interval (Fay,
  /// Proschan and Brittain, Biometrics 71, 2015) of the product: the confidence distributions of the two exact
  /// one-sided bounds are multiplied, and each end is a quantile of the product, so that with one of the factors known it
  /// is Clopper and Pearson's of the other. Nothing read leaves every share possible.
  ///
  /// With prompts both counts are those of `ClusteredCount.interval`: over the design effect at the upper limit of the
  /// correlation within prompts.
  ///
  /// - Parameter confidence: for example 0.95; strictly between 0 and 1.
  package func interval(confidence: Double = 0.95) -> Interval {
    let tail = Count.error(of: confidence) / 2
    if isComplete {
      guard let clusters else {
        return Count(events: malign.events, trials: positives.trials).clopperPearson(confidence: confidence)
      }
      return ClusteredCount(
        clusters: clusters.map { Count(events: $0.malign.events, trials: $0.positives.trials) }
      ).interval(confidence: confidence)
    }
    let rate = EffectiveCount(positives, clusters?.map(\.positives), tail: tail)
    let share = EffectiveCount(malign, clusters?.map(\.malign), tail: tail)
    return Interval(
      lower: Self.lower(rate.lowerConfidence, share.lowerConfidence, tail),
      upper: Self.upper(rate.upperConfidence, share.upperConfidence, tail))
  }

  private static func lower(_ rate: BetaDistribution?, _ share: BetaDistribution?, _ tail: Double) -> Double {
    guard let rate, let share else { return 0 }
    return BetaPairProduct(rate, share).quantile(lowerTail: tail)
  }

  private static func upper(_ rate: BetaDistribution?, _ share: BetaDistribution?, _ tail: Double) -> Double {
    switch (rate, share) {
    case (nil, nil): 1
    case (let known?, nil), (nil, let known?): known.quantile(upperTail: tail)
    case (let rate?, let share?): BetaPairProduct(rate, share).quantile(upperTail: tail)
    }
  }
}

/// As many independent trials as bound a rate as well. Half an event is not a count: with less than one nothing is known.
private struct EffectiveCount {
  let events: Double
  let trials: Double

  init(_ count: Count, _ clusters: [Count]?, tail: Double) {
    guard let clusters else {
      (events, trials) = (Double(count.events), Double(count.trials))
      return
    }
    let clustered = ClusteredCount(clusters: clusters)
    let limit = clustered.correlationLimit(confidence: ClusteredCount.correlationConfidence)
    (events, trials) = clustered.effective(tail: tail, correlation: limit)
  }

  /// The distribution whose quantiles are the exact lower bounds; `nil` where they are all 0.
  var lowerConfidence: BetaDistribution? {
    events < 1 ? nil : BetaDistribution(events, trials - events + 1)
  }

  /// The distribution whose quantiles are the exact upper bounds; `nil` where they are all 1.
  var upperConfidence: BetaDistribution? {
    trials - events < 1 ? nil : BetaDistribution(events + 1, trials - events)
  }
}
