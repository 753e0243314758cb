/// The rate of what is truly meant, when an outcome flagged some trials and only a sample of those was read by hand: the
/// rate of the flagged times the share of malign ones among those read.
package struct CorrectedRate: Sendable, Codable, Hashable {
  /// What the outcome flagged, of all trials.
  package let positives: Count
  /// What was judged malign, of the positives that were read; these are a random sample of them.
  package let malign: Count

  /// It is a programmer error to have read more than there are positives.
  package init(positives: Count, malign: Count) {
    precondition(malign.trials <= positives.events, "\(malign.trials) read of \(positives.events) positives")
    self.positives = positives
    self.malign = malign
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
  /// - Parameter confidence: for example 0.95; strictly between 0 and 1.
  package func interval(confidence: Double = 0.95) -> Interval {
    if isComplete {
      return Count(events: malign.events, trials: positives.trials).clopperPearson(confidence: confidence)
    }
    let tail = Count.error(of: confidence) / 2
    return Interval(lower: lowerBound(tail: tail), upper: upperBound(tail: tail))
  }

  private func lowerBound(tail: Double) -> Double {
    guard let rate = positives.lowerConfidence, let share = malign.lowerConfidence else { return 0 }
    return BetaPairProduct(rate, share).quantile(lowerTail: tail)
  }

  private func upperBound(tail: Double) -> Double {
    switch (positives.upperConfidence, malign.upperConfidence) {
    case (nil, nil): 1
    case (let known?, nil), (nil, let known?): known.quantile(upperTail: tail)
    case (let rate?, let share?): BetaPairProduct(rate, share).quantile(upperTail: tail)
    }
  }
}

extension Count {
  /// The distribution whose quantiles are the exact lower bounds; `nil` where they are all 0.
  fileprivate var lowerConfidence: BetaDistribution? {
    events == 0 ? nil : BetaDistribution(Double(events), Double(trials - events + 1))
  }

  /// The distribution whose quantiles are the exact upper bounds; `nil` where they are all 1.
  fileprivate var upperConfidence: BetaDistribution? {
    events == trials ? nil : BetaDistribution(Double(events + 1), Double(trials - events))
  }
}
