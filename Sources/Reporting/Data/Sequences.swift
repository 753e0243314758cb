import Episodes
package import Runs
package import Statistics
import Storage

/// The same quantity in each replicate of a condition. A pooled count takes their episodes as one sample; this keeps how
/// far the sequences lie apart.
package struct Sequences: Sendable, Codable, Hashable {
  /// One for each sequence that was measured, in order of the replicates; never empty.
  package var tallies: [Tally]
  /// The Freeman-Halton test of whether all sequences have the same rate, from tables drawn with a fixed seed: small where
  /// they differ by more than the draw of episodes explains. `nil` with a single sequence.
  package var heterogeneity: PValue?

  /// - Returns: `nil` without a tally.
  init?(_ tallies: [Tally]) {
    if tallies.isEmpty { return nil }
    self.tallies = tallies
    heterogeneity = tallies.count > 1 ? Self.heterogeneity(tallies) : nil
  }

  /// A few draws say when there is no difference to speak of; only where they do not, many are made. A report has hundreds
  /// of cells.
  private static func heterogeneity(_ tallies: [Tally]) -> PValue {
    let replicates = Replicates(tallies.map(Count.init))
    var generator = SeededGenerator(Seed(1))
    let coarse = replicates.heterogeneity(draws: 99, using: &generator)
    return coarse.value > 0.1 ? coarse : replicates.heterogeneity(draws: 2000, using: &generator)
  }

  /// The sequences differ clearly, so that their range says more than their pooled rate.
  package var differ: Bool { heterogeneity.map { $0.value < Comparison.threshold } ?? false }

  /// All episodes as one sample.
  var pooled: Tally { tallies.pooled }

  /// The rates of the sequences that have graded episodes.
  var rates: [Double] { tallies.compactMap { Count($0).rate } }

  /// The lowest and the highest rate; `nil` with fewer than two.
  var range: ClosedRange<Double>? {
    let rates = rates
    guard rates.count > 1, let low = rates.min(), let high = rates.max() else { return nil }
    return low...high
  }
}

extension Sequences {
  /// A sentence on how far several sequences lie apart, with a space before it; empty for one.
  var remark: String {
    guard let range else { return "" }
    if range.lowerBound == range.upperBound { return " All \(rates.count) sequences have \(range.lowerBound.percent)." }
    let spread = "The \(rates.count) sequences lie between \(range.lowerBound.percent) and \(range.upperBound.percent)"
    guard let heterogeneity, differ else { return " \(spread)." }
    return """
       \(spread) (events: \(tallies.map(\.events.grouped).joined(separator: ", "))), further apart than the draw of episodes \
      explains (p = \(heterogeneity)).
      """
  }
}

extension [Tally] {
  /// All episodes as one sample.
  var pooled: Tally {
    reduce(Tally(events: 0, completed: 0, attempted: 0)) {
      Tally(
        events: $0.events + $1.events, completed: $0.completed + $1.completed, attempted: $0.attempted + $1.attempted)
    }
  }
}
