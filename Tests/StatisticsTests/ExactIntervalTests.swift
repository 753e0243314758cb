import Foundation
import Statistics
import Testing

/// Jeffreys' and Poisson intervals, and what every kind of interval covers.
@Suite struct ExactIntervalTests {
  private struct JeffreysRow: Decodable {
    var events: Int
    var trials: Int
    var confidence: Double
    var values: [Double]
  }

  private struct PoissonRow: Decodable {
    var events: Int
    var confidence: Double
    /// Two-sided, then one-sided.
    var values: [Double]
  }

  @Test func jeffreysAgreesWithIncompleteBetaFunctions() throws {
    let rows: [JeffreysRow] = try Fixture.rows("jeffreys")
    #expect(rows.count > 120)
    for row in rows {
      let interval = Count(events: row.events, trials: row.trials).jeffreys(confidence: row.confidence)
      let place: Comment = "\(row.events)/\(row.trials) at \(row.confidence)"
      #expect(agree(interval.lower, row.values[0], within: 1e-9), place)
      #expect(agree(interval.upper, row.values[1], within: 1e-9), place)
      // Also of what is left, however little.
      let mirrored = Count(events: row.trials - row.events, trials: row.trials).jeffreys(confidence: row.confidence)
      #expect(abs(1 - mirrored.upper - interval.lower) < 1e-15 + 1e-9 * interval.lower, place)
    }
    #expect(Count(events: 0, trials: 0).jeffreys() == Interval(lower: 0, upper: 1))
  }

  @Test func poissonAgreesWithIncompleteGammaFunctions() throws {
    let rows: [PoissonRow] = try Fixture.rows("poisson")
    #expect(rows.count == 24)
    for row in rows {
      for exposure in [1, 1e6, 0.125] {
        let count = PoissonCount(events: row.events, exposure: exposure)
        let interval = count.interval(confidence: row.confidence)
        let bounds = [
          interval.lower, interval.upper, count.lowerBound(confidence: row.confidence),
          count.upperBound(confidence: row.confidence),
        ]
        for (bound, value) in zip(bounds, row.values) {
          #expect(agree(bound * exposure, value, within: 1e-9), "\(row.events) at \(row.confidence)")
        }
      }
    }
  }

  /// No event in one unit: e^-x = 0.05 and 0.025.
  @Test func noPoissonEventByHand() {
    #expect(agree(PoissonCount(events: 0).upperBound(), -log(0.05), within: 1e-13))
    #expect(agree(PoissonCount(events: 0, exposure: 2).interval().upper, -log(0.025) / 2, within: 1e-13))
    #expect(PoissonCount(events: 3, exposure: 0).interval() == Interval(lower: 0, upper: .infinity))
    #expect(PoissonCount(events: 3, exposure: 0).rate == nil && PoissonCount(events: 3, exposure: 2).rate == 1.5)
  }

  /// The chance that an interval holds the rate, summed over every count: Clopper and Pearson's is never below 95 %, at any
  /// of the rates tried; those of Wilson and Jeffreys are so on average only.
  @Test(arguments: [1, 2, 5, 10, 33, 100]) func coverageByEnumeration(trials: Int) {
    let rates = (1..<250).map { Double($0) / 500 } + [1e-6, 1e-4, 0.001]
    let counts = (0...trials).map { Count(events: $0, trials: trials) }
    let (exactIntervals, jeffreysIntervals) = (counts.map { $0.clopperPearson() }, counts.map { $0.jeffreys() })
    let exact = rates.map { coverage($0, exactIntervals) }
    let jeffreys = rates.map { coverage($0, jeffreysIntervals) }
    #expect((exact.min() ?? 0) >= 0.95)
    #expect((jeffreys.min() ?? 1) < 0.95)
    if trials >= 10 {
      #expect(abs(jeffreys.reduce(0, +) / Double(rates.count) - 0.95) < 0.012)
      #expect((exact.min() ?? 1) < 0.97)
    }
  }

  /// - Parameter intervals: one for each number of events.
  private func coverage(_ rate: Double, _ intervals: [Interval]) -> Double {
    let n = Double(intervals.count - 1)
    return intervals.enumerated().reduce(0) { sum, next in
      guard next.element.contains(rate) else { return sum }
      let k = Double(next.offset)
      let choices = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
      return sum + exp(choices + k * log(rate) + (n - k) * log1p(-rate))
    }
  }

  /// The same for Poisson counts, over means from 0.01 to 20.
  @Test func poissonCoverageByEnumeration() {
    let intervals = (0..<80).map { PoissonCount(events: $0).interval() }
    for step in 1...200 {
      let mean = pow(Double(step) / 200, 2) * 20
      let covered = intervals.enumerated().reduce(0.0) { sum, next in
        next.element.contains(mean)
          ? sum + exp(Double(next.offset) * log(mean) - mean - lgamma(Double(next.offset) + 1)) : sum
      }
      #expect(covered >= 0.95, "\(mean)")
    }
  }

  @Test func ratiosAtTheExtremes() throws {
    let rows: [Fixture.RatioRow] = try Fixture.rows("extremes")
    #expect(rows.count == 42)
    for row in rows {
      let (a, b) = (Count(events: row.a[0], trials: row.a[1]), Count(events: row.b[0], trials: row.b[1]))
      let interval = try #require(RateRatio(of: a, over: b, confidence: row.confidence)).interval
      #expect(agree(interval.lower, row.lower, within: 1e-9), "\(a) over \(b) at \(row.confidence)")
      #expect(agree(interval.upper, row.upper ?? .infinity, within: 1e-9), "\(a) over \(b) at \(row.confidence)")
    }
  }
}
