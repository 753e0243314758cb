import Foundation
package import Statistics

/// Two rates beside each other: how far apart they are, and whether that can be chance.
package struct RateComparison: Sendable, Codable, Hashable {
  /// What is counted, for example `overwrite`; empty for bare counts.
  package var measure: String
  package var first: ComparedSide
  package var second: ComparedSide
  /// The first rate less the second with its 95 % interval.
  package var difference: Double
  package var differenceInterval: Interval
  /// The first rate over the second with its 95 % interval.
  package var ratio: RateRatio
  /// The test to believe: the p value that is shown.
  package var test: SideTest
  /// For reference, as if episodes were independent draws of two rates: in the files, not in the text.
  package var fisher: PValue
  /// `nil` where a side has too many episodes for it.
  package var boschloo: PValue?
  /// Adjusted over the rows of the table: by Holm, and by Benjamini and Hochberg.
  package var holm: PValue
  package var benjaminiHochberg: PValue

  package var p: PValue { test.p }

  /// Boschloo's test of more episodes takes longer than a table of comparisons should; Fisher's is as good there.
  package static let boschlooLimit = 20_000

  /// Below this the adjusted p is called significant.
  package static let level = 0.05

  /// - Parameters:
  ///   - samePrompts: prompts of one number are the same on both sides.
  ///   - sameSequences: the sides are the same training sequences in the same order.
  /// - Returns: `nil` when a side has no episode.
  init?(
    measure: String = "", _ first: (label: String, measured: Measured), _ second: (label: String, measured: Measured),
    samePrompts: Bool = false, sameSequences: Bool = false
  ) {
    let (one, other) = (first.measured.estimate, second.measured.estimate)
    guard let contrast = Contrast(of: first.measured, over: second.measured, samePrompts: samePrompts) else {
      return nil
    }
    self.measure = measure
    self.first = ComparedSide(label: first.label, first.measured)
    self.second = ComparedSide(label: second.label, second.measured)
    (difference, differenceInterval, ratio) = (contrast.difference, contrast.interval, contrast.ratio)
    test = SideTest(
      first.measured, second.measured,
      prompts: samePrompts ? [PromptCells](first.measured.prompts, second.measured.prompts) : [],
      sameSequences: sameSequences)
    let counts = (Count(one.tally), Count(other.tally))
    fisher = fisherExact(counts.0, counts.1)
    if counts.0.trials + counts.1.trials <= Self.boschlooLimit {
      boschloo = Statistics.boschloo(counts.0, counts.1)
    }
    (holm, benjaminiHochberg) = (test.p, test.p)
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
