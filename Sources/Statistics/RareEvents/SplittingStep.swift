import RealModule

/// One step of a splitting run, by cluster of roots.
struct SplittingStep {
  /// The weight that attempted the step and that took it, [clusters].
  private(set) var tried: [Double]
  private(set) var taken: [Double]
  /// How many particles attempted it.
  private(set) var attempts: Double

  init(tried: [Double], taken: [Double], attempts: Double) {
    self.tried = tried
    self.taken = taken
    self.attempts = attempts
  }

  var probability: Double { taken.reduce(0, +) / tried.reduce(0, +) }

  /// The clusters that attempted the step.
  private var clusters: Int { tried.count { $0 > 0 } }

  /// The variance of the probability by the spread between clusters (linearisation of a ratio); `nil` for one cluster.
  var variance: Double? {
    guard clusters > 1 else { return nil }
    let (probability, total, clusters) = (probability, tried.reduce(0, +), Double(clusters))
    let squares = zip(tried, taken).reduce(0) { sum, cluster in
      let residual = cluster.1 - probability * cluster.0
      return sum + residual * residual
    }
    return squares / (total * total) * clusters / (clusters - 1)
  }

  /// How many independent attempts say as much (Korn and Graubard, Survey Methodology 24, 1998): as many as would give the
  /// variance between clusters, less because it is estimated from few clusters, at most the attempts there were, and at
  /// least the effective number of clusters, which is the worst that any dependence within them can do. Where nobody or
  /// everybody took it the dependence is unknown and the worst case stands.
  func effectiveAttempts(tail: Double) -> Double {
    let total = tried.reduce(0, +)
    let fewest = total * total / tried.reduce(0) { $0 + $1 * $1 }
    guard let variance, variance > 0, probability > 0, probability < 1 else { return fewest }
    let normal = NormalDistribution.quantile(upperTail: tail)
    let degrees = normal / StudentT.quantile(upperTail: tail, degrees: clusters - 1)
    return min(max(probability * (1 - probability) / variance * degrees * degrees, fewest), max(attempts, fewest))
  }

  /// Adds a cluster of the mean weight that takes the step with all of it.
  mutating func addTakingCluster() {
    let clusters = Double(clusters)
    let weight = tried.reduce(0, +) / clusters
    attempts *= (clusters + 1) / clusters
    tried.append(weight)
    taken.append(weight)
  }
}
