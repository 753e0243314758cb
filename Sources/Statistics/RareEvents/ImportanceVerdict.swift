import RealModule

extension ImportanceTerms {
  /// Below so many effective events the spread of the weights is not known well enough for an interval.
  static let fewestEvents = 10.0
  /// The mean weight may be off by so many standard errors.
  static let weightErrors = 4.0

  /// Why there is no rate to print; empty when there is one.
  var reasonsToRefuse: [String] {
    guard let largestShare else {
      return ["no drawn trajectory with the event is possible under the target"]
    }
    var reasons: [String] = []
    let effective = effectiveEvents
    if effective < Self.fewestEvents {
      let share = (100 * largestShare).rounded()
      reasons.append(
        "the estimate rests on \(text(effective)) effective events where \(Int(Self.fewestEvents)) are needed, "
          + "and one weight makes up \(share) % of it")
    }
    // Rounding alone may move the mean of weights that are all 1.
    if let error = meanWeightError, abs(meanWeight - 1) > Self.weightErrors * error + 1e-6 {
      reasons.append(
        "the mean weight is \(text(meanWeight)) where 1 is expected: the log-probabilities are not those of what was drawn, "
          + "or the weights are too uneven")
    }
    return reasons
  }

  private func text(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
