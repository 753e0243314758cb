import Foundation
import Statistics
import Testing

/// How often tests across sequences call a difference where there is none: sequences whose log odds differ by chance, prompts
/// that differ too, the same ones for all. `Documentation/Statistics.md` has the table of 4,000 experiments a cell, made by
/// this code with SEED_SIZES set.
@Suite struct SeedSizeTests {
  private static let experiments = Int(ProcessInfo.processInfo.environment["SEED_SIZES"] ?? "") ?? 300

  struct Setting: Sendable, CustomTestStringConvertible {
    var sequences: Int
    var spread: Double
    var rate: Double
    var prompts: Int

    var testDescription: String { "\(sequences) sequences, SD \(spread), rate \(rate), \(prompts) prompts" }
  }

  private static let all = [3, 4, 5, 8].flatMap { sequences in
    [0, 0.5, 1].flatMap { spread in
      [0.002, 0.05, 0.5, 0.9].flatMap { rate in
        [96, 512].map { Setting(sequences: sequences, spread: spread, rate: rate, prompts: $0) }
      }
    }
  }

  /// Without the long table: five sequences in every setting.
  private static let settings = experiments > 300 ? all : all.filter { $0.sequences == 5 }

  private struct Draw {
    var generator: SplitMix

    mutating func normal() -> Double {
      let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &generator))).squareRoot()
      return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator))
    }

    /// One episode of each prompt under a sequence's log odds; prompts have their own, with a standard deviation of 1.
    mutating func count(_ logOdds: Double, _ prompts: [Double]) -> Count {
      var events = 0
      for prompt in prompts where Double.random(in: 0..<1, using: &generator) < 1 / (1 + exp(-logOdds - prompt)) {
        events += 1
      }
      return Count(events: events, trials: prompts.count)
    }
  }

  /// The shares of experiments with p < 0.05: two groups, a group against a start that was measured once, and the same
  /// sequences twice (a training that changes nothing on average, differently by sequence).
  private static func sizes(_ setting: Setting, seed: UInt64) -> [Double] {
    var draw = Draw(generator: SplitMix(state: seed))
    let middle = log(setting.rate / (1 - setting.rate))
    var found = [0, 0, 0]
    for _ in 0..<experiments {
      let prompts = (0..<setting.prompts).map { _ in draw.normal() }
      func group(_ draw: inout Draw) -> [Count] {
        (0..<setting.sequences).map { _ in draw.count(middle + setting.spread * draw.normal(), prompts) }
      }
      let (one, other) = (group(&draw), group(&draw))
      let start = SeedValue.logOdds([draw.count(middle, prompts)])[0]
      let (a, b) = (SeedValue.logOdds(one), SeedValue.logOdds(other))
      let tests = [SeedTest(a, against: b), SeedTest(a, against: start), SeedTest(paired: a, with: b)]
      for (index, test) in tests.enumerated() where (test?.p.value ?? 1) < 0.05 { found[index] += 1 }
    }
    return found.map { Double($0) / Double(experiments) }
  }

  /// At most 6 % at 0.05; with 300 experiments, within three standard errors of that.
  @Test(arguments: settings) func noEffectIsSeldomCalledOne(_ setting: Setting) {
    let sizes = Self.sizes(setting, seed: UInt64(setting.prompts) &+ UInt64(setting.rate * 1e6))
    let limit = 0.06 + 3 * (0.05 * 0.95 / Double(Self.experiments)).squareRoot()
    #expect(sizes.allSatisfy { $0 <= limit }, "\(setting): two groups, against a start, paired: \(sizes)")
    if Self.experiments > 300 {
      print(
        "SIZE", setting.sequences, setting.spread, setting.rate, setting.prompts,
        sizes.map { "\($0)" }.joined(separator: " "))
    }
  }

  /// The tests see what is there: five sequences a side, 30 % against 60 %, spread 0.5.
  @Test func anEffectIsFound() {
    var draw = Draw(generator: SplitMix(state: 5))
    let prompts = [Double](repeating: 0, count: 96)
    var found = [0, 0]
    for _ in 0..<100 {
      let one = (0..<5).map { _ in draw.count(-0.847 + 0.5 * draw.normal(), prompts) }
      let other = (0..<5).map { _ in draw.count(0.405 + 0.5 * draw.normal(), prompts) }
      let start = SeedValue.logOdds([draw.count(-0.847, prompts)])[0]
      let (a, b) = (SeedValue.logOdds(one), SeedValue.logOdds(other))
      if SeedTest(a, against: b)?.p.value ?? 1 < 0.05 { found[0] += 1 }
      if SeedTest(b, against: start)?.p.value ?? 1 < 0.05 { found[1] += 1 }
    }
    #expect(found[0] > 80 && found[1] > 80, "\(found)")
  }
}
