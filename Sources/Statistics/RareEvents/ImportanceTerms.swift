import RealModule

/// The weights of importance sampling and their sums by cluster.
struct ImportanceTerms {
  /// [trajectories]
  let weights: [Double]
  /// The sum of the weights of events, [clusters].
  let events: [Double]
  /// How many trajectories, and the sum of their weights, [clusters].
  let sizes: [Double]
  private let sums: [Double]
  /// The logs of the weights of events that the target can produce, [events].
  private let logEvents: [Double]
  /// The target's share of the mixture: the inverse bounds every weight.
  let share: Double
  /// An unbiased estimate of the tokens of one plain trajectory.
  let plainTokens: Double

  init(_ trajectories: [WeightedTrajectory], shares: [Double]) throws(RareEventError) {
    if trajectories.isEmpty { throw RareEventError("there are no trajectories to estimate from: draw some") }
    guard let share = shares.first, shares.allSatisfy({ $0 > 0 }), abs(shares.reduce(0, +) - 1) < 1e-6 else {
      throw RareEventError(
        "the shares \(shares) of the mixture are not positive with sum 1: give the target's, then each proposal's"
      )
    }
    var logs: [Double] = []
    for (number, trajectory) in trajectories.enumerated() {
      logs.append(try trajectory.logWeight(shares: shares, number: number))
    }
    let weights = logs.map { Double.exp($0) }
    let groups = Dictionary(grouping: trajectories.indices) { trajectories[$0].cluster }
      .sorted { $0.key < $1.key }.map(\.value)
    self.share = share
    self.weights = weights
    events = groups.map { $0.reduce(0) { $0 + (trajectories[$1].isEvent ? weights[$1] : 0) } }
    sizes = groups.map { Double($0.count) }
    sums = groups.map { $0.reduce(0) { $0 + weights[$1] } }
    logEvents = zip(trajectories, logs).filter { $0.0.isEvent && $0.1 > -.infinity }.map(\.1)
    plainTokens = zip(weights, trajectories).reduce(0) { $0 + $1.0 * Double($1.1.tokens) } / Double(trajectories.count)
  }

  var rate: Double { events.reduce(0, +) / sizes.reduce(0, +) }

  var relativeVariance: Double { variance(of: events) / (rate * rate) }

  var meanWeight: Double { weights.reduce(0, +) / Double(weights.count) }

  /// One standard error of the mean weight; `nil` for one cluster.
  var meanWeightError: Double? { sizes.count < 2 ? nil : variance(of: sums).squareRoot() }

  var largestShare: Double? {
    let sum = events.reduce(0, +)
    return sum > 0 ? (events.max() ?? 0) / sum : nil
  }

  /// How many equal weights say as much as those of the events: (sum w)^2 / sum w^2 by cluster (Kish). That is blind to
  /// large weights that were not drawn, the trouble with long trajectories, so it may not exceed both what log-normal
  /// weights of the same spread s have, n exp(-s^2), and how many weights are of the order of the largest, within a factor
  /// of two: where those recur there is nothing larger to come.
  var effectiveEvents: Double {
    let count = Double(logEvents.count)
    guard let largest = logEvents.max(), count > 1 else { return Self.kish(events) }
    let mean = logEvents.reduce(0, +) / count
    let spread = logEvents.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let recurring = Double(logEvents.count { $0 >= largest - Double.log(2) })
    return min(Self.kish(events), max(recurring, count * Double.exp(-spread)))
  }

  /// (sum w)^2 / sum w^2; 0 when all are 0.
  static func kish(_ weights: [Double]) -> Double {
    let squares = weights.reduce(0) { $0 + $1 * $1 }
    let sum = weights.reduce(0, +)
    return squares > 0 ? sum * sum / squares : 0
  }

  /// The variance of a mean over trajectories, from the spread between clusters; infinite for one cluster.
  private func variance(of values: [Double]) -> Double {
    let (trials, clusters) = (sizes.reduce(0, +), Double(sizes.count))
    if clusters < 2 { return .infinity }
    let mean = values.reduce(0, +) / trials
    let squares = zip(values, sizes).reduce(0) { sum, cluster in
      let residual = cluster.0 - mean * cluster.1
      return sum + residual * residual
    }
    return squares / (trials * trials) * clusters / (clusters - 1)
  }
}
