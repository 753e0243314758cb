import Foundation
import Statistics

/// The axis of a chart.
enum ChartAxis {
  /// From 0 to the given rate.
  case linear(top: Double)
  /// Rates at powers of ten between the given exponents, and a band below them for an exact zero, which no logarithm can
  /// show.
  case logarithmic(lowest: Int, highest: Int)
  /// Positive numbers at powers of ten between the given exponents. What lies outside, 0 and infinity among it, is put at
  /// the ends.
  case decades(lowest: Int, highest: Int)

  /// For rates: linear where they are large; logarithmic where all of these intervals are small, down to their lowest end.
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
        lowest: Int(max(-7, log10(least)).rounded(.down)), highest: sequences.contains { $0 > 0.1 } ? 0 : -1)
    }
  }

  /// For positive numbers: whole powers of ten around all that are finite, `limit` of them on either side of 1 at most.
  init(decadesAround values: [Double], limit: Int = 30) {
    let exponents = values.filter { $0 > 0 && $0.isFinite }.map(log10)
    let lowest = Int((exponents.min() ?? -1).rounded(.down))
    let highest = Int((exponents.max() ?? 1).rounded(.up))
    self = .decades(lowest: max(-limit, lowest), highest: min(limit, max(highest, lowest + 1)))
  }

  /// The height of a number above the axis' foot, from 0 to 1.
  func height(_ value: Double) -> Double {
    switch self {
    case .linear(let top): return min(1, value / top)
    case .logarithmic(let lowest, let highest):
      if value <= 0 { return Self.zeroBand / 2 }
      return Self.zeroBand + (1 - Self.zeroBand) * Self.share(value, lowest, highest)
    case .decades(let lowest, let highest): return Self.share(value, lowest, highest)
    }
  }

  private static func share(_ value: Double, _ lowest: Int, _ highest: Int) -> Double {
    min(1, max(0, (log10(max(0, value)) - Double(lowest)) / Double(highest - lowest)))
  }

  /// Labelled places: of many powers of ten every second or third one, from the highest downwards. Beside the band of
  /// zeros a power with a long label would touch the label of zero.
  var ticks: [Double] {
    func powers(_ lowest: Int, _ highest: Int) -> [Double] {
      stride(from: highest, through: lowest, by: -(1 + (highest - lowest) / 5)).map { pow(10, Double($0)) }
        .filter { !hasZeroBand || label($0).count < 7 || $0 > pow(10, Double(lowest) + 0.5) }.reversed()
    }
    switch self {
    case .linear(let top): return [0, top / 2, top]
    case .logarithmic(let lowest, let highest): return [0] + powers(lowest, highest)
    case .decades(let lowest, let highest): return powers(lowest, highest)
    }
  }

  /// A tick's label: as few digits as it needs.
  func label(_ tick: Double) -> String {
    if case .decades = self { return tick.magnitudeLabel }
    return tick == 0 ? "0" : String(format: "%g %%", tick * 100)
  }

  /// Whether the axis has a place of its own for an exact zero.
  var hasZeroBand: Bool {
    if case .logarithmic = self { true } else { false }
  }

  /// The share of the height that an exact zero has for itself.
  static let zeroBand = 0.16
}

extension Double {
  /// `0.01`, `100`, `10 k`, `1 M`.
  fileprivate var magnitudeLabel: String {
    for (size, unit) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")] where self >= size * 0.999 {
      return String(format: "%g \(unit)", self / (unit == "k" ? 1e3 : size))
    }
    return String(format: "%g", self)
  }
}
