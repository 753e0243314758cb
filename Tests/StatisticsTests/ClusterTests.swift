import Foundation
import Testing

@testable import Statistics

@Suite struct ClusterTests {
  private static func count(_ clusters: [[Int]]) -> ClusteredCount {
    ClusteredCount(clusters: clusters.map { Count(events: $0[0], trials: $0[1]) })
  }

  /// 3, 1 and 0 of 4: the mean squares are 4 ((5/12)^2 + (1/12)^2 + (1/3)^2) / 2 = 7/12 between and (3/4 + 3/4 + 0) / 9 =
  /// 1/6 within, so the correlation is (7/12 - 2/12) / (7/12 + 3 * 2/12) = 5/13.
  @Test func analysisOfVarianceByHand() throws {
    let count = Self.count([[3, 4], [1, 4], [0, 0], [0, 4]])
    #expect(agree(try #require(count.intraclassCorrelation), 5.0 / 13, within: 1e-14))
    #expect(agree(try #require(count.designEffect), 1 + 3 * 5.0 / 13, within: 1e-14))
    #expect(agree(try #require(count.effectiveTrials), 12 / (28.0 / 13), within: 1e-14))
    #expect(count.pooled == Count(events: 4, trials: 12))
    // Sizes 1 and 3: a trial is on average in a cluster of (1 + 9) / 4. Rates 1 and 1/3 about 1/2: between (1/4 + 1/12) / 1 =
    // 1/3, within (2/3) / 2 = 1/3, so nothing is left between.
    #expect(agree(try #require(Self.count([[1, 1], [1, 3]]).designEffect), 1, within: 1e-14))
  }

  @Test func whatCannotBeKnownIsNil() {
    for clusters in [[], [[3, 9]], [[1, 1], [0, 1]], [[0, 5], [0, 7]], [[5, 5], [7, 7]]] {
      #expect(Self.count(clusters).intraclassCorrelation == nil)
      #expect(Self.count(clusters).effectiveTrials == nil)
    }
    var draws = SeededDraws(seed: 1)
    for clusters in [[], [[3, 9]], [[0, 5], [0, 7]], [[5, 5], [7, 7]], [[1, 2], [2, 4]]] {
      #expect(Self.count(clusters).bootstrap(draws: 50, using: &draws) == nil)
    }
    #expect(Self.count([]).betaBinomial() == nil)
    #expect(Self.count([]).interval() == Interval(lower: 0, upper: 1))
  }

  /// SciPy's beta-binomial distribution, its likelihood maximised by SciPy's optimisers.
  @Test func fitsAgreeWithSciPy() throws {
    let rows: [Fixture.ClusterRow] = try Fixture.rows("clusters")
    #expect(rows.count == 6)
    for row in rows {
      let fit = try #require(row.count.betaBinomial())
      #expect(agree(try #require(row.count.intraclassCorrelation), row.correlation, within: 1e-9), "\(row.name)")
      #expect(agree(fit.mean, row.mean, within: 1e-5), "\(row.name): \(fit.mean), not \(row.mean)")
      #expect(abs((fit.correlation ?? 1) - row.likeliest) < 1e-5, "\(row.name): \(fit), not \(row.likeliest)")
      #expect(agree(fit.interval.lower, row.interval[0], within: 1e-4), "\(row.name): \(fit), not \(row.interval)")
      #expect(agree(fit.interval.upper, row.interval[1], within: 1e-4), "\(row.name): \(fit), not \(row.interval)")
      let limit = row.count.correlationLimit(confidence: 0.95)
      #expect(abs(limit - row.limit) < 1e-4, "\(row.name): \(limit), not \(row.limit)")
    }
  }

  /// SciPy's BCa interval of the same data, within the noise of both (a twentieth of its width).
  @Test func bootstrapAgreesWithSciPy() throws {
    let rows: [Fixture.ClusterRow] = try Fixture.rows("clusters")
    for row in rows where row.clusters.count > 20 {
      var draws = SeededDraws(seed: 5)
      let interval = try #require(row.count.bootstrap(draws: 8_000, using: &draws))
      let room = 0.05 * (row.bootstrap[1] - row.bootstrap[0])
      #expect(abs(interval.lower - row.bootstrap[0]) < room, "\(row.name): \(interval), not \(row.bootstrap)")
      #expect(abs(interval.upper - row.bootstrap[1]) < room, "\(row.name): \(interval), not \(row.bootstrap)")
      var again = SeededDraws(seed: 5)
      #expect(row.count.bootstrap(draws: 8_000, using: &again) == interval)
    }
  }

  @Test func kornAndGraubardAgreeWithSciPy() throws {
    let clusters: [Fixture.ClusterRow] = try Fixture.rows("clusters")
    let rows: [Fixture.KornGraubardRow] = try Fixture.rows("kornGraubard")
    #expect(rows.count == 9)
    for row in rows {
      let count = try #require(clusters.first { $0.name == row.name }).count
      let interval = count.interval(correlation: row.correlation)
      #expect(agree(interval.lower, row.interval[0], within: 1e-9), "\(row): \(interval)")
      #expect(agree(interval.upper, row.interval[1], within: 1e-9), "\(row): \(interval)")
    }
  }

  /// Clusters of one trial are trials.
  @Test func singleTrialsHaveClopperAndPearsonsInterval() {
    for (events, trials) in [(0, 50), (3, 50), (50, 50), (1, 1), (700, 2_000)] {
      let count = ClusteredCount(
        clusters: (0..<trials).map { Count(events: $0 < events ? 1 : 0, trials: 1) })
      #expect(count.interval() == Count(events: events, trials: trials).clopperPearson())
      #expect(count.interval(correlation: 0.5) == Count(events: events, trials: trials).clopperPearson())
    }
  }

  /// Without events nothing is known about the correlation: 512 prompts bound the rate as 512 trials would, and as 32,768
  /// only on the assumption that their samples are independent.
  @Test func withoutEventsAClusterCountsAsOne() {
    let count = Self.count(Array(repeating: [0, 64], count: 512))
    let interval = count.interval()
    #expect(interval.lower == 0)
    #expect(agree(interval.upper, 1 - pow(0.025, 1.0 / 512), within: 1e-9))
    #expect(agree(count.interval(correlation: 0).upper, 1 - pow(0.025, 1.0 / 32_768), within: 1e-9))
    #expect(count.correlationLimit(confidence: 0.95) == 1)
    let all = Self.count(Array(repeating: [64, 64], count: 512)).interval()
    #expect(agree(all.lower, pow(0.025, 1.0 / 512), within: 1e-9) && all.upper == 1)
  }

  /// The same prompts hit again and again tell less than different ones: 60 events in 1, 3 and 60 of 512 prompts.
  @Test func concentrationWidensTheInterval() {
    let spread = Self.count((0..<512).map { [$0 < 60 ? 1 : 0, 64] }).interval()
    let three = Self.count((0..<512).map { [$0 < 3 ? 20 : 0, 64] }).interval()
    let one = Self.count((0..<512).map { [$0 < 1 ? 60 : 0, 64] }).interval()
    let rate = 60.0 / 32_768
    #expect([spread, three, one].allSatisfy { $0.contains(rate) })
    #expect(spread.upper < 1.5 * rate && three.upper > 3 * rate && one.upper > 5 * rate)
    // One hit prompt may have any rate: at least one of 64 times what one in 512 bounds from below.
    #expect(one.lower >= Count(events: 1, trials: 512).clopperPearson().lower / 64 && one.lower < rate / 20)
  }

  /// Complements have mirrored intervals.
  @Test func complementsMirror() {
    let clusters = [[0, 9], [1, 12], [8, 9], [0, 30], [2, 4], [0, 1]]
    let (some, others) = (
      Self.count(clusters).interval(), Self.count(clusters.map { [$0[1] - $0[0], $0[1]] }).interval()
    )
    #expect(abs(some.lower - (1 - others.upper)) < 1e-4 && abs(some.upper - (1 - others.lower)) < 1e-4)
  }
}
