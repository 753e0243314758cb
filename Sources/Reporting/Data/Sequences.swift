import Episodes
package import Statistics
package import Storage

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
    if tallies.count > 1 {
      var generator = SeededGenerator(Seed(1))
      heterogeneity = Replicates(tallies.map(Count.init)).heterogeneity(draws: Self.draws, using: &generator)
    }
  }

  /// Enough to see a p value below `Comparison.threshold`, and few enough for the hundreds of cells of a report.
  private static let draws = 2000

  /// The sequences differ clearly, so that a pooled interval is too narrow.
  package var differ: Bool { heterogeneity.map { $0.value < Comparison.threshold } ?? false }

  /// All episodes as one sample.
  var pooled: Tally {
    tallies.reduce(Tally(events: 0, completed: 0, attempted: 0)) {
      Tally(
        events: $0.events + $1.events, completed: $0.completed + $1.completed, attempted: $0.attempted + $1.attempted)
    }
  }

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
    let spread = "\(rates.count) sequences lie between \(range.lowerBound.percent) and \(range.upperBound.percent)"
    if let heterogeneity, differ {
      return """
         The \(spread), further apart than the draw of episodes explains (p = \(heterogeneity)): the p value and the \
        interval take all episodes as one sample and are too sure.
        """
    }
    return " The \(spread)."
  }
}
