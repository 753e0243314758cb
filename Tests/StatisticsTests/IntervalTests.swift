import Statistics
import Testing

@Suite struct IntervalTests {
  @Test func intervalsAgreeWithSciPy() throws {
    let rows: [Fixture.IntervalRow] = try Fixture.rows("intervals")
    #expect(rows.count > 400)
    for row in rows {
      let count = Count(events: row.events, trials: row.trials)
      let exact = count.clopperPearson(confidence: row.confidence)
      let wilson = count.wilson(confidence: row.confidence)
      let pairs = [
        (exact.lower, row.clopperPearson[0]), (exact.upper, row.clopperPearson[1]),
        (count.lowerBound(confidence: row.confidence), row.oneSided[0]),
        (count.upperBound(confidence: row.confidence), row.oneSided[1]),
        (wilson.lower, row.wilson[0]), (wilson.upper, row.wilson[1]),
      ]
      for (index, (ours, reference)) in pairs.enumerated() {
        #expect(
          agree(ours, reference, within: 1e-10), "\(row.events)/\(row.trials) at \(row.confidence), bound \(index)")
      }
    }
  }

  /// The closed forms at the ends: 0 of n gives 1 - tail^(1/n).
  @Test func noEventsStillHaveAnUpperBound() {
    let interval = Count(events: 0, trials: 1).clopperPearson()
    #expect(interval.lower == 0)
    #expect(agree(interval.upper, 0.975, within: 1e-13))
    let all = Count(events: 1, trials: 1).clopperPearson()
    #expect(agree(all.lower, 0.025, within: 1e-13))
    #expect(all.upper == 1)
    #expect(Count(events: 0, trials: 0).clopperPearson() == Interval(lower: 0, upper: 1))
    #expect(Count(events: 0, trials: 0).wilson() == Interval(lower: 0, upper: 1))
    #expect(Count(events: 0, trials: 0).rate == nil)
  }

  /// Intervals quoted for the counts of "Sycophancy to Subterfuge", in per cent where the paper's readers gave per cent.
  @Test(arguments: [
    (Count(events: 0, trials: 32_768), 0, 1.126e-4),
    (Count(events: 7, trials: 32_768), 8.59e-5, 4.40e-4),
    (Count(events: 45, trials: 32_768), 1.002e-3, 1.837e-3),
    (Count(events: 0, trials: 100_000), 0, 3.69e-5),
    (Count(events: 4, trials: 100_000), 1.09e-5, 1.02e-4),
    (Count(events: 5, trials: 10_000), 1.6e-4, 1.17e-3),
    (Count(events: 6, trials: 10_000), 2.2e-4, 1.31e-3),
  ]) func exactIntervalsOfThePaper(count: Count, lower: Double, upper: Double) {
    let interval = count.clopperPearson()
    #expect(agree(interval.lower, lower, within: 0.02))
    #expect(agree(interval.upper, upper, within: 0.005))
  }

  @Test func scoreIntervalsOfThePaper() {
    let overwrite = Count(events: 45, trials: 32_768).wilson()
    #expect(agree(overwrite.lower, 0.00103, within: 0.005) && agree(overwrite.upper, 0.00184, within: 0.005))
    let passed = Count(events: 7, trials: 32_768).wilson()
    #expect(agree(passed.lower, 0.00010, within: 0.05) && agree(passed.upper, 0.00044, within: 0.005))
    #expect(agree(Count(events: 0, trials: 100_000).wilson().upper, 0.000038, within: 0.02))
    #expect(agree(Count(events: 0, trials: 100_000).upperBound(), 3.0e-5, within: 0.005))
  }

  /// Examples (a), (c) and (e) of Newcombe 1998, table II, method 10.
  @Test(arguments: [
    (Count(events: 48, trials: 80), Count(events: 56, trials: 70), 0.2, 0.0524, 0.3339),
    (Count(events: 3, trials: 10), Count(events: 9, trials: 10), 0.6, 0.1705, 0.8090),
    (Count(events: 0, trials: 20), Count(events: 10, trials: 10), 1.0, 0.6791, 1.0),
  ]) func differencesAgreeWithNewcombe(a: Count, b: Count, difference: Double, lower: Double, upper: Double) throws {
    let result = try #require(riskDifference(from: a, to: b))
    #expect(abs(result.difference - difference) < 1e-12)
    #expect(abs(result.interval.lower - lower) < 5e-5)
    #expect(abs(result.interval.upper - upper) < 5e-5)
    #expect(riskDifference(from: Count(events: 0, trials: 0), to: b) == nil)
  }
}
