import Foundation
import Statistics
import Testing

/// Corrected rates whose episodes share prompts.
@Suite struct CorrectedRateClusterTests {
  private static func cluster(_ positives: (Int, Int), _ malign: (Int, Int)) -> CorrectedRate.ReadCluster {
    CorrectedRate.ReadCluster(
      positives: Count(events: positives.0, trials: positives.1), malign: Count(events: malign.0, trials: malign.1))
  }

  /// With an episode of each prompt nothing is shared.
  @Test func singleEpisodesAreIndependent() {
    let clusters =
      (0..<4).map { _ in Self.cluster((1, 1), (1, 1)) } + (0..<5).map { _ in Self.cluster((1, 1), (0, 0)) }
      + (0..<90).map { _ in Self.cluster((0, 1), (0, 0)) } + [Self.cluster((1, 1), (0, 1))]
    let plain = CorrectedRate(positives: Count(events: 10, trials: 100), malign: Count(events: 4, trials: 5))
    #expect(CorrectedRate(clusters: clusters).interval() == plain.interval())
    #expect(CorrectedRate(clusters: clusters).estimate == plain.estimate)
  }

  /// When every positive was read it is the interval of the malign ones by prompt.
  @Test func readCompletelyItIsTheClusteredInterval() {
    let clusters = (0..<20).map { Self.cluster(($0 % 3 == 0 ? 4 : 0, 6), ($0 % 3 == 0 ? 3 : 0, $0 % 3 == 0 ? 4 : 0)) }
    let counts = (0..<20).map { Count(events: $0 % 3 == 0 ? 3 : 0, trials: 6) }
    let rate = CorrectedRate(clusters: clusters)
    #expect(rate.isComplete && rate.interval() == ClusteredCount(clusters: counts).interval())
    let plain = CorrectedRate(positives: rate.positives, malign: rate.malign).interval()
    #expect(rate.interval().lower < plain.lower && rate.interval().upper > plain.upper)
  }

  /// 40 prompts of 12 episodes; a third of them are hit often, and how many hits are malign is the prompt's too. A quarter
  /// of the hits is read.
  @Test func coversWherePromptsDiffer() {
    var generator = SplitMix(state: 5)
    func unit() -> Double { Double.random(in: 0..<1, using: &generator) }
    // Rates of 0 or uniform to 0.6, shares of 0.1 or 0.9 with equal chances: the mean of their product.
    let truth = 1.0 / 3 * 0.3 * 0.5
    var (missed, missedPlain) = (0, 0)
    let experiments = 300
    for _ in 0..<experiments {
      let clusters = (0..<40).map { _ -> CorrectedRate.ReadCluster in
        let rate = unit() < 1.0 / 3 ? 0.6 * unit() : 0
        let share = unit() < 0.5 ? 0.1 : 0.9
        let events = (0..<12).count { _ in unit() < rate }
        let read = (0..<events).count { _ in unit() < 0.25 }
        return Self.cluster((events, 12), ((0..<read).count { _ in unit() < share }, read))
      }
      let rate = CorrectedRate(clusters: clusters)
      let (own, plain) = (
        rate.interval(), CorrectedRate(positives: rate.positives, malign: rate.malign).interval()
      )
      if truth < own.lower || truth > own.upper { missed += 1 }
      if truth < plain.lower || truth > plain.upper { missedPlain += 1 }
    }
    #expect(missed <= 15, "\(missed)")
    #expect(missedPlain > 24, "\(missedPlain)")
  }
}
