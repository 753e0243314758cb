import RealModule

/// What one training sequence measured: a value, and how much of its variance is known to be sampling.
package struct SeedValue: Sendable, Codable, Hashable {
  package var value: Double
  /// The variance that the draw of episodes alone gives the value; 0 where that is not known.
  package var samplingVariance: Double

  package init(_ value: Double, samplingVariance: Double = 0) {
    self.value = value
    self.samplingVariance = samplingVariance
  }

  /// The log odds of the rate of each sequence, with a continuity correction for rates of 0 and 1:
  ///
  ///     log((r m + 1/2) / ((1 - r) m + 1/2)),    r the rate, m the fewest trials of a sequence
  ///
  /// (Haldane and Anscombe's half event, at one number of trials for all, so that equal rates have equal log odds whatever
  /// their trials). The sampling variance is `1 / (r n + 1/2) + 1 / ((1 - r) n + 1/2)` with the sequence's own n trials.
  ///
  /// - Parameters:
  ///   - counts: one count for each sequence; those without trials are left out.
  ///   - trials: the m of the formula, where sequences of several groups are compared.
  package static func logOdds(_ counts: [Count], trials: Int? = nil) -> [SeedValue] {
    let counts = counts.filter { $0.trials > 0 }
    let common = Double(trials ?? counts.map(\.trials).min() ?? 1)
    return counts.map { count in
      let (events, others) = (Double(count.events), Double(count.trials - count.events))
      let rate = events / Double(count.trials)
      return SeedValue(
        Double.log((rate * common + 0.5) / ((1 - rate) * common + 0.5)),
        samplingVariance: 1 / (events + 0.5) + 1 / (others + 0.5))
    }
  }
}
