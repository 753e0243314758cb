import Foundation
import Statistics
import Testing

@Suite struct RatioTests {
  @Test func intervalsAgreeWithStatsmodels() throws {
    let rows: [Fixture.RatioRow] = try Fixture.rows("ratios")
    #expect(rows.count > 600)
    for row in rows {
      let (a, b) = (Count(events: row.a[0], trials: row.a[1]), Count(events: row.b[0], trials: row.b[1]))
      let interval = try #require(RateRatio(of: a, over: b, confidence: row.confidence)).interval
      #expect(agree(interval.lower, row.lower, within: 1e-9), "\(a) over \(b) at \(row.confidence)")
      #expect(agree(interval.upper, row.upper ?? .infinity, within: 1e-9), "\(a) over \(b) at \(row.confidence)")
    }
  }

  /// Under equal rates the score is the pooled one. 10 of 20 against 4 of 20, pooled 0.35:
  /// z^2 = 0.3^2 / (0.35 x 0.65 x 0.1) x 39/40 = 3.857, just above 1.95996^2 = 3.841, so that 1 is just outside. With 9 of
  /// 20 it is 0.25^2 / (0.325 x 0.675 x 0.1) x 39/40 = 2.778, and 1 is inside.
  @Test func equalRatesByHand() throws {
    let four = Count(events: 4, trials: 20)
    let clear = try #require(RateRatio(of: Count(events: 10, trials: 20), over: four))
    #expect(clear.ratio == 2.5 && clear.interval.lower > 1 && clear.interval.lower < 1.01)
    let unclear = try #require(RateRatio(of: Count(events: 9, trials: 20), over: four))
    #expect(unclear.interval.contains(1))
  }

  @Test func noEventsLeaveAnEndOpen() throws {
    let (none, some) = (Count(events: 0, trials: 100_000), Count(events: 24, trials: 10_000))
    let gone = try #require(RateRatio(of: some, over: none))
    #expect(gone.ratio == .infinity && gone.interval.upper == .infinity && gone.interval.lower > 30)
    let never = try #require(RateRatio(of: none, over: some))
    #expect(never.ratio == 0 && never.interval.lower == 0)
    // The two are each other's reciprocals.
    #expect(agree(never.interval.upper, 1 / gone.interval.lower, within: 1e-12))
    let silent = try #require(RateRatio(of: none, over: Count(events: 0, trials: 5)))
    #expect(silent.ratio == nil && silent.interval == Interval(lower: 0, upper: .infinity))
    #expect(RateRatio(of: Count(events: 0, trials: 0), over: some) == nil)
    #expect(RateRatio(of: some, over: Count(events: 0, trials: 0)) == nil)
  }

  /// The paper's train-away: 4 of 100,000 are left; p = 0.125 against the untrained model's 0 of 100,000 (section 3). Its
  /// rate before is not given; the other exploit-only run's 4 of 10,000 stands in, so the factor is 10.
  @Test func trainingAwayAsInThePaper() throws {
    let after = Count(events: 4, trials: 100_000)
    let reduction = try #require(ReductionFactor(before: Count(events: 4, trials: 10_000), after: after))
    #expect(agree(try #require(reduction.factor.ratio), 10, within: 1e-12))
    #expect(reduction.factor.interval.contains(10) && reduction.factor.interval.lower > 1)
    #expect(reduction.verdict(threshold: 0.05) == .reduced)
    #expect(reduction.verdict(threshold: 0.001) == .unclear)
    #expect(agree(reduction.remainder(against: Count(events: 0, trials: 100_000)).value, 0.125, within: 0.002))
  }

  @Test func aReductionIsNeverClaimedFromNothing() throws {
    let (none, half) = (Count(events: 0, trials: 1000), Count(events: 500, trials: 1000))
    #expect(ReductionFactor(before: none, after: none)?.verdict(threshold: 0.9) == .unclear)
    #expect(ReductionFactor(before: half, after: half)?.verdict(threshold: 0.9) == .unclear)
    #expect(ReductionFactor(before: half, after: none)?.verdict(threshold: 0.001) == .reduced)
    #expect(ReductionFactor(before: none, after: half)?.verdict(threshold: 0.001) == .increased)
    #expect(ReductionFactor(before: half, after: Count(events: 0, trials: 0)) == nil)
  }
}
