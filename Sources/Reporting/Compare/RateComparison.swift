import Foundation
package import Statistics

/// Two rates beside each other: how far apart they are, and whether that can be chance.
package struct RateComparison: Sendable, Codable, Hashable {
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
  package var test: SideTest.Method
  package var p: PValue
  /// Adjusted over the rows of the table: by Holm, and by Benjamini and Hochberg.
  package var holm: PValue
  package var benjaminiHochberg: PValue

  /// Boschloo's test of more episodes takes longer than a table of comparisons should; Fisher's is as good there.
  package static let boschlooLimit = 20_000

  /// Below this the adjusted p is called significant.
  package static let level = 0.05

  /// - Parameter prompts: what both sides counted of each prompt where they tried the same ones.
  /// - Returns: `nil` when a side has no episode.
  package init?(measure: String = "", _ first: ComparedSide, _ second: ComparedSide, prompts: [PromptCells] = []) {
    guard let risk = riskDifference(from: second.count, to: first.count),
      let ratio = RateRatio(of: first.count, over: second.count)
    else { return nil }
    self.measure = measure
    self.first = first
    self.second = second
    self.ratio = ratio
    (difference, differenceInterval) = (risk.difference, risk.interval)
    if first.prompts != nil || second.prompts != nil {
      promptDifferenceInterval = riskDifference(
        from: second.count.rate ?? 0, second.soundInterval, to: first.count.rate ?? 0, first.soundInterval)
    }
    let tested = SideTest(first.estimate, second.estimate, prompts: prompts)
    (test, p, fisher) = (tested.method, tested.p, tested.fisher)
    if first.count.trials + second.count.trials <= Self.boschlooLimit {
      boschloo = Statistics.boschloo(first.count, second.count)
    }
    (holm, benjaminiHochberg) = (p, p)
  }

  /// Whether the difference is significant among all rows of its table.
  package var isSignificant: Bool { holm.value < Self.level }
}

extension [RateComparison] {
  /// Adjusts the p values of a table for their number.
  package mutating func adjust() {
    let (holm, rate) = (map(\.p).holm(), map(\.p).benjaminiHochberg())
    for index in indices { (self[index].holm, self[index].benjaminiHochberg) = (holm[index], rate[index]) }
  }
}
