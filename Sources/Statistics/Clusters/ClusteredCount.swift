import RealModule

/// A count whose trials come in clusters: the episodes of one prompt resemble each other, so 512 prompts with 64 samples
/// each say less about other prompts than 32,768 prompts would.
///
/// All estimates are of the rate of the pooled trials, on the assumption that clusters are drawn independently of each
/// other and that a cluster's size says nothing about its rate.
package struct ClusteredCount: Sendable, Codable, Hashable {
  /// One count for each cluster, those with trials only.
  package let clusters: [Count]

  /// - Parameter clusters: one count for each cluster; those without trials say nothing and are left out.
  package init(clusters: [Count]) { self.clusters = clusters.filter { $0.trials > 0 } }

  /// All trials together, as if they were independent.
  package var pooled: Count { clusters.reduce(Count(events: 0, trials: 0), +) }

  /// The correlation of two trials of one cluster, by analysis of variance (Donner, International Statistical Review 54,
  /// 1986). It may be below 0, by chance or because the trials of a cluster repel each other. `nil` where it cannot be
  /// known: fewer than two clusters, no cluster with two trials, or no trial that differs from the others.
  package var intraclassCorrelation: Double? { ClusterMoments(clusters).correlation }

  /// By how much the variance of the rate exceeds that of independent trials: `1 + (s - 1) correlation`, where `s` is the
  /// mean size of the cluster that a trial is in (Kish, Survey Sampling, 1965). A negative correlation counts as 0. `nil`
  /// where the correlation is unknown.
  package var designEffect: Double? {
    intraclassCorrelation.map { ClusterMoments(clusters).designEffect(correlation: max(0, $0)) }
  }

  /// How many independent trials would tell as much: the trials over the design effect.
  package var effectiveTrials: Double? { designEffect.map { Double(pooled.trials) / $0 } }
}

/// What analysis of variance needs to know of clusters.
struct ClusterMoments {
  /// As floating-point numbers: squares of sizes do not fit an `Int`.
  let clusters: Double
  let trials: Double
  let events: Double
  private let squaredSizes: Double
  /// The sum over clusters of events squared over trials.
  private let betweenSquares: Double

  init(_ counts: [Count]) {
    var (trials, events, squares, between) = (0.0, 0.0, 0.0, 0.0)
    for count in counts {
      let (n, k) = (Double(count.trials), Double(count.events))
      trials += n
      events += k
      squares += n * n
      between += k * (k / n)
    }
    (clusters, self.trials, self.events, squaredSizes, betweenSquares) =
      (Double(counts.count), trials, events, squares, between)
  }

  /// The mean size of the cluster that a trial is in; no less than 1.
  var size: Double { trials > 0 ? squaredSizes / trials : 1 }

  func designEffect(correlation: Double) -> Double { 1 + (size - 1) * correlation }

  var correlation: Double? {
    guard clusters >= 2, trials > clusters, events > 0, events < trials else { return nil }
    let between = (betweenSquares - events * (events / trials)) / (clusters - 1)
    let within = max(0, events - betweenSquares) / (trials - clusters)
    let meanSize = (trials - squaredSizes / trials) / (clusters - 1)
    return (between - within) / (between + (meanSize - 1) * within)
  }
}
