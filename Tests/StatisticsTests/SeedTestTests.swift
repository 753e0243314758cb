import Foundation
import Statistics
import Testing

@Suite struct SeedTestTests {
  private struct Row: Decodable {
    var a: [Double]
    var b: [Double]
    var welch: Double
    var lower: Double
    var upper: Double
    /// Missing where there are too many ways to list in a fixture.
    var permutation: Double?
    var one: Double
    var oneLower: Double
    var oneUpper: Double
    var withError: Double
    var reach: Double
    var paired: Double?
  }

  /// SciPy's `permutation_test`, `ttest_ind`, `ttest_1samp` and `ttest_rel`.
  @Test func agreesWithSciPy() throws {
    let rows: [Row] = try Fixture.rows("seed_tests")
    #expect(rows.count == 32)
    for row in rows {
      let two = try #require(SeedTest(row.a, against: row.b))
      if let permutation = row.permutation {
        #expect(two.method == .permutation)
        #expect(agree(two.p.value, permutation, within: 1e-12), "\(row.a) \(row.b): \(two.p), SciPy \(permutation)")
      } else {
        #expect(two.method == .welch)
        #expect(agree(two.p.value, row.welch, within: 1e-9))
      }
      #expect(agree(two.interval.lower, row.lower, within: 1e-9) && agree(two.interval.upper, row.upper, within: 1e-9))
      let one = try #require(SeedTest(row.a, against: 0.25))
      #expect(agree(one.p.value, row.one, within: 1e-9), "\(row.a): \(one.p.value), SciPy \(row.one)")
      #expect(agree(one.interval.lower, row.oneLower, within: 1e-8))
      #expect(agree(one.interval.upper, row.oneUpper, within: 1e-8))
      let known = try #require(
        SeedTest(row.a.map { SeedValue($0) }, against: SeedValue(0.25, samplingVariance: 0.4)))
      #expect(agree(known.p.value, row.withError, within: 1e-7))
      #expect(agree((known.interval.upper - known.interval.lower) / 2, row.reach, within: 1e-7))
      if let paired = row.paired {
        #expect(agree(try #require(SeedTest(paired: row.a, with: row.b)).p.value, paired, within: 1e-9))
      }
    }
  }

  /// 3 of 6 can be chosen in 20 ways, and the mirror image is as extreme: 2/20. By hand.
  @Test func fewSequencesBoundTheP() throws {
    let least = [(3, 3, 2.0 / 20), (4, 4, 2.0 / 70), (5, 5, 2.0 / 252), (3, 4, 1.0 / 35)]
    for (first, second, p) in least {
      let a = (0..<first).map { 100 + Double($0) }
      let test = try #require(SeedTest(a, against: (0..<second).map(Double.init)))
      #expect(agree(test.p.value, p, within: 1e-12))
      #expect(agree(try #require(test.leastP).value, p, within: 1e-12))
    }
    #expect(try #require(SeedTest([1, 2, 3], against: 0)).leastP == nil)
  }

  @Test func oneSequenceCannotBeTested() {
    #expect(SeedTest([1], against: [2, 3]) == nil)
    #expect(SeedTest([1, 2], against: [3]) == nil)
    #expect(SeedTest([1.0], against: 0) == nil)
    #expect(SeedTest(paired: [1], with: [2]) == nil)
    #expect(SeedTest(paired: [1, 2], with: [2]) == nil)
  }

  /// Equal sequences with a difference have no spread to measure it by, unless the error of each is known.
  @Test func equalValuesNeedAnErrorOfTheirOwn() throws {
    #expect(SeedTest([2, 2, 2], against: 0) == nil)
    #expect(try #require(SeedTest([2, 2, 2], against: 2)).p.value == 1)
    let values = [SeedValue](repeating: SeedValue(2, samplingVariance: 3), count: 3)
    // A variance of 3 / 3 and two degrees of freedom: t = 2, and 1 - t / sqrt(t^2 + 2) is 0.18350.
    #expect(agree(try #require(SeedTest(values)).p.value, 1 - 2 / 6.0.squareRoot(), within: 1e-12))
  }

  /// Log odds of sequences: equal rates are equal whatever their trials, and rates of 0 and 1 are finite.
  @Test func logOddsOfRates() {
    let values = SeedValue.logOdds([
      Count(events: 0, trials: 96), Count(events: 0, trials: 48), Count(events: 24, trials: 48),
      Count(events: 48, trials: 48), Count(events: 0, trials: 0),
    ])
    #expect(values.count == 4)
    #expect(agree(values[0].value, log(0.5 / 48.5), within: 1e-13) && values[0].value == values[1].value)
    #expect(abs(values[2].value) < 1e-13 && agree(values[3].value, -values[0].value, within: 1e-13))
    #expect(agree(values[0].samplingVariance, 2 + 1 / 96.5, within: 1e-13))
    #expect(agree(values[2].samplingVariance, 2 / 24.5, within: 1e-13))
  }
}
