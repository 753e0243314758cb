import Foundation
import Statistics
import Testing

/// 95 % intervals hold the planted rate in 95 % of simulated experiments or more.
@Suite struct ClusterCoverageTests {
  struct Design: Sendable, CustomStringConvertible {
    var prompts: Int
    var samples: Int
    var rate: Double
    var correlation: Double

    var description: String { "\(prompts) x \(samples) at \(rate), correlation \(correlation)" }
  }

  /// The beta-binomial distribution of one prompt's events, cumulated.
  private static func cumulative(_ design: Design) -> [Double] {
    let (n, rate) = (design.samples, design.rate)
    var sum = 0.0
    return (0...n).map { k in
      let choices = lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
      var log = choices + Double(k) * Foundation.log(rate) + Double(n - k) * log1p(-rate)
      if design.correlation > 0 {
        let size = 1 / design.correlation - 1
        let (a, b) = (rate * size, (1 - rate) * size)
        log = choices + lgamma(a + Double(k)) - lgamma(a) + lgamma(b + Double(n - k)) - lgamma(b)
        log += lgamma(a + b) - lgamma(a + b + Double(n))
      }
      sum += exp(log)
      return sum
    }
  }

  /// 100 experiments each: 89 hits or fewer have a chance of 1 % at 95 %.
  @Test(arguments: [
    Design(prompts: 64, samples: 16, rate: 1e-6, correlation: 0.3),
    Design(prompts: 64, samples: 16, rate: 1e-4, correlation: 0),
    Design(prompts: 64, samples: 16, rate: 1e-3, correlation: 0.9),
    Design(prompts: 30, samples: 40, rate: 0.01, correlation: 0.05),
    Design(prompts: 30, samples: 40, rate: 0.02, correlation: 0.3),
    Design(prompts: 30, samples: 40, rate: 0.05, correlation: 0.9),
    Design(prompts: 64, samples: 16, rate: 0.03, correlation: 0),
    Design(prompts: 12, samples: 40, rate: 0.1, correlation: 0.3),
    Design(prompts: 60, samples: 8, rate: 0.5, correlation: 0.05),
    Design(prompts: 12, samples: 40, rate: 0.5, correlation: 0.9),
  ])
  func intervalsCover(_ design: Design) {
    let cumulative = Self.cumulative(design)
    var draws = SeededDraws(seed: 17)
    let hits = (0..<100).count { _ in
      let clusters = (0..<design.prompts).map { _ in Count(events: draws.index(cumulative), trials: design.samples) }
      return ClusteredCount(clusters: clusters).interval().contains(design.rate)
    }
    #expect(hits >= 90, "\(design): \(hits) of 100")
  }

  /// What the interval is for: where prompts differ, Clopper and Pearson's on the pooled count holds the rate far less often
  /// than it says.
  @Test func pooledIntervalsDoNotCover() {
    let design = Design(prompts: 128, samples: 16, rate: 0.03, correlation: 0.3)
    let cumulative = Self.cumulative(design)
    var draws = SeededDraws(seed: 17)
    let hits = (0..<300).count { _ in
      let clusters = (0..<design.prompts).map { _ in Count(events: draws.index(cumulative), trials: design.samples) }
      return ClusteredCount(clusters: clusters).pooled.clopperPearson().contains(design.rate)
    }
    #expect(hits < 220, "\(hits) of 300")
  }

  /// Seeds whose log odds are normal, 40,000 episodes each: the median seed's rate, and one more seed's. 20 experiments each;
  /// fewer than 16 hits have a chance of 0.3 % at 95 %.
  @Test(arguments: [(3, 0.0), (5, 0.7), (10, 1.0)]) func seedsCover(_ seeds: Int, _ spread: Double) throws {
    var draws = SeededDraws(seed: 23)
    func rate() -> Double {
      let normal = (-2 * log(1 - draws.uniform())).squareRoot() * cos(2 * .pi * draws.uniform())
      return 1 / (1 + exp(-(log(1e-4 / (1 - 1e-4)) + spread * normal)))
    }
    /// A Poisson draw by the product of uniforms: the binomial's limit.
    func events(_ mean: Double) -> Int {
      var (k, product) = (0, draws.uniform())
      while product > exp(-mean) { (k, product) = (k + 1, product * draws.uniform()) }
      return k
    }
    var (hits, newHits) = (0, 0)
    for _ in 0..<20 {
      let counts = (0..<seeds).map { _ in Count(events: events(40_000 * rate()), trials: 40_000) }
      let between = try #require(BetweenSeeds(counts))
      if between.interval.contains(1e-4) { hits += 1 }
      if between.newSeed.contains(rate()) { newHits += 1 }
    }
    #expect(hits >= 16 && newHits >= 16, "\(hits) and \(newHits) of 20")
  }
}
