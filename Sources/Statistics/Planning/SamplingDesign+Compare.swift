import RealModule

extension SamplingDesign {
  /// How many episodes of each arm tell two rates apart with a given power, two-sided.
  ///
  /// With one seed, or without spread between seeds: by Fisher's exact test on the effective episodes, with the power summed
  /// over all pairs of counts (or, from about 100,000,000 pairs on, by the normal approximation). It is the fewest at a
  /// resolution of a thousandth; slightly more may have slightly less power, as exact tests do. With seeds that differ: by
  /// the t test between the seeds' log odds, whose power follows the noncentral t distribution; each seed then gets episodes
  /// for five expected events at least, because log odds of fewer are not normal.
  ///
  /// - Parameters:
  ///   - first: one rate, from 0 to 1; strictly between where seeds differ.
  ///   - second: the other rate, with the same limits; it must differ from `first`.
  ///   - power: the chance of a p-value of at most `level`, between 0 and 1.
  ///   - level: of the test, between 0 and 1.
  package func toTellApart(
    _ first: Double, _ second: Double, power: Double = 0.8, level: Double = 0.05
  ) throws(PlanningError) -> PlannedEpisodes {
    for rate in [first, second] {
      try PlanningError.check((0...1).contains(rate), "A rate must be from 0 to 1, not \(rate).")
    }
    try PlanningError.check(first != second, "Both rates are \(first); equal rates cannot be told apart.")
    try PlanningError.checkChance(power, "The power")
    try PlanningError.checkChance(level, "The level")
    if spread > 0 { return try betweenSeeds(first, second, power: power, level: level) }
    let test = FisherPower(first, second, level: level)
    guard let trials = test.trials(power: power) else {
      throw PlanningError(
        "The rates \(first) and \(second) are too close; telling them apart needs over 10^15 episodes.")
    }
    var plan = try plan(episodes: Double(trials) * designEffect, chance: 0)
    plan.chance = test.power(Int(Double(plan.episodes) / designEffect + 1e-9))
    return plan
  }

  private func betweenSeeds(
    _ first: Double, _ second: Double, power: Double, level: Double
  ) throws(PlanningError) -> PlannedEpisodes {
    try PlanningError.checkRate(first, "A rate of seeds that differ")
    try PlanningError.checkRate(second, "A rate of seeds that differ")
    let distance = abs(Double.log(first / (1 - first)) - Double.log(second / (1 - second)))
    let within = (1 / (first * (1 - first)) + 1 / (second * (1 - second))) / 2 * designEffect
    let powerWith = { (seeds: Int, episodes: Double) in
      StudentT.power(
        distance / ((spread * spread + within / episodes) * 2 / Double(seeds)).squareRoot(), degrees: 2 * seeds - 2,
        level: level)
    }
    guard seeds >= 2, powerWith(seeds, .infinity) > power else {
      let least = Search.least(from: 2) { powerWith($0, .infinity) > power }.map { "\($0)" } ?? "more"
      throw PlanningError(
        "No number of episodes is enough with \(seeds == 1 ? "1 seed" : "\(seeds) seeds") when seeds differ by \(spread) "
          + "in log odds; train at least \(least) of each arm.")
    }
    let size = Double(samplesPerPrompt)
    let least = Int((5 / (min(first, 1 - first, second, 1 - second) * size)).rounded(.up))
    guard let prompts = Search.least(from: least, where: { powerWith(seeds, Double($0) * size) >= power }) else {
      throw PlanningError("That needs over 10^15 episodes for each seed; train one more.")
    }
    return try plan(
      episodes: Double(prompts) * size * Double(seeds), chance: powerWith(seeds, Double(prompts) * size))
  }
}

extension StudentT {
  /// The power of a two-sided t test: the chance that a noncentral t passes the quantile on either side, as an integral over
  /// the estimated standard deviation.
  static func power(_ shift: Double, degrees: Int, level: Double) -> Double {
    let t = quantile(upperTail: level / 2, degrees: degrees)
    let (half, width) = (Double(degrees) / 2, 1 / (2 * Double(degrees)).squareRoot())
    let constant = Double.log(2) + half * Double.log(half) - Double.logGamma(half)
    let (low, high) = (max(0, 1 - 9 * width), 1 + 9 * width)
    let steps = 2_000
    var sum = 0.0
    for index in 0..<steps {
      // Midpoints: the density may be infinite at 0.
      let s = low + (high - low) * (Double(index) + 0.5) / Double(steps)
      let density = Double.exp(constant + Double(degrees - 1) * Double.log(s) - half * s * s)
      sum += density * (NormalDistribution.mass(below: shift - t * s) + NormalDistribution.mass(below: -shift - t * s))
    }
    return sum * (high - low) / Double(steps)
  }
}
