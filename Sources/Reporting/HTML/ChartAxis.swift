import Foundation
import Statistics

/// The vertical axis of a chart of rates.
enum ChartAxis {
  /// From 0 to the given rate.
  case linear(top: Double)
  /// Powers of ten between the given exponents, and a band below them for an exact zero, which no logarithm can show.
  case logarithmic(lowest: Int, highest: Int)

  /// Linear where rates are large; logarithmic where all of these intervals are small, down to their lowest end.
  ///
  /// - Parameter sequences: rates of single sequences, which may lie outside of the intervals and have no say in which
  ///   kind of axis it is.
  init(_ intervals: [Interval], sequences: [Double] = []) {
    let top = intervals.map(\.upper).max() ?? 1
    let lowest = intervals.map(\.lower).filter { $0 > 0 }.min() ?? 0.001
    if top > 0.1 {
      let highest = max(top, sequences.max() ?? 0)
      self = .linear(top: [0.25, 0.5, 1].first { highest <= $0 } ?? 1)
    } else {
      let least = min(lowest, 0.001, sequences.filter { $0 > 0 }.min() ?? 1)
      self = .logarithmic(
        lowest: Int(max(-6, log10(least)).rounded(.down)), highest: sequences.contains { $0 > 0.1 } ? 0 : -1)
    }
  }

  /// The height of a rate above the axis' foot, from 0 to 1.
  func height(_ rate: Double) -> Double {
    switch self {
    case .linear(let top): return min(1, rate / top)
    case .logarithmic(let lowest, let highest):
      if rate <= 0 { return Self.zeroBand / 2 }
      let share = (log10(rate) - Double(lowest)) / Double(highest - lowest)
      return Self.zeroBand + (1 - Self.zeroBand) * min(1, max(0, share))
    }
  }

  /// Labelled rates.
  var ticks: [Double] {
    switch self {
    case .linear(let top): [0, top / 2, top]
    case .logarithmic(let lowest, let highest): [0] + (lowest...highest).map { pow(10, Double($0)) }
    }
  }

  /// Whether the axis has a place of its own for an exact zero.
  var hasZeroBand: Bool {
    if case .logarithmic = self { true } else { false }
  }

  /// The share of the height that an exact zero has for itself.
  static let zeroBand = 0.16
}

extension Double {
  /// A tick's label: as few digits as it needs.
  var tickLabel: String { self == 0 ? "0" : String(format: "%g %%", self * 100) }
}
