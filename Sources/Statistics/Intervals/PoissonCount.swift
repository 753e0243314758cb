/// Events counted over an exposure (hours, tokens, episodes of any length) rather than in trials that each may have one.
package struct PoissonCount: Sendable, Codable, Hashable {
  package let events: Int
  /// In any unit; rates are events per that unit.
  package let exposure: Double

  /// It is a programmer error to pass a negative number or an exposure that is not finite.
  package init(events: Int, exposure: Double = 1) {
    precondition(events >= 0 && exposure >= 0 && exposure.isFinite, "\(events) events over \(exposure)")
    self.events = events
    self.exposure = exposure
  }

  /// Events per unit of exposure; `nil` without exposure.
  package var rate: Double? { exposure == 0 ? nil : Double(events) / exposure }

  /// The exact two-sided interval of the rate (Garwood, Biometrika 28, 1936): each tail holds half of the error. Without
  /// exposure it is [0, infinity].
  ///
  /// - Parameter confidence: for example 0.95; strictly between 0 and 1.
  package func interval(confidence: Double = 0.95) -> Interval {
    let tail = Count.error(of: confidence) / 2
    return Interval(lower: lowerBound(tail: tail), upper: upperBound(tail: tail))
  }

  /// The exact one-sided upper bound: a larger rate would show so few events with a chance below `1 - confidence`.
  package func upperBound(confidence: Double = 0.95) -> Double { upperBound(tail: Count.error(of: confidence)) }

  /// The exact one-sided lower bound.
  package func lowerBound(confidence: Double = 0.95) -> Double { lowerBound(tail: Count.error(of: confidence)) }

  private func upperBound(tail: Double) -> Double {
    exposure == 0 ? .infinity : GammaDistribution(shape: Double(events) + 1).quantile(upperTail: tail) / exposure
  }

  private func lowerBound(tail: Double) -> Double {
    events == 0 || exposure == 0 ? 0 : GammaDistribution(shape: Double(events)).quantile(lowerTail: tail) / exposure
  }
}
