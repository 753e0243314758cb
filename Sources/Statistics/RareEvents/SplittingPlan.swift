import RealModule

/// Into how many copies a trajectory is split at each milestone.
package struct SplittingPlan: Sendable, Codable, Hashable {
  /// [milestones], each at least 1.
  package var factors: [Int]

  /// Factors from pilot roots, for a next run: those for which the variance of the estimate times its tokens is least,
  /// were the steps independent. That asks for particles in proportion to sqrt((1 - p) / p / c) at a step of probability p
  /// that costs c tokens an attempt. With equal steps of equal cost it is the familiar 1 / p.
  ///
  /// Probabilities are estimated as (successes + 1/2) / (attempts + 1), so a pilot need not have come to the end: the
  /// factors up to the step where it stopped rise, and after it they are guesses for another pilot to mend.
  ///
  /// - Parameters:
  ///   - pilot: roots that were run with any factors.
  ///   - factors: those factors, [milestones].
  ///   - cap: the largest factor.
  /// - Throws: `RareEventError` as `SplittingEstimate` does.
  package init(pilot: [SplittingRoot], factors: [Int], cap: Int = 50) throws(RareEventError) {
    precondition(cap >= 1, "a cap of \(cap) leaves no factor")
    let estimate = try SplittingEstimate(roots: pilot, factors: factors)
    let probabilities = estimate.steps.map {
      (Double($0.successes) + 0.5) / (Double(max($0.attempts, $0.successes)) + 1)
    }
    let shares = estimate.steps.indices.map { index in
      let tokens = pilot.reduce(0) { $0 + $1.tokens[index] }
      let cost = Double(max(tokens, 1)) / Double(max(estimate.steps[index].attempts, 1))
      return ((1 - probabilities[index]) / probabilities[index] / cost).squareRoot()
    }
    self.factors = []
    // Particles a root that attempt the step, as the factors chosen so far give them.
    var particles = 1.0
    for index in factors.indices {
      particles *= probabilities[index]
      let wanted = shares[index + 1] / shares[0] / particles
      let factor = Int(min(max(wanted.rounded(), 1), Double(cap)))
      self.factors.append(factor)
      particles *= Double(factor)
    }
  }
}
