import Runs
import Statistics
import Storage

/// One mark as a part of a picture: its interval as a bar, ticks for single sequences, and a shape at its value that is hollow for an exact zero. A mark without a value has
/// none of it: there is nothing to bound.
struct MarkDrawing {
  let mark: Mark
  let axis: ChartAxis
  /// Where a share of the axis is, in the picture's units.
  let along: (Double) -> Double
  /// Where the mark is across the axis.
  let across: Double
  /// Whether values run from left to right, and not from bottom to top.
  let isHorizontal: Bool

  private static let radius = 3.8

  /// Everything at the value; nothing for a mark without one.
  var markup: Markup {
    if mark.value == nil { return "" }
    let style = mark.style.className
    let bar: Markup = mark.interval.map { "<path class=\"bar \(style)\" d=\"\(span($0))\(arrows($0))\"/>" } ?? ""
    let ticks: Markup =
      mark.sequences.count > 1 ? "<path class=\"tick \(style)\" d=\"\(mark.sequences.map(tick))\"/>" : ""
    return "\(bar)\(ticks)\(shape)"
  }

  private var shape: Markup {
    guard let value = mark.value else { return "" }
    let isHollow = mark.tally.map { $0.events == 0 } ?? (value == 0 || value.isInfinite)
    let (x, y) = isHorizontal ? (place(value), across) : (across, place(value))
    return Self.shape(mark.style, x: x, y: y, isHollow: isHollow)
  }

  /// The shape of a style, which tells conditions apart where colours do not.
  static func shape(_ style: Mark.Style, x: Double, y: Double, isHollow: Bool = false) -> Markup {
    let name = "dot \(style.className)\(isHollow ? " zero" : "")"
    let r = radius
    switch style {
    case .gaming, .first:
      return "<circle class=\"\(name)\" cx=\"\(length: x)\" cy=\"\(length: y)\" r=\"\(length: r)\"/>"
    case .honest, .second: return "<path class=\"\(name)\" d=\"M\(length: x - 3.4) \(length: y - 3.4)h6.8v6.8h-6.8z\"/>"
    case .twin, .ratio:
      return "<path class=\"\(name)\" d=\"M\(length: x) \(length: y - 4.8)l4.8 4.8l-4.8 4.8l-4.8 -4.8z\"/>"
    case .start: return "<path class=\"\(name)\" d=\"M\(length: x) \(length: y - 4.6)l4.4 7.8h-8.8z\"/>"
    }
  }

  private func place(_ value: Double) -> Double { along(axis.height(value)) }

  /// Where the bar of an interval ends: at the axis' own end where the interval has none.
  private func end(_ bound: Double) -> Double {
    if case .ratios = axis, bound == 0 || bound.isInfinite { along(bound == 0 ? 0 : 1) } else { place(bound) }
  }

  /// A path along the axis between two values.
  private func span(_ interval: Interval) -> Markup {
    let (low, high) = (end(interval.lower), end(interval.upper))
    return isHorizontal
      ? "M\(length: low) \(length: across)H\(length: high)" : "M\(length: across) \(length: low)V\(length: high)"
  }

  private func tick(_ rate: Double) -> Markup { stroke(rate, from: 4, to: 9) }

  /// A short path across the axis at a value.
  private func stroke(_ value: Double, from start: Double, to end: Double) -> Markup {
    let at = place(value)
    return isHorizontal
      ? "M\(length: at) \(length: across + start)V\(length: across + end)"
      : "M\(length: across + start) \(length: at)H\(length: across + end)"
  }

  /// Heads at the ends of an interval that go on beyond the axis.
  private func arrows(_ interval: Interval) -> Markup {
    guard isHorizontal else { return "" }
    func head(_ x: Double, _ direction: Double) -> Markup {
      """
      M\(length: x - 5 * direction) \(length: across - 3.5)L\(length: x) \(length: across)\
      L\(length: x - 5 * direction) \(length: across + 3.5)
      """
    }
    let left = axis.isBelow(interval.lower) ? head(end(interval.lower), -1) : ""
    return "\(left)\(axis.isAbove(interval.upper) ? head(end(interval.upper), 1) : "" as Markup)"
  }
}

extension Mark {
  /// Everything that is known of the mark, in words.
  var description: String {
    let counts = tally.map { ", \($0.events.grouped) of \($0.completed.grouped) episodes" } ?? ""
    let known = value == nil ? nil : interval
    let range = known.map { tally == nil ? ", 95 % \($0.factors)" : ", 95 % \($0.percent)" } ?? ""
    let spread = sequences.count > 1 ? ", \(sequences.count) sequences" : ""
    return "\(label): \(remark)\(counts)\(range)\(spread)"
  }
}

extension Interval {
  /// Both ends of a ratio: `3.1–41`.
  var factors: String { "\(lower.factor)–\(upper.factor)" }
}

extension Mark.Style {
  /// Its class in the style sheets.
  var className: String {
    switch self {
    case .gaming: "g"
    case .honest: "h"
    case .twin: "t"
    case .start: "s"
    case .first: "g"
    case .second: "h"
    case .ratio: "s"
    }
  }

  /// What the shape means, for a key.
  var title: String {
    switch self {
    case .gaming: "gaming is rewarded"
    case .honest: "gaming is trained away"
    case .twin: "the benign twin"
    case .start: "before training"
    case .first: "the first side"
    case .second: "the second side"
    case .ratio: "the first over the second"
    }
  }
}
