import Foundation
import Statistics
import Testing

@Suite struct PromptCorrelationTests {
  private static func prompts(_ pairs: [(Int, Int)], trials: Int = 1) -> [PromptCells] {
    pairs.map {
      PromptCells(first: [Count(events: $0.0, trials: trials)], second: [Count(events: $0.1, trials: trials)])
    }
  }

  /// Pairs by hand: yes on both sides, on the first, on the second, on neither. Phi and the interval by Newcombe's formula
  /// for paired rates (method 8: without a correction for continuity), worked in Python.
  @Test(arguments: [
    ([36, 12, 2, 0], -0.114708, 0.2, 0.056930, 0.340428),
    ([20, 12, 2, 16], 0.496924, 0.2, 0.061805, 0.324162),
    ([43, 4, 1, 12], 0.780662, 0.05, -0.024730, 0.127900),
  ]) func isPhiOfPairs(cells: [Int], phi: Double, difference: Double, lower: Double, upper: Double) throws {
    let kinds = [(1, 1), (1, 0), (0, 1), (0, 0)]
    let pairs = zip(cells, kinds).flatMap { Array(repeating: $1, count: $0) }
    let correlation = promptCorrelation(Self.prompts(pairs))
    #expect(abs(correlation - phi) < 1e-6)
    let sides = [pairs.count { $0.0 == 1 }, pairs.count { $0.1 == 1 }].map { Count(events: $0, trials: pairs.count) }
    let rates = try sides.map { try #require($0.rate) }
    let interval = riskDifference(
      from: rates[1], sides[1].wilson(), to: rates[0], sides[0].wilson(), correlation: correlation)
    #expect(abs(rates[0] - rates[1] - difference) < 1e-6)
    #expect(abs(interval.lower - lower) < 1e-6 && abs(interval.upper - upper) < 1e-6, "\(interval)")
  }

  @Test func isUnknownWithoutVariation() {
    #expect(promptCorrelation([]) == 0)
    #expect(promptCorrelation(Self.prompts([(1, 0)])) == 0)
    #expect(promptCorrelation(Self.prompts([(0, 1), (0, 0), (0, 1)])) == 0)
    #expect(promptCorrelation(Self.prompts([(7, 7), (1, 1), (4, 4)], trials: 8)) == 1)
    // A prompt that one side did not try changes that side's rate alone.
    let alone = [PromptCells(first: [Count(events: 3, trials: 8)], second: [Count(events: 0, trials: 0)])]
    #expect(abs(promptCorrelation(Self.prompts([(7, 2), (1, 6)], trials: 8) + alone) + 1) < 0.02)
  }

  /// The end of the ratio's interval is the factor at which the interval of `first - factor * second` touches 0.
  @Test func ratioAndDifferenceAgree() throws {
    let (first, second) = (Interval(lower: 0.05, upper: 0.2), Interval(lower: 0.03, upper: 0.1))
    for correlation in [-0.5, 0, 0.4, 0.9] {
      let ratio = try #require(RateRatio(of: 0.1, first, over: 0.06, second, correlation: correlation)).interval
      for (factor, isLower) in [(ratio.lower, true), (ratio.upper, false)] {
        let scaled = Interval(lower: factor * second.lower, upper: factor * second.upper)
        let difference = riskDifference(from: factor * 0.06, scaled, to: 0.1, first, correlation: correlation)
        #expect(abs(isLower ? difference.lower : difference.upper) < 1e-9, "\(correlation): \(factor)")
      }
    }
  }

  struct Design: Sendable, CustomStringConvertible {
    var prompts: Int
    var samples: Int
    /// Of the prompts' log odds, shared by both sides.
    var spread: Double
    /// Of what the second side adds to a prompt's log odds, about `effect`.
    var ownSpread: Double
    var effect: Double
    var middle: Double

    var description: String { "\(prompts) x \(samples), \(spread) and \(ownSpread) at \(middle) and \(effect)" }
  }

  /// 95 % intervals of the difference hold the planted one, and are narrower than without the prompts where these matter.
  /// 100 experiments each: 89 hits or fewer have a chance of 1 % at 95 %.
  @Test(arguments: [
    Design(prompts: 16, samples: 64, spread: 2, ownSpread: 0, effect: 0, middle: 0),
    Design(prompts: 32, samples: 64, spread: 1.5, ownSpread: 0.3, effect: 0.7, middle: -2),
    Design(prompts: 64, samples: 16, spread: 1, ownSpread: 1, effect: 0.5, middle: 1),
    Design(prompts: 24, samples: 8, spread: 0, ownSpread: 0, effect: 0.5, middle: -1),
    Design(prompts: 8, samples: 32, spread: 2, ownSpread: 0.5, effect: 1, middle: -3),
    Design(prompts: 512, samples: 1, spread: 2, ownSpread: 0.2, effect: 0.5, middle: -1),
  ])
  func pairedIntervalsCover(_ design: Design) throws {
    var draws = SeededDraws(seed: 41)
    func normal() -> Double {
      (-2 * log(1 - draws.uniform())).squareRoot() * cos(2 * .pi * draws.uniform())
    }
    func logistic(_ odds: Double) -> Double { 1 / (1 + exp(-odds)) }
    func rates() -> (Double, Double) {
      let odds = design.middle + design.spread * normal()
      return (logistic(odds), logistic(odds + design.effect + design.ownSpread * normal()))
    }
    let planted = (0..<200_000).reduce(0.0) { sum, _ in
      let (one, other) = rates()
      return sum + (other - one) / 200_000
    }
    func count(_ rate: Double) -> Count {
      Count(events: (0..<design.samples).count { _ in draws.uniform() < rate }, trials: design.samples)
    }
    var (hits, width, unpaired) = (0, 0.0, 0.0)
    for _ in 0..<100 {
      let prompts = (0..<design.prompts).map { _ in
        let (one, other) = rates()
        return PromptCells(first: [count(one)], second: [count(other)])
      }
      let sides = [prompts.flatMap(\.first), prompts.flatMap(\.second)].map { ClusteredCount(clusters: $0) }
      let (one, other) = (try #require(sides[0].pooled.rate), try #require(sides[1].pooled.rate))
      let intervals = sides.map { $0.interval() }
      func joined(_ correlation: Double) -> Interval {
        riskDifference(from: one, intervals[0], to: other, intervals[1], correlation: correlation)
      }
      let interval = joined(promptCorrelation(prompts))
      if interval.contains(planted) { hits += 1 }
      width += interval.upper - interval.lower
      unpaired += joined(0).upper - joined(0).lower
    }
    #expect(hits >= 90, "\(design): \(hits) of 100")
    if design.spread >= 1 { #expect(width < 0.95 * unpaired, "\(design): \(width / unpaired)") }
  }
}
