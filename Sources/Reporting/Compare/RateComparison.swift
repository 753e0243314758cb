import Foundation
package import Statistics

/// Two rates beside each other: how far apart they are, and whether that can be chance.
package struct RateComparison: Sendable, Codable, Hashable {
  /// How the p value to believe was found.
  package enum Test: String, Sendable, Codable {
    /// Fisher's exact test: independent episodes.
    case fisher
    /// The exact test of McNemar: the same prompts, one episode each.
    case mcNemar = "mcnemar"
    /// The exact paired randomisation test: the same prompts, equally many episodes of each on both sides.
    case signFlips = "sign_flips"
    /// Fisher's exact test of both counts divided by their design effects: episodes of one prompt are alike.
    case effectiveFisher = "fisher_on_effective_counts"
  }

  /// What is counted, for example `overwrite`; empty for bare counts.
  package var measure: String
  package var first: ComparedSide
  package var second: ComparedSide
  /// The first rate less the second with Newcombe's 95 % interval, as if episodes were independent.
  package var difference: Double
  package var differenceInterval: Interval
  /// The same from intervals by prompt (Zou and Donner's method); `nil` where prompts are not known.
  package var promptDifferenceInterval: Interval?
  /// The first rate over the second with its score interval.
  package var ratio: RateRatio
  package var fisher: PValue
  /// `nil` where a side has too many episodes for it.
  package var boschloo: PValue?
  /// The test to believe.
  package var test: Test
  package var p: PValue
  /// Adjusted over the rows of the table: by Holm, and by Benjamini and Hochberg.
  package var holm: PValue
  package var benjaminiHochberg: PValue

  /// Boschloo's test of more episodes takes longer than a table of comparisons should; Fisher's is as good there.
  package static let boschlooLimit = 20_000

  /// Below this the adjusted p is called significant.
  package static let level = 0.05

  /// - Parameter pairs: each prompt's counts on both sides where the sides tried the same prompts.
  /// - Returns: `nil` when a side has no episode.
  package init?(measure: String = "", _ first: ComparedSide, _ second: ComparedSide, pairs: [(Count, Count)] = []) {
    guard let risk = riskDifference(from: second.count, to: first.count),
      let ratio = RateRatio(of: first.count, over: second.count)
    else { return nil }
    self.measure = measure
    self.first = first
    self.second = second
    self.ratio = ratio
    (difference, differenceInterval) = (risk.difference, risk.interval)
    if first.prompts != nil || second.prompts != nil {
      promptDifferenceInterval = Self.difference(first, second)
    }
    fisher = fisherExact(first.count, second.count)
    if first.count.trials + second.count.trials <= Self.boschlooLimit {
      boschloo = Statistics.boschloo(first.count, second.count)
    }
    (test, p) = Self.test(first, second, pairs, fisher)
    (holm, benjaminiHochberg) = (p, p)
  }

  /// Whether the difference is significant among all rows of its table.
  package var isSignificant: Bool { holm.value < Self.level }

  private static func test(
    _ first: ComparedSide, _ second: ComparedSide, _ pairs: [(Count, Count)], _ fisher: PValue
  ) -> (Test, PValue) {
    if !pairs.isEmpty, pairs.allSatisfy({ $0.trials == $1.trials }) {
      let isSingle = pairs.allSatisfy { $0.0.trials == 1 }
      return (isSingle ? .mcNemar : .signFlips, signFlips(pairs.map { $0.events - $1.events }))
    }
    let (one, other) = (first.effectiveCount, second.effectiveCount)
    if one == first.count && other == second.count { return (.fisher, fisher) }
    // Counts are rounded to whole numbers, which must not make a difference clearer than it is.
    return (.effectiveFisher, max(fisher, fisherExact(one, other)))
  }

  /// MOVER (Zou and Donner, Statistics in Medicine 27, 2008): Newcombe's way of joining two intervals, for any two.
  private static func difference(_ first: ComparedSide, _ second: ComparedSide) -> Interval? {
    guard let a = first.count.rate, let b = second.count.rate else { return nil }
    let (one, other) = (first.soundInterval, second.soundInterval)
    return Interval(
      lower: a - b - hypot(a - one.lower, other.upper - b), upper: a - b + hypot(one.upper - a, b - other.lower))
  }
}

extension [RateComparison] {
  /// Adjusts the p values of a table for their number.
  package mutating func adjust() {
    let (holm, rate) = (map(\.p).holm(), map(\.p).benjaminiHochberg())
    for index in indices { (self[index].holm, self[index].benjaminiHochberg) = (holm[index], rate[index]) }
  }
}
