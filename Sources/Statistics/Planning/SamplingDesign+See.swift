import RealModule

extension SamplingDesign {
  /// How many episodes show at least so many events with a given chance.
  ///
  /// Prompts' rates follow a beta distribution with the design's correlation, seeds' log odds a normal one, and the number
  /// is exact for that model: the probability of fewer events is a coefficient of a power of one prompt's generating
  /// function.
  ///
  /// - Parameters:
  ///   - events: 1 or more, at most 500.
  ///   - rate: of the median seed, between 0 and 1.
  ///   - chance: of success, between 0 and 1.
  package func toSee(
    events: Int = 1, rate: Double, chance: Double = 0.95
  ) throws(PlanningError) -> PlannedEpisodes {
    try PlanningError.checkRate(rate)
    try PlanningError.checkChance(chance)
    try PlanningError.check((1...500).contains(events), "A plan can be to see 1 to 500 events, not \(events).")
    // Independent samples of a prompt might as well be prompts of their own.
    let size = correlation == 0 ? 1 : samplesPerPrompt
    let mixture = SeedMixture(rate: rate, spread: spread)
    let units = mixture.rates.map {
      ClusterLaw(size: size, rate: $0, correlation: correlation, upTo: events - 1)
    }
    let chanceToSee = { (prompts: Int) in
      1 - seenFewer(events, mixture.weights, units.map { $0.sum(of: prompts) })
    }
    guard let prompts = Search.least(from: 1, where: { chanceToSee($0) >= chance }) else {
      throw PlanningError(
        "That needs more than 10^15 episodes for each seed; ask for a smaller chance or a larger rate.")
    }
    var plan = try plan(episodes: Double(prompts) * Double(size) * Double(seeds), chance: 0)
    plan.chance = chanceToSee(correlation == 0 ? plan.prompts * samplesPerPrompt : plan.prompts)
    return plan
  }

  /// The probability that all seeds together show fewer events, from the laws that one seed may have.
  private func seenFewer(_ events: Int, _ weights: [Double], _ laws: [[Double]]) -> Double {
    var law = Array(repeating: 0.0, count: events)
    for (weight, own) in zip(weights, laws) {
      for index in law.indices { law[index] += weight * own[index] }
    }
    var all = law
    for _ in 0..<(seeds - 1) {
      var next = Array(repeating: 0.0, count: events)
      for i in 0..<events { for j in 0..<(events - i) { next[i + j] += all[i] * law[j] } }
      all = next
    }
    return all.reduce(0, +)
  }
}

/// The rates that a seed may have, and their probabilities: the trapezoidal rule over a normal distribution.
struct SeedMixture {
  let rates: [Double]
  let weights: [Double]

  init(rate: Double, spread: Double) {
    let odds = Double.log(rate / (1 - rate))
    let nodes = spread == 0 ? [0] : (-64...64).map { Double($0) / 8 }
    rates = nodes.map { spread == 0 ? rate : BetaBinomialLikelihood.logistic(odds + spread * $0) }
    let densities = nodes.map { Double.exp(-$0 * $0 / 2) }
    let sum = densities.reduce(0, +)
    weights = densities.map { $0 / sum }
  }
}

/// The probabilities of 0, 1, 2, ... events in a cluster.
private struct ClusterLaw {
  /// The log of the probability of none.
  private let logNone: Double
  /// The others over it, as far as needed; the first is 1.
  private let ratios: [Double]
  private let upTo: Int

  init(size: Int, rate: Double, correlation: Double, upTo: Int) {
    self.upTo = upTo
    let rest = 1 - correlation
    if correlation == 1 {
      logNone = Double.log(onePlus: -rate)
      ratios = (0...min(size, upTo)).map { $0 == 0 ? 1 : $0 == size ? rate / (1 - rate) : 0 }
      return
    }
    logNone = (0..<size).reduce(0) { sum, j in
      sum + Double.log(onePlus: -rest * rate / (rest + Double(j) * correlation))
    }
    ratios = (0..<min(size, upTo)).reduce(into: [1.0]) { ratios, k in
      let (before, after) = (Double(k), Double(size - k))
      let growth =
        after / (before + 1) * (rest * rate + before * correlation)
        / (rest * (1 - rate) + (after - 1) * correlation)
      ratios.append((ratios.last ?? 1) * growth)
    }
  }

  /// The probabilities of 0 to `upTo` events in so many clusters: the power of a power series by its recurrence (Knuth, The
  /// Art of Computer Programming 2, 4.7).
  func sum(of clusters: Int) -> [Double] {
    var (coefficients, scale) = ([1.0], Double(clusters) * logNone)
    for n in 0..<upTo {
      let degree = Double(n + 1)
      var sum = 0.0
      for i in stride(from: 1, to: min(ratios.count, n + 2), by: 1) {
        sum += (Double(i) * (Double(clusters) + 1) - degree) * ratios[i] * coefficients[n + 1 - i]
      }
      coefficients.append(sum / degree)
      // Far more than none is likely: keep the numbers within what a `Double` holds.
      if sum > 1e200 {
        coefficients = coefficients.map { $0 * 1e-200 }
        scale += 200 * Double.log(10)
      }
    }
    return coefficients.map { $0 <= 0 ? 0 : Double.exp(Double.log($0) + scale) }
  }
}
