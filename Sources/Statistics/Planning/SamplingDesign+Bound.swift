import RealModule

extension SamplingDesign {
  /// How many episodes bound a rate from above: with a given chance the one-sided upper bound, Clopper and Pearson's on the
  /// effective episodes, comes out at `bound` or below.
  ///
  /// Samples of a prompt count by the design effect. Seeds add the variance between them, taken at the bound, with the t
  /// quantile for that many seeds; the fewer of them, the more episodes, until no number is enough.
  ///
  /// - Parameters:
  ///   - bound: between 0 and 1.
  ///   - rate: the true one, below the bound; it may be 0.
  ///   - chance: of success, between 0 and 1.
  ///   - confidence: of the bound, between 0 and 1.
  package func toBound(
    below bound: Double, rate: Double = 0, chance: Double = 0.8, confidence: Double = 0.95
  ) throws(PlanningError) -> PlannedEpisodes {
    try PlanningError.checkRate(bound, "The bound")
    try PlanningError.check(
      rate >= 0 && rate < bound, "The true rate must be 0 or more and below the bound \(bound), not \(rate).")
    try PlanningError.checkChance(chance)
    try PlanningError.checkChance(confidence, "The confidence")
    let independent = try Self.independentTrials(below: bound, rate: rate, chance: chance, confidence: confidence)
    let inflated = try withSeeds(Double(independent.trials), at: bound, tail: 1 - confidence)
    return try plan(episodes: inflated * designEffect, chance: independent.chance)
  }

  /// The fewest independent trials. The bound reaches its goal with at most k events from some number of trials on; there,
  /// the chance of so few events is greatest. More allowed events need more trials and succeed more often.
  private static func independentTrials(
    below bound: Double, rate: Double, chance: Double, confidence: Double
  ) throws(PlanningError) -> (trials: Int, chance: Double) {
    let plan = { (events: Int) -> (trials: Int, chance: Double)? in
      BinomialTail.trials(atMost: events, rate: bound, limit: 1 - confidence).map {
        ($0, BinomialTail.atMost(events, of: $0, rate: rate))
      }
    }
    let most = 10_000_000
    guard
      let events = Search.least(from: 0, where: { $0 > most || plan($0).map { $0.chance >= chance } ?? true }),
      events <= most, let found = plan(events)
    else {
      throw PlanningError("The true rate \(rate) is too close to the bound \(bound); plan for a bound further away.")
    }
    return found
  }

  /// How many trials per unit of information when a part of the variance of the rate does not shrink with the trials.
  private func withSeeds(_ trials: Double, at rate: Double, tail: Double) throws(PlanningError) -> Double {
    if spread == 0 { return trials }
    let needed = { (seeds: Int) -> Double in
      let z = NormalDistribution.quantile(upperTail: min(tail, 0.5))
      let t = StudentT.quantile(upperTail: min(tail, 0.5), degrees: seeds - 1)
      let enough = z == 0 ? trials : trials * (t / z) * (t / z)
      return 1 / (1 / enough - spread * spread * rate * (1 - rate) / Double(seeds))
    }
    let isEnough = { (seeds: Int) in
      let trials = needed(seeds)
      return trials > 0 && trials.isFinite
    }
    if seeds >= 2, isEnough(seeds) { return needed(seeds) }
    let least = Search.least(from: 2, where: isEnough).map { "\($0)" } ?? "more"
    throw PlanningError(
      "No number of episodes is enough with \(seeds == 1 ? "1 seed" : "\(seeds) seeds") when seeds differ by \(spread) in "
        + "log odds; train at least \(least).")
  }
}
