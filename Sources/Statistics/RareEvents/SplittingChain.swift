import RealModule

/// A splitting run as a chain of steps: start to the first milestone at which particles were split, from there to the
/// next, ..., to the event.
struct SplittingChain {
  var steps: [SplittingStep]
  /// The roots and the weight of their events, [clusters].
  private let roots: [Double]
  private let events: [Double]

  /// Milestones that do not split are left out, because a step through them says no more than the two it joins; so are
  /// trailing ones that some event did without.
  init(_ all: [SplittingRoot], factors: [Int]) {
    let groups = Dictionary(grouping: all, by: \.cluster).sorted { $0.key < $1.key }.map(\.value)
    func byCluster(_ value: (SplittingRoot) -> Double) -> [Double] {
      groups.map { $0.reduce(0) { $0 + value($1) } }
    }
    var needed = factors.count
    // Weights are sums of the same products of 1 / R in another order.
    while needed > 0, all.contains(where: { $0.eventMass > $0.mass[needed - 1] * (1 + 1e-9) }) { needed -= 1 }
    let kept = (0..<needed).filter { factors[$0] > 1 }
    roots = groups.map { Double($0.count) }
    events = byCluster(\.eventMass)
    let weights = [roots] + kept.map { milestone in byCluster { $0.mass[milestone] } } + [events]
    let attempts =
      [all.count] + kept.map { milestone in all.reduce(0) { $0 + $1.reached[milestone] * factors[milestone] } }
    steps = attempts.indices.filter { attempts[$0] > 0 }.map {
      SplittingStep(tried: weights[$0], taken: weights[$0 + 1], attempts: Double(attempts[$0]))
    }
  }

  /// The mean weight of events a root.
  var rate: Double { events.reduce(0, +) / roots.reduce(0, +) }

  /// The variance of the rate over its square, from the spread between clusters; `nil` without events or with one cluster.
  var relativeVariance: Double? {
    let whole = SplittingStep(tried: roots, taken: events, attempts: roots.reduce(0, +))
    guard rate > 0, let variance = whole.variance else { return nil }
    return variance / (rate * rate)
  }

  /// How many clusters have the event at all.
  private var touched: Count { Count(events: events.count { $0 > 0 }, trials: events.count) }

  /// Two-sided. Each step is a binomial proportion of its effective attempts, whose Clopper-Pearson bound is a quantile of
  /// a beta distribution; the bound of the rate is that quantile of the product.
  func interval(confidence: Double) -> Interval {
    let tail = Count.error(of: confidence) / 2
    // A rate is at most the probability that a cluster has the event at all.
    let upper = min(guardedUpperBound(tail: tail), touched.clopperPearson(confidence: confidence).upper)
    return Interval(lower: min(rate, lowerBound(tail: tail)), upper: max(rate, upper))
  }

  /// The upper bound with another cluster that takes a step with all its weight, at the step for which that matters most:
  /// the states that were not visited may be the ones from which the event is likely. A step that nobody took counts each
  /// cluster as one attempt, and needs no other.
  private func guardedUpperBound(tail: Double) -> Double {
    if rate == 0 { return upperBound(tail: tail) }
    let bounds = steps.indices.map { index in
      var guarded = self
      guarded.steps[index].addTakingCluster()
      return guarded.upperBound(tail: tail)
    }
    return bounds.max() ?? 1
  }

  private func lowerBound(tail: Double) -> Double {
    if rate == 0 { return 0 }
    let proportions = proportions(tail: tail)
    return BetaProduct(proportions.map { ($0.taken, $0.left + 1) }).quantile(lowerTail: tail)
  }

  private func upperBound(tail: Double) -> Double {
    let proportions = proportions(tail: tail).filter { $0.left > 0 }
    return proportions.isEmpty ? 1 : BetaProduct(proportions.map { ($0.taken + 1, $0.left) }).quantile(upperTail: tail)
  }

  /// The effective attempts of each step that took it, and those that did not.
  private func proportions(tail: Double) -> [(taken: Double, left: Double)] {
    zip(steps, effectiveAttempts(tail: tail)).map { step, attempts in
      let probability = min(step.probability, 1)
      return (probability * attempts, (1 - probability) * attempts)
    }
  }

  /// Of each step. Where clusters that are good at one step are good at the next too, the rate varies more than the steps
  /// say together, and all of them count for less.
  private func effectiveAttempts(tail: Double) -> [Double] {
    let attempts = steps.map { $0.effectiveAttempts(tail: tail) }
    guard let relativeVariance else { return attempts }
    let independent = zip(steps, attempts).reduce(0) { sum, step in
      let probability = step.0.probability
      return sum + (1 - probability) / (probability * step.1)
    }
    if relativeVariance <= independent { return attempts }
    return attempts.map { max(1, $0 * independent / relativeVariance) }
  }
}
