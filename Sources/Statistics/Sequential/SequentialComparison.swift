import RealModule

/// A test of whether two rates are equal that may be looked at after every trial of either: the chance that its p-value is
/// ever below 5 % is at most 5 % when they are.
///
/// The evidence is the likelihood of both counts with two rates, each averaged over a beta distribution, over the greatest
/// likelihood with one rate (universal inference: Wasserman, Ramdas and Balakrishnan, PNAS 117, 2020). The denominator is at
/// least the true likelihood, so the evidence is below a martingale that starts at 1, in whatever order trials come.
package struct SequentialComparison: Sendable, Codable, Hashable {
  private let a: Double
  private let b: Double

  /// - Parameter rate: the order of magnitude of the rates, between 0 and 1 and stated before the first look. A wrong one costs
  ///   trials and not the guarantee.
  package init(expecting rate: Double = 0.5) {
    precondition(rate > 0 && rate < 1, "an expected rate of \(rate) is not between 0 and 1")
    (a, b) = rate <= 0.5 ? (0.5, 0.5 * (1 - rate) / rate) : (0.5 * rate / (1 - rate), 0.5)
  }

  /// How much the counts speak against equal rates: below 1 they do not, above 20 they do at 5 %.
  package func logEvidence(_ first: Count, _ second: Count) -> Double {
    let likelihoods = [first, second, first + second].map {
      BernoulliLikelihood(events: Double($0.events), trials: Double($0.trials))
    }
    return likelihoods[0].logMixture(a, b) + likelihoods[1].logMixture(a, b)
      - (likelihoods[2].trials == 0 ? 0 : likelihoods[2].logBest)
  }

  /// The p-value at this look. The smallest of all looks so far is one as well.
  package func p(_ first: Count, _ second: Count) -> PValue {
    PValue(naturalLog: min(0, -logEvidence(first, second)))
  }
}
