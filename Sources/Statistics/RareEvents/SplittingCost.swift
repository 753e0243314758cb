import RealModule

extension SplittingEstimate {
  /// How uncertain "times cheaper" is: the percentile bootstrap over clusters of roots. `nil` where a tenth of the draws or
  /// more have no event, or one cluster, and so no ratio: the run is too short to say. With few clusters that have the
  /// event it is a rough guide.
  ///
  /// - Parameters:
  ///   - roots: those of an estimate that was made.
  ///   - draws: how often the clusters are drawn again.
  ///   - generator: one with a stated seed, so that the interval can be computed again.
  package static func timesCheaper(
    roots: [SplittingRoot], confidence: Double = 0.95, draws: Int = 1000,
    using generator: inout some RandomNumberGenerator
  ) -> Interval? {
    let tail = Count.error(of: confidence) / 2
    let clusters = Dictionary(grouping: roots, by: \.cluster).sorted { $0.key < $1.key }.map { ClusterCost($0.value) }
    guard clusters.count > 1 else { return nil }
    var ratios: [Double] = []
    for _ in 0..<draws {
      let sample = clusters.map { _ in clusters[Int.random(in: 0..<clusters.count, using: &generator)] }
      if let ratio = ClusterCost.timesCheaper(sample) { ratios.append(ratio) }
    }
    guard ratios.count * 10 > draws * 9 else { return nil }
    ratios.sort()
    func percentile(_ share: Double) -> Double { ratios[Int((share * Double(ratios.count - 1)).rounded())] }
    return Interval(lower: percentile(tail), upper: percentile(1 - tail))
  }
}

/// What one cluster of roots gave and cost.
private struct ClusterCost {
  private let roots: Double
  private let events: Double
  private let tokens: Int
  private let plainTokens: Double

  init(_ cluster: [SplittingRoot]) {
    roots = Double(cluster.count)
    events = cluster.reduce(0) { $0 + $1.eventMass }
    tokens = cluster.reduce(0) { $0 + $1.totalTokens }
    plainTokens = cluster.reduce(0) { $0 + $1.plainTokens }
  }

  static func timesCheaper(_ clusters: [ClusterCost]) -> Double? {
    let total = clusters.reduce(0) { $0 + $1.roots }
    let step = SplittingStep(tried: clusters.map(\.roots), taken: clusters.map(\.events), attempts: total)
    let rate = step.probability
    guard rate > 0, let variance = step.variance else { return nil }
    return RareEventCost(
      rate: rate, relativeVariance: variance / (rate * rate), tokens: clusters.reduce(0) { $0 + $1.tokens },
      plainTokens: clusters.reduce(0) { $0 + $1.plainTokens } / total)?.timesCheaper
  }
}
