import Foundation
import Statistics

extension RateComparison {
  /// What may be concluded, in a sentence: `4 in 100,000 against 0 in 100,000 is not significant (p = 0.13 within the run, …)`.
  package var words: String {
    let counts = "\(first.count.words) against \(second.count.words)"
    if first.count.events == 0 && second.count.events == 0 {
      let bounds = [first, second].map { $0.interval.upper.percent }
      let excluded = bounds[0] == bounds[1] ? bounds[0] : "\(bounds[0]) and \(bounds[1])"
      return
        "\(counts): no event on either side. That excludes rates above \(excluded), and cannot tell the sides apart."
    }
    if test.method == .tooFewPrompts { return "\(counts): no verdict, \(test.words). By its interval \(size)." }
    let evidence = "\(test.words), \(test.method.words)\(holm == p ? "" : "; \(holm) by Holm over the table")"
    if isSignificant { return "\(counts) is significant (\(evidence)): \(size)." }
    return "\(counts) is not significant (\(evidence)). It does not show that the rates are equal: \(size)."
  }

  /// What the interval of the ratio leaves possible.
  private var size: String {
    let (low, high) = (ratio.interval.lower, ratio.interval.upper)
    if low == 0 { return "the first rate may be anything up to \(high.factor) times the second" }
    if high == .infinity { return "the first rate may be anything from \(low.factor) times the second upwards" }
    return "the first rate may be \(low.factor) to \(high.factor) times the second"
  }
}

extension Count {
  /// `4 in 100,000`.
  package var words: String { "\(events.grouped) in \(trials.grouped)" }
}

extension StratifiedComparison {
  /// What the environments say together.
  package var words: String {
    let odds = test.commonOddsRatio.map {
      "common odds ratio \($0.factor) (\(test.interval.lower.factor) to \(test.interval.upper.factor))"
    }
    let alike = test.homogeneity.map { "; are they alike: p = \($0)" } ?? ""
    return "\(measure), \(first) against \(second), over \(environments.joined(separator: ", ")): "
      + "\(odds ?? "no event"), p = \(test.p)\(alike)."
  }
}
