import Statistics
import Storage

/// One mark as a part of a picture: its exact interval as a thick bar, the clustered one as a thin bar with caps where it is
/// wider, ticks for single sequences, and a shape at its value that is hollow for an exact zero.
struct MarkDrawing {
  let mark: Mark
  /// Where a value is along the axis, in the picture's units.
  let place: (Double) -> Double
  /// Where the mark is across the axis.
  let across: Double
  /// Whether values run from left to right, and not from bottom to top.
  let isHorizontal: Bool

  private static let radius = 3.8

  /// Everything at the value; nothing for a mark without one, but for its interval.
  var markup: Markup {
    let style = mark.style.className
    let wide: Markup = mark.clustered.map { "<path class=\"wide \(style)\" d=\"\(whisker($0))\"/>" } ?? ""
    let bar: Markup = mark.interval.map { "<path class=\"bar \(style)\" d=\"\(span($0))\(arrows($0))\"/>" } ?? ""
    let ticks: Markup =
      mark.sequences.count > 1 ? "<path class=\"tick \(style)\" d=\"\(mark.sequences.map(tick))\"/>" : ""
    return "\(wide)\(bar)\(ticks)\(shape)"
  }

  private var shape: Markup {
    guard let value = mark.value else { return "" }
    let isZero = mark.tally.map { $0.events == 0 } ?? (value == 0)
    let (x, y) = isHorizontal ? (place(value), across) : (across, place(value))
    return Self.shape(mark.style, x: x, y: y, isHollow: isZero)
  }

  /// The shape of a style, which tells conditions apart where colours do not.
  static func shape(_ style: Mark.Style, x: Double, y: Double, isHollow: Bool = false) -> Markup {
    let name = "dot \(style.className)\(isHollow ? " zero" : "")"
    let r = radius
    switch style {
    case .gaming: return "<circle class=\"\(name)\" cx=\"\(length: x)\" cy=\"\(length: y)\" r=\"\(length: r)\"/>"
    case .honest: return "<path class=\"\(name)\" d=\"M\(length: x - 3.4) \(length: y - 3.4)h6.8v6.8h-6.8z\"/>"
    case .twin: return "<path class=\"\(name)\" d=\"M\(length: x) \(length: y - 4.8)l4.8 4.8l-4.8 4.8l-4.8 -4.8z\"/>"
    case .start: return "<path class=\"\(name)\" d=\"M\(length: x) \(length: y - 4.6)l4.4 7.8h-8.8z\"/>"
    }
  }

  /// A path along the axis between two values.
  private func span(_ interval: Interval) -> Markup {
    let (low, high) = (place(interval.lower), place(interval.upper))
    return isHorizontal
      ? "M\(length: low) \(length: across)H\(length: high)" : "M\(length: across) \(length: low)V\(length: high)"
  }

  private func whisker(_ interval: Interval) -> Markup {
    "\(span(interval))\(stroke(interval.lower, from: -3, to: 3))\(stroke(interval.upper, from: -3, to: 3))"
  }

  private func tick(_ rate: Double) -> Markup { stroke(rate, from: 4, to: 9) }

  /// A short path across the axis at a value.
  private func stroke(_ value: Double, from start: Double, to end: Double) -> Markup {
    let at = place(value)
    return isHorizontal
      ? "M\(length: at) \(length: across + start)V\(length: across + end)"
      : "M\(length: across + start) \(length: at)H\(length: across + end)"
  }

  /// Heads at the ends of an interval that reach 0 or infinity on an axis that has neither.
  private func arrows(_ interval: Interval) -> Markup {
    guard isHorizontal, interval.upper.isInfinite || interval.lower == 0 && mark.isRatio else { return "" }
    func head(_ value: Double, _ direction: Double) -> Markup {
      let x = place(value)
      return """
        M\(length: x - 4 * direction) \(length: across - 3.5)L\(length: x) \(length: across)\
        L\(length: x - 4 * direction) \(length: across + 3.5)
        """
    }
    let left = interval.lower == 0 && mark.isRatio ? head(0, -1) : ""
    return "\(left)\(interval.upper.isInfinite ? head(.infinity, 1) : "" as Markup)"
  }
}

extension Mark {
  /// A ratio is no count of its own.
  fileprivate var isRatio: Bool { tally == nil }

  /// Everything that is known of the mark, in words.
  var description: String {
    let counts = tally.map { ", \($0.events.grouped) of \($0.completed.grouped) episodes" } ?? ""
    let range = interval.map { tally == nil ? ", 95 % \($0.factors)" : ", 95 % \($0.percent)" } ?? ""
    let wider = clustered.map { ", with prompts as clusters \($0.percent)" } ?? ""
    let spread = sequences.count > 1 ? ", \(sequences.count) sequences" : ""
    return "\(label): \(remark)\(counts)\(range)\(wider)\(spread)"
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
    }
  }

  /// What the shape means, for a key.
  var title: String {
    switch self {
    case .gaming: "gaming is rewarded"
    case .honest: "gaming is trained away"
    case .twin: "the benign twin"
    case .start: "before training"
    }
  }
}
