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
  /// Numbers of either sign, from the lowest to the highest; 0 is among them.
  case signed(lowest: Double, highest: Double)
  /// The same for ratios, with bands of their own for 0 and for infinity at the two ends.
  case ratios(lowest: Int, highest: Int)

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

  /// For rates of every size beside each other: from a power of ten below all that their intervals leave possible to 1.
  init(rates marks: [Mark]) {
    let ends = marks.filter { $0.value != nil }.flatMap { [$0.value, $0.interval?.lower, $0.interval?.upper] }
    let least = ends.compactMap(\.self).filter { $0 > 0 }.min() ?? 0.01
    self = .logarithmic(lowest: Int(min(-2, max(-7, log10(least))).rounded(.down)), highest: 0)
  }

  /// For positive numbers: whole powers of ten around all that are finite.
  init(decadesAround values: [Double]) {
    let (lowest, highest) = Self.decades(around: values)
    self = .decades(lowest: lowest, highest: highest)
  }

  /// For numbers of either sign: whole numbers around all of them and around 0.
  init(around values: [Double]) {
    let finite = values.filter(\.isFinite)
    let (lowest, highest) = (min(0, finite.min() ?? 0).rounded(.down), max(0, finite.max() ?? 0).rounded(.up))
    self = .signed(lowest: lowest, highest: max(highest, lowest + 1))
  }

  /// For ratios: powers of ten around all that are finite and around 1, four of them on either side of 1 at most.
  init(ratios values: [Double]) {
    let (lowest, highest) = Self.decades(around: values + [0.1, 10])
    self = .ratios(lowest: max(-4, lowest), highest: min(4, highest))
  }

  private static func decades(around values: [Double]) -> (lowest: Int, highest: Int) {
    let exponents = values.filter { $0 > 0 && $0.isFinite }.map(log10)
    let lowest = Int((exponents.min() ?? -1).rounded(.down))
    return (lowest, max(lowest + 1, Int((exponents.max() ?? 1).rounded(.up))))
  }

  /// The height of a number above the axis' foot, from 0 to 1.
  func height(_ value: Double) -> Double {
    switch self {
    case .linear(let top): return min(1, value / top)
    case .signed(let lowest, let highest): return min(1, max(0, (value - lowest) / (highest - lowest)))
    case .logarithmic(let lowest, let highest):
      if value <= 0 { return Self.zeroBand / 2 }
      return Self.zeroBand + (1 - Self.zeroBand) * Self.share(value, lowest, highest)
    case .decades(let lowest, let highest): return Self.share(value, lowest, highest)
    case .ratios(let lowest, let highest):
      if value <= 0 || value == .infinity { return value <= 0 ? Self.endBand / 2 : 1 - Self.endBand / 2 }
      return Self.endBand + (1 - 2 * Self.endBand) * Self.share(value, lowest, highest)
    }
  }

  /// Whether a number lies below what the axis shows of it: it is 0 or too small for an axis of ratios.
  func isBelow(_ value: Double) -> Bool {
    if case .ratios(let lowest, _) = self { value < pow(10, Double(lowest)) * (1 - 1e-12) } else { false }
  }

  /// Whether a number lies above what the axis shows of it: it is infinite or too large for an axis of ratios.
  func isAbove(_ value: Double) -> Bool {
    if case .ratios(_, let highest) = self { value > pow(10, Double(highest)) * (1 + 1e-12) } else { false }
  }

  private static func share(_ value: Double, _ lowest: Int, _ highest: Int) -> Double {
    min(1, max(0, (log10(max(0, value)) - Double(lowest)) / Double(highest - lowest)))
  }

  /// Labelled places: of many powers of ten every second or third one, from the highest downwards, and for ratios from 1 on
  /// both sides. Beside the band of zeros a power with a long label would touch the label of zero.
  var ticks: [Double] {
    func powers(_ lowest: Int, _ highest: Int, from first: Int) -> [Double] {
      let step = 1 + (highest - lowest) / 5
      return (lowest...highest).filter { ($0 - first).isMultiple(of: step) }.map { pow(10, Double($0)) }
        .filter { !hasZeroBand || label($0).count < 7 || $0 > pow(10, Double(lowest) + 0.5) }
    }
    switch self {
    case .linear(let top): return [0, top / 2, top]
    case .signed(let lowest, let highest): return [lowest, 0, highest].uniqued
    case .logarithmic(let lowest, let highest): return [0] + powers(lowest, highest, from: highest)
    case .decades(let lowest, let highest): return powers(lowest, highest, from: highest)
    case .ratios(let lowest, let highest): return [0] + powers(lowest, highest, from: 0) + [.infinity]
    }
  }

  /// A tick's label: as few digits as it needs.
  func label(_ tick: Double) -> String {
    switch self {
    case .decades, .ratios: tick.magnitudeLabel
    case .signed: String(format: "%g", tick)
    case .linear, .logarithmic: tick == 0 ? "0" : String(format: "%g %%", tick * 100)
    }
  }

  /// Whether the axis has a place of its own for an exact zero.
  var hasZeroBand: Bool {
    if case .logarithmic = self { true } else { false }
  }

  /// The share of the height that an exact zero has for itself.
  static let zeroBand = 0.16

  /// The share that 0 and infinity have for themselves at the ends of an axis of ratios.
  static let endBand = 0.13

  /// The parts of the axis' height that belong to numbers without a logarithm.
  var bands: [ClosedRange<Double>] {
    switch self {
    case .linear, .decades, .signed: []
    case .logarithmic: [0...Self.zeroBand]
    case .ratios: [0...Self.endBand, (1 - Self.endBand)...1]
    }
  }
}

extension Double {
  /// `0.01`, `100`, `10 k`, `1 M`.
  fileprivate var magnitudeLabel: String {
    if isInfinite { return "∞" }
    for (size, unit) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")] where self >= size * 0.999 {
      return String(format: "%g \(unit)", self / (unit == "k" ? 1e3 : size))
    }
    return String(format: "%g", self)
  }
}
