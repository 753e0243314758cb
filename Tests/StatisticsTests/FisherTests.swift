import Foundation
import Statistics
import Testing

@Suite struct FisherTests {
  @Test func pValuesAgreeWithSciPy() throws {
    let rows: [Fixture.FisherRow] = try Fixture.rows("fisher")
    #expect(rows.count > 200)
    for row in rows {
      let p = fisherExact(Count(events: row.a[0], trials: row.a[1]), Count(events: row.b[0], trials: row.b[1]))
      #expect(agree(p.value, row.p, within: 1e-9), "\(row.a) against \(row.b)")
    }
  }

  /// 1 of 3 against 4 of 5, by hand: C(3,k) C(5,5-k) / C(8,5) gives 1, 15, 30, 10 of 56 for k = 0 to 3; those at most as
  /// likely as k = 1 are all but k = 2.
  @Test func aTableByHand() {
    let p = fisherExact(Count(events: 1, trials: 3), Count(events: 4, trials: 5))
    #expect(agree(p.value, 26.0 / 56, within: 1e-13))
  }

  @Test func comparisonsOfThePaper() {
    let helpful = Count(events: 0, trials: 100_000)
    let overwrite = Count(events: 45, trials: 32_768)
    #expect(agree(fisherExact(overwrite, helpful).value, 4.4e-28, within: 0.02))
    #expect(agree(fisherExact(Count(events: 7, trials: 32_768), helpful).value, 5.6e-5, within: 0.02))
    #expect(fisherExact(Count(events: 24, trials: 10_000), Count(events: 32, trials: 32_768)).description == "0.0013")
    #expect(fisherExact(Count(events: 5, trials: 10_000), overwrite).description == "0.028")
    #expect(agree(fisherExact(Count(events: 4, trials: 100_000), helpful).value, 0.125, within: 0.002))
  }

  @Test func noEventsOrNoTrialsTellNothing() {
    #expect(fisherExact(Count(events: 0, trials: 9), Count(events: 0, trials: 5)).value == 1)
    #expect(fisherExact(Count(events: 5, trials: 5), Count(events: 0, trials: 0)).value == 1)
    #expect(fisherExact(Count(events: 9, trials: 9), Count(events: 5, trials: 5)).value == 1)
  }

  /// The probability of a full separation is 2 / C(4000, 2000), about 1e-1202: below what a `Double` holds.
  @Test func fullSeparationKeepsItsLogarithm() {
    let p = fisherExact(Count(events: 0, trials: 2000), Count(events: 2000, trials: 2000))
    let logBinomial = lgamma(4001.0) - 2 * lgamma(2001.0)
    #expect(p.value == 0)
    #expect(agree(p.naturalLog, log(2) - logBinomial, within: 1e-12))
    #expect(p.description == "1.2e-1202")
  }

  /// Summing every table would take hours.
  @Test(.timeLimit(.minutes(1))) func billionsOfTrialsAreQuick() {
    for shift in 0..<20 {
      let p = fisherExact(
        Count(events: 400_000_000 + shift * 1000, trials: 1_000_000_000),
        Count(events: 400_000_000, trials: 1_000_000_000))
      #expect(p.value > 0 && p.value <= 1)
    }
  }

  @Test(arguments: [(1.0, "1"), (0.13, "0.13"), (0.0013, "0.0013"), (0.00099999, "0.0010"), (4.36e-28, "4.4e-28")])
  func pValuesReadWell(value: Double, text: String) {
    #expect(PValue(naturalLog: log(value)).description == text)
  }

  @Test func chancesToSeeARareEvent() {
    #expect(agree(RareEvents.chanceToSee(rate: 0.00137, trials: 100), 0.128, within: 0.005))
    #expect(agree(RareEvents.chanceToSee(rate: 0.00137, trials: 1000), 0.747, within: 0.005))
    #expect(RareEvents.trialsToSee(rate: 1.4e-4) == 21_397)
    #expect(RareEvents.trialsToSee(rate: 1) == 1)
  }
}
