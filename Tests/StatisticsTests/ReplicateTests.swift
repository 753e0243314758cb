import Foundation
import Statistics
import Testing

@Suite struct ReplicateTests {
  private static func replicates(_ counts: [[Int]]) -> Replicates {
    Replicates(counts.map { Count(events: $0[0], trials: $0[1]) })
  }

  /// Against the listing of every table, within four standard errors of the draws.
  @Test func heterogeneityAgreesWithListingAllTables() throws {
    let rows: [Fixture.ReplicateRow] = try Fixture.rows("replicates")
    #expect(rows.count == 10)
    for (index, row) in rows.enumerated() {
      var generator = SplitMix(state: UInt64(index))
      let p = Self.replicates(row.counts).heterogeneity(draws: 20_000, using: &generator).value
      let error = 4 * (row.p * (1 - row.p) / 20_000).squareRoot() + 1.0 / 20_000
      #expect(abs(p - row.p) <= error, "\(row.counts): \(p), exactly \(row.p)")
    }
  }

  /// The test is a generalisation: a replicate without trials tells nothing, and two are tested exactly.
  @Test func twoReplicatesAreFishersTest() {
    var generator = SplitMix(state: 1)
    let two = Self.replicates([[1, 3], [0, 0], [4, 5]])
    // 26 of 56, by hand in FisherTests.
    #expect(agree(two.heterogeneity(using: &generator).value, 26.0 / 56, within: 1e-13))
    #expect(generator.state == 1)
    #expect(Self.replicates([[3, 5]]).heterogeneity(using: &generator).value == 1)
    #expect(Self.replicates([]).heterogeneity(using: &generator).value == 1)
    #expect(Self.replicates([[0, 5], [0, 9], [0, 4]]).heterogeneity(using: &generator).value == 1)
  }

  /// One seed of five hacks: no draw is as unlikely, and the value says how many draws there were.
  @Test func aClearDifferenceIsBoundedByTheDraws() {
    let counts = Self.replicates([[900, 32_768], [20, 32_768], [15, 32_768], [30, 32_768], [11, 32_768]])
    var generator = SplitMix(state: 3)
    #expect(agree(counts.heterogeneity(draws: 999, using: &generator).value, 1e-3, within: 1e-12))
    #expect(generator.state == 3, "a bound says so without a draw")
    #expect(counts.pooled == Count(events: 976, trials: 163_840))
    #expect(counts.range == (11.0 / 32_768)...(900.0 / 32_768))
  }

  @Test func equalSeedsGiveEqualValues() {
    let counts = Self.replicates([[3, 64], [9, 64], [5, 64]])
    let values = ([7, 7, 8] as [UInt64]).map { state in
      var generator = SplitMix(state: state)
      return counts.heterogeneity(draws: 500, using: &generator)
    }
    #expect(values[0] == values[1] && values[0] != values[2])
  }

  @Test func noTrialsHaveNoRange() {
    #expect(Self.replicates([[0, 0], [0, 0]]).range == nil)
    #expect(Self.replicates([]).pooled == Count(events: 0, trials: 0))
    #expect(Self.replicates([[0, 0], [1, 4]]).range == 0.25...0.25)
  }
}
