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

  /// MOVER for ratios in closed form (Donner and Zou 2012), worked out in Python: the roots of the quadratic whose bisection
  /// this is. The intervals are Clopper and Pearson's.
  @Test func ratiosOfTwoIntervals() throws {
    let rows: [(a: Count, b: Count, lower: Double, upper: Double)] = [
      (Count(events: 30, trials: 100), Count(events: 10, trials: 100), 1.5371265732887323, 6.425224642315566),
      (Count(events: 1, trials: 100), Count(events: 60, trials: 200), 0.0008432470900699373, 0.18656061495418716),
      (Count(events: 0, trials: 50), Count(events: 20, trials: 50), 0.0, 0.18905374417301551),
      (Count(events: 20, trials: 50), Count(events: 0, trials: 50), 5.289501164731411, .infinity),
      (Count(events: 0, trials: 50), Count(events: 0, trials: 80), 0.0, .infinity),
      (Count(events: 50, trials: 50), Count(events: 1, trials: 50), 9.363073033028451, 1975.394552456707),
      (Count(events: 3, trials: 1000), Count(events: 2, trials: 90), 0.018368187450077896, 1.3404178544165406),
    ]
    for row in rows {
      let ratio = try #require(
        RateRatio(of: row.a.rate, row.a.clopperPearson(), over: row.b.rate, row.b.clopperPearson()))
      #expect(agree(ratio.interval.lower, row.lower, within: 1e-9), "\(row): \(ratio)")
      #expect(agree(ratio.interval.upper, row.upper, within: 1e-9), "\(row): \(ratio)")
    }
    #expect(RateRatio(of: nil, Interval(lower: 0, upper: 1), over: 0.5, Interval(lower: 0, upper: 1)) == nil)
  }
}
