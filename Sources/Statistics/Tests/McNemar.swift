import RealModule

/// The same prompts (or seeds) under two conditions: only pairs in which one has the event and the other has not tell them
/// apart.
package struct McNemar: Sendable, Codable, Hashable {
  package let bothYes: Int
  package let onlyFirst: Int
  package let onlySecond: Int
  package let bothNo: Int

  /// Numbers of pairs; it is a programmer error to pass a negative one.
  package init(bothYes: Int, onlyFirst: Int, onlySecond: Int, bothNo: Int) {
    precondition(min(bothYes, onlyFirst, onlySecond, bothNo) >= 0, "a negative number of pairs")
    self.bothYes = bothYes
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
    self.bothNo = bothNo
  }

  /// The exact test, two-sided: the binomial test of whether half of the discordant pairs fall to either side (McNemar,
  /// Psychometrika 12, 1947; R's `mcnemar.exact`, statsmodels' `mcnemar(exact=True)`). Without discordant pairs it is 1.
  package var exact: PValue {
    let discordant = Double(onlyFirst + onlySecond)
    return PValue(naturalLog: onlyFirst == onlySecond ? 0 : min(0, Double.log(2) + tail(of: discordant).log))
  }

  /// The mid-p variant, which counts half of the probability of what was seen: less conservative, and close to the level on
  /// average though not guaranteed (Fagerland, Lydersen and Laake, BMC Medical Research Methodology 13, 2013).
  package var midP: PValue {
    let discordant = Double(onlyFirst + onlySecond)
    if discordant == 0 { return PValue(naturalLog: 0) }
    let (log, point) = tail(of: discordant)
    if onlyFirst == onlySecond { return PValue(naturalLog: Double.log(onePlus: -0.5 * Double.exp(point))) }
    // 2 P(X <= m) - P(X = m), where the tail is never below the point.
    return PValue(naturalLog: log + Double.log(2 - Double.exp(point - log)))
  }

  /// The odds ratio given the pair, `onlyFirst / onlySecond`: infinite without the latter, `nil` without either.
  package var oddsRatio: Double? {
    onlyFirst + onlySecond == 0 ? nil : Double(onlyFirst) / Double(onlySecond)
  }

  /// The exact interval of the odds ratio: Clopper and Pearson's, of the share of discordant pairs, as odds.
  package func oddsRatioInterval(confidence: Double = 0.95) -> Interval {
    func upperOdds(_ events: Int, against others: Int) -> Double {
      guard others > 0 else { return .infinity }
      let tail = Count.error(of: confidence) / 2
      return Double.exp(BetaDistribution(Double(events + 1), Double(others)).logOdds(upperTail: tail))
    }
    return Interval(
      lower: 1 / upperOdds(onlySecond, against: onlyFirst), upper: upperOdds(onlyFirst, against: onlySecond))
  }

  /// The logs of the probabilities of at most, and of exactly, as many as the smaller of the discordant counts, at rate 1/2.
  private func tail(of discordant: Double) -> (log: Double, point: Double) {
    let start = Double(min(onlyFirst, onlySecond))
    let point = BinomialPoint.log(start, of: discordant, p: 0.5, q: 0.5)
    return (point + Double.log(RatioSeries.sum(start) { $0 == 0 ? 0 : $0 / (discordant - $0 + 1) }), point)
  }
}
