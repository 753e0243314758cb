import Foundation
import Statistics
import Testing

/// Boschloo's, McNemar's and Mantel and Haenszel's tests, and adjustment for many tests.
@Suite struct TableTests {
  private struct PairsRow: Decodable {
    var onlyFirst: Int
    var onlySecond: Int
    var logExact: Double
    var logMidP: Double
  }

  private struct StrataRow: Decodable {
    var strata: [[[Int]]]
    var logP: Double
    /// `nil` is infinite.
    var exact: [Double?]
    var ratio: Double?
    var interval: [Double]?
    var homogeneity: Double?
    var cochran: Double

    var counts: [(Count, Count)] {
      strata.map { (Count(events: $0[0][0], trials: $0[0][1]), Count(events: $0[1][0], trials: $0[1][1])) }
    }
  }

  private struct AdjustedRow: Decodable {
    var p: [Double]
    var holm: [Double]
    var fdr_bh: [Double]
  }

  /// SciPy's definition, its largest value searched on a dense grid (the script compares with SciPy's own search).
  @Test func boschlooAgreesWithSciPysDefinition() throws {
    let rows: [Fixture.FisherRow] = try Fixture.rows("boschloo")
    #expect(rows.count > 60)
    for row in rows {
      let (a, b) = (Count(events: row.a[0], trials: row.a[1]), Count(events: row.b[0], trials: row.b[1]))
      let p = try #require(boschloo(a, b))
      #expect(agree(p.value, row.p, within: 1e-9), "\(row.a) against \(row.b)")
      #expect(agree(try #require(boschloo(b, a)).value, p.value, within: 1e-12))
    }
  }

  /// One of one against none of one: of the four results it is the only one as extreme, with probability p (1 - p), at most
  /// 1/4, twice that for two sides.
  @Test func boschlooByHand() throws {
    let p = try #require(boschloo(Count(events: 1, trials: 1), Count(events: 0, trials: 1)))
    #expect(agree(p.value, 0.5, within: 1e-10))
    // All of 2,000 against none: at rate 1/2, one result in 2^4000, for two sides.
    let split = try #require(boschloo(Count(events: 0, trials: 2000), Count(events: 2000, trials: 2000)))
    #expect(agree(split.naturalLog, -3999 * log(2), within: 1e-9))
  }

  @Test func boschlooSaysWhatItCannot() throws {
    let some = Count(events: 3, trials: 10)
    #expect(boschloo(some, Count(events: 0, trials: BoschlooTest.limit)) == nil)
    #expect(try #require(boschloo(some, Count(events: 0, trials: 0))).value == 1)
    #expect(try #require(boschloo(Count(events: 0, trials: 4), Count(events: 0, trials: 9))).value == 1)
    #expect(try #require(boschloo(Count(events: 4, trials: 4), Count(events: 9, trials: 9))).value == 1)
  }

  /// Against whole numbers (and statsmodels, in the script), on the scale of the logarithm.
  @Test func mcNemarAgreesWithCounting() throws {
    let rows: [PairsRow] = try Fixture.rows("mcnemar")
    #expect(rows.count == 12)
    for row in rows {
      let pairs = McNemar(bothYes: 3, onlyFirst: row.onlyFirst, onlySecond: row.onlySecond, bothNo: 9)
      let place: Comment = "\(row.onlyFirst), \(row.onlySecond)"
      #expect(abs(pairs.exact.naturalLog - row.logExact) <= 1e-10 * max(1, abs(row.logExact)), place)
      #expect(abs(pairs.midP.naturalLog - row.logMidP) <= 1e-10 * max(1, abs(row.logMidP)), place)
    }
  }

  /// 1 against 6 of 7: 2 (1 + 7) / 128 = 0.125, and the mid-p takes 7/128 away. The odds ratio's ends are those of 1 of 7 as
  /// odds.
  @Test func mcNemarByHand() {
    let pairs = McNemar(bothYes: 100, onlyFirst: 1, onlySecond: 6, bothNo: 0)
    #expect(agree(pairs.exact.value, 0.125, within: 1e-13))
    #expect(agree(pairs.midP.value, 0.125 - 7.0 / 128, within: 1e-13))
    #expect(pairs.oddsRatio == 1.0 / 6)
    let share = Count(events: 1, trials: 7).clopperPearson()
    let odds = pairs.oddsRatioInterval()
    #expect(agree(odds.lower, share.lower / (1 - share.lower), within: 1e-12))
    #expect(agree(odds.upper, share.upper / (1 - share.upper), within: 1e-12))
    let none = McNemar(bothYes: 4, onlyFirst: 0, onlySecond: 0, bothNo: 4)
    #expect(none.exact.value == 1 && none.midP.value == 1 && none.oddsRatio == nil)
    #expect(none.oddsRatioInterval() == Interval(lower: 0, upper: .infinity))
  }

  /// Against whole numbers for the exact test and statsmodels' `StratifiedTable` for the rest.
  @Test func strataAgreeWithTheReferences() throws {
    let rows: [StrataRow] = try Fixture.rows("strata")
    #expect(rows.count == 8)
    for row in rows {
      let test = MantelHaenszel(strata: row.counts)
      let place: Comment = "\(row.strata)"
      #expect(test.method == .exact && test.informativeStrata == row.strata.count)
      #expect(abs(test.p.naturalLog - row.logP) <= 1e-9 * max(1, abs(row.logP)), place)
      let exact = try #require(test.exactInterval)
      #expect(agree(exact.lower, row.exact[0] ?? .infinity, within: 1e-9), place)
      #expect(agree(exact.upper, row.exact[1] ?? .infinity, within: 1e-9), place)
      if let ratio = row.ratio, let interval = row.interval, let homogeneity = row.homogeneity {
        #expect(agree(try #require(test.commonOddsRatio), ratio, within: 1e-9), place)
        #expect(agree(test.interval.lower, interval[0], within: 1e-9), place)
        #expect(agree(test.interval.upper, interval[1], within: 1e-9), place)
        #expect(agree(try #require(test.homogeneity).value, homogeneity, within: 1e-9), place)
      } else {
        #expect(test.homogeneity == nil && test.interval == exact, place)
      }
    }
  }

  /// With one stratum the exact test is Fisher's.
  @Test func oneStratumIsFishersTest() {
    for (a, b) in [
      (Count(events: 1, trials: 3), Count(events: 4, trials: 5)),
      (Count(events: 0, trials: 2000), Count(events: 2000, trials: 2000)),
    ] {
      #expect(agree(MantelHaenszel(strata: [(a, b)]).p.naturalLog, fisherExact(a, b).naturalLog, within: 1e-10))
    }
  }

  @Test func strataThatSayNothingChangeNothing() throws {
    let (a, b) = (Count(events: 3, trials: 9), Count(events: 1, trials: 12))
    let (none, all, empty) = (Count(events: 0, trials: 50), Count(events: 7, trials: 7), Count(events: 0, trials: 0))
    let alone = MantelHaenszel(strata: [(a, b), (b, a)])
    let among = MantelHaenszel(strata: [(none, none), (a, b), (all, all), (empty, a), (b, a), (empty, empty)])
    #expect(among.p == alone.p && among.interval == alone.interval && among.homogeneity == alone.homogeneity)
    #expect(among.informativeStrata == 2)
    let nothing = MantelHaenszel(strata: [(none, none), (empty, a)])
    #expect(nothing.commonOddsRatio == nil && nothing.p.value == 1 && nothing.homogeneity == nil)
    #expect(nothing.interval == Interval(lower: 0, upper: .infinity))
  }

  /// Too many events to tabulate: the chi-squared test, computed here from its definition; with a zero cell the interval
  /// still has its finite end.
  @Test func manyEventsAreTestedByChiSquared() throws {
    let (a, b) = (Count(events: 15_200, trials: 40_000), Count(events: 15_000, trials: 40_000))
    let test = MantelHaenszel(strata: [(a, b)])
    #expect(test.method == .cochranMantelHaenszel && test.exactInterval == nil)
    // Half of 30,200 events are expected; variance n1 n2 m1 m2 / (N^2 (N - 1)).
    let variance = 40_000.0 * 40_000 * 30_200 * 49_800 / (80_000.0 * 80_000 * 79_999)
    #expect(agree(test.p.value, erfc(100 / (2 * variance).squareRoot()), within: 1e-10))
    let open = MantelHaenszel(strata: [(Count(events: 0, trials: 100_000), Count(events: 25_000, trials: 100_000))])
    #expect(open.method == .cochranMantelHaenszel && open.commonOddsRatio == 0)
    // About what the exact upper bound of 0 of 100,000, as odds, is over odds of 1/3.
    let bound = -log(0.025) / 100_000 * 3
    #expect(open.interval.lower == 0 && agree(open.interval.upper, bound, within: 0.02))
    // The mirror image.
    let mirror = MantelHaenszel(strata: [(Count(events: 25_000, trials: 100_000), Count(events: 0, trials: 100_000))])
    #expect(mirror.commonOddsRatio == .infinity && mirror.interval.upper == .infinity)
    #expect(agree(mirror.interval.lower, 1 / open.interval.upper, within: 1e-9))
  }

  @Test func adjustedValuesAgreeWithStatsmodels() throws {
    let rows: [AdjustedRow] = try Fixture.rows("multiplicity")
    #expect(rows.count == 4)
    for row in rows {
      let values = row.p.map { PValue(naturalLog: log($0)) }
      #expect(zip(values.holm(), row.holm).allSatisfy { agree($0.value, $1, within: 1e-12) })
      #expect(zip(values.benjaminiHochberg(), row.fdr_bh).allSatisfy { agree($0.value, $1, within: 1e-12) })
    }
  }

  /// Holm: 0.004 is 0.001 x 4, 0.03 = 0.01 x 3; 0.04 x 1 may not be less than 0.03 x 2. Benjamini and Hochberg: 0.04 x 4/4,
  /// 0.03 x 4/3 = 0.04, 0.01 x 4/2 and 0.001 x 4.
  @Test func adjustmentByHand() {
    let values = [0.01, 0.04, 0.03, 0.001].map { PValue(naturalLog: log($0)) }
    #expect(zip(values.holm(), [0.03, 0.06, 0.06, 0.004]).allSatisfy { agree($0.value, $1, within: 1e-12) })
    #expect(
      zip(values.benjaminiHochberg(), [0.02, 0.04, 0.04, 0.004]).allSatisfy { agree($0.value, $1, within: 1e-12) })
    #expect([0.6, 0.7].map { PValue(naturalLog: log($0)) }.holm().map(\.value) == [1, 1])
    #expect([PValue]().holm().isEmpty && [PValue]().benjaminiHochberg().isEmpty)
    // Below what a Double holds.
    let tiny = [PValue(naturalLog: -2768), PValue(naturalLog: 0)]
    #expect(tiny.holm()[0].naturalLog == -2768 + log(2) && tiny.benjaminiHochberg()[0].naturalLog == -2768 + log(2))
  }
}
