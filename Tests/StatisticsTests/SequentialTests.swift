import Foundation
import Statistics
import Testing

@Suite struct SequentialTests {
  @Test func sequencesAgreeWithSciPy() throws {
    let rows: [Fixture.SequenceRow] = try Fixture.rows("sequences")
    #expect(rows.count == 54)
    for row in rows {
      let sequence = ConfidenceSequence(confidence: row.confidence, expecting: row.rate)
      let interval = sequence.interval(Count(events: row.events, trials: row.trials))
      #expect(agree(interval.lower, row.lower, within: 1e-9), "\(row): \(interval)")
      #expect(agree(interval.upper, row.upper, within: 1e-9), "\(row): \(interval)")
    }
  }

  /// Without events in one trial, with a uniform-like prior of 1/2 and 1/2: the mixture is B(1/2, 3/2) / B(1/2, 1/2) = 1/2, and
  /// 1 - p stays above 1/2 times 5 % up to p = 0.975.
  @Test func oneTrialByHand() {
    let interval = ConfidenceSequence().interval(Count(events: 0, trials: 1))
    #expect(interval.lower == 0 && agree(interval.upper, 0.975, within: 1e-12))
    #expect(ConfidenceSequence().interval(Count(events: 0, trials: 0)) == Interval(lower: 0, upper: 1))
  }

  /// Looking after every one of 2,000 trials: the sequence ever excludes the rate in at most 5 % of 400 streams (28 have a
  /// chance of 5 % at most at that rate), while the interval for a fixed number of trials does so in a large share.
  @Test(arguments: [0.3, 0.01]) func lookingOftenKeepsTheGuarantee(_ rate: Double) {
    var draws = SeededDraws(seed: 11)
    let sequence = ConfidenceSequence(expecting: 0.02)
    let looks = 2_000
    // The counts at which either excludes the rate, worked out once for each number of trials that is looked at.
    let stride = 10
    let kept = (1...(looks / stride)).map { look -> (sequence: ClosedRange<Int>, fixed: ClosedRange<Int>) in
      let trials = look * stride
      func range(_ interval: (Count) -> Interval) -> ClosedRange<Int> {
        var (low, high) = (Int(rate * Double(trials)), Int(rate * Double(trials)))
        while low > 0, interval(Count(events: low - 1, trials: trials)).contains(rate) { low -= 1 }
        while high < trials, interval(Count(events: high + 1, trials: trials)).contains(rate) { high += 1 }
        return low...high
      }
      return (range { sequence.interval($0) }, range { $0.clopperPearson() })
    }
    var (outside, fixedOutside) = (0, 0)
    for _ in 0..<400 {
      var (events, isOut, isFixedOut) = (0, false, false)
      for look in kept {
        for _ in 0..<stride where draws.uniform() < rate { events += 1 }
        isOut = isOut || !look.sequence.contains(events)
        isFixedOut = isFixedOut || !look.fixed.contains(events)
      }
      outside += isOut ? 1 : 0
      fixedOutside += isFixedOut ? 1 : 0
    }
    #expect(outside <= 28, "\(outside) of 400")
    #expect(fixedOutside > 60, "\(fixedOutside) of 400")
  }

  /// The sequential comparison of equal rates, looked at after each pair: below 5 % in at most 5 % of streams. Fisher's test,
  /// looked at as often, is below in far more.
  @Test func comparingOftenKeepsTheGuarantee() {
    var draws = SeededDraws(seed: 3)
    let comparison = SequentialComparison(expecting: 0.1)
    var (found, fisherFound) = (0, 0)
    for _ in 0..<200 {
      var (a, b, isFound, isFisherFound) = (0, 0, false, false)
      for trials in 1...400 {
        if draws.uniform() < 0.1 { a += 1 }
        if draws.uniform() < 0.1 { b += 1 }
        if trials % 10 > 0 { continue }
        let (first, second) = (Count(events: a, trials: trials), Count(events: b, trials: trials))
        isFound = isFound || comparison.p(first, second).value <= 0.05
        isFisherFound = isFisherFound || fisherExact(first, second).value <= 0.05
      }
      found += isFound ? 1 : 0
      fisherFound += isFisherFound ? 1 : 0
    }
    #expect(found <= 17, "\(found) of 200")
    #expect(fisherFound > 20, "\(fisherFound) of 200")
    let clear = comparison.p(Count(events: 90, trials: 100), Count(events: 10, trials: 100))
    #expect(clear.value < 1e-12)
    #expect(comparison.p(Count(events: 0, trials: 0), Count(events: 0, trials: 0)).value == 1)
  }

  /// By hand: one event in one trial against none in one. Each mixture is 1/2; one rate of 1/2 gives 1/4. The evidence is 1.
  @Test func evidenceByHand() {
    let evidence = SequentialComparison().logEvidence(Count(events: 1, trials: 1), Count(events: 0, trials: 1))
    #expect(abs(evidence) < 1e-12)
  }

  @Test func rulesStopWhenTheyShould() {
    let sequence = ConfidenceSequence()
    func decision(_ rule: StoppingRule, _ events: Int, _ trials: Int) -> StoppingRule.Decision {
      rule.decision(sequence.interval(Count(events: events, trials: trials)))
    }
    #expect(decision(.side(of: 0.1), 0, 10) == .undecided)
    #expect(decision(.side(of: 0.1), 0, 300) == .below)
    #expect(decision(.side(of: 0.1), 90, 300) == .above)
    #expect(decision(.width(0.1), 50, 100) == .undecided)
    #expect(decision(.width(0.1), 5_000, 10_000) == .precise)
    // 40 clusters of 1,000 are 40 units.
    let clusters = ClusteredCount(clusters: Array(repeating: Count(events: 0, trials: 1_000), count: 40))
    #expect(StoppingRule.side(of: 0.01).decision(sequence.interval(clusters)) == .undecided)
    #expect(StoppingRule.side(of: 0.01).decision(sequence.interval(clusters.pooled)) == .below)
  }

  /// Rates expected small make bounds without events shorter; the paper's 32,768 without an event.
  @Test func anExpectationShortensIntervals() {
    let count = Count(events: 0, trials: 32_768)
    let (open, informed) = (
      ConfidenceSequence().interval(count).upper, ConfidenceSequence(expecting: 1e-4).interval(count).upper
    )
    #expect(informed < 0.65 * open && informed > count.clopperPearson().upper)
  }
}
