import Foundation
import Statistics

/// The comparison as one picture that stands alone: for each row both rates with their intervals on a shared axis, and
/// their ratio with its interval beside it. Readable in grey: the first side is a filled dot, the second a hollow square.
struct ComparisonFigure {
  private let table: ComparisonTable
  private let rates: LogScale
  private let ratios: LogScale

  private static let (width, head, foot, pitch) = (960.0, 74.0, 46.0, 54.0)
  private var height: Double { Self.head + Self.foot + Self.pitch * Double(table.rows.count) }

  init(_ table: ComparisonTable) {
    self.table = table
    let intervals = table.rows.flatMap { [$0.first.soundInterval, $0.second.soundInterval] }
    rates = LogScale(
      intervals.flatMap { [$0.lower, $0.upper] }, from: 250, to: 620, hasZero: true, most: 1)
    ratios = LogScale(
      table.rows.flatMap { [$0.ratio.interval.lower, $0.ratio.interval.upper, 0.1, 10] }, from: 690, to: 850,
      hasZero: false)
  }

  var svg: String {
    let markup: Markup = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(length: Self.width) \(length: height)" \
      width="\(length: Self.width)" height="\(length: height)" role="img">
      <title>\(title)</title><desc>\(table.rows.map(\.words).joined(separator: " "))</desc>
      <style>\(Self.style)</style>
      <rect class="page" width="\(length: Self.width)" height="\(length: height)"/>
      <text class="title" x="16" y="24">\(title)</text>
      <circle class="a" cx="22" cy="43" r="4.5"/><text x="32" y="47">first</text>
      <rect class="b" x="73.5" y="38.5" width="9" height="9"/><text x="88" y="47">second</text>
      <text x="250" y="47">rate, 95 % interval</text><text x="690" y="47">first / second</text>
      <text x="868" y="47">p (Holm)</text>
      \(grid(rates, label: ChartAxis.linear(top: 1).label))\(grid(ratios) { $0.factor })
      <line class="one" x1="\(length: ratios.x(1))" x2="\(length: ratios.x(1))" y1="\(length: Self.head - 14)" y2="\(length: height - Self.foot)"/>
      \(table.rows.enumerated().map { row($1, at: Self.head + Self.pitch * Double($0)) })
      </svg>
      """
    return markup.html + "\n"
  }

  private var title: String {
    let measures = Set(table.rows.map(\.measure)).filter { !$0.isEmpty }.sorted().joined(separator: ", ")
    let sides = table.first == table.second ? "within \(table.first)" : "\(table.first) against \(table.second)"
    return "\(measures.isEmpty ? "Rates" : measures): \(sides)"
  }

  private func grid(_ scale: LogScale, label: (Double) -> String) -> Markup {
    let ticks: [Markup] = scale.ticks.map { tick in
      """
      <line class="axis" x1="\(length: scale.x(tick))" x2="\(length: scale.x(tick))" y1="\(length: Self.head - 14)" \
      y2="\(length: height - Self.foot)"/>\
      <text class="tick" x="\(length: scale.x(tick))" y="\(length: height - Self.foot + 18)" text-anchor="middle">\(label(tick))</text>
      """
    }
    return Markup(joining: ticks)
  }

  private func row(_ row: RateComparison, at y: Double) -> Markup {
    let (one, other, middle) = (y + 10, y + 28, y + 19)
    return """
      <text class="label" x="16" y="\(length: one + 4)">\(row.first.label.shortened(to: 34))</text>
      <text class="label" x="16" y="\(length: other + 4)">\(row.second.label.shortened(to: 34))</text>
      <text class="measure" x="16" y="\(length: other + 17)">\(row.measure)</text>
      \(side(row.first, at: one, isFirst: true))\(side(row.second, at: other, isFirst: false))
      \(bar(row.ratio.interval, ratios, at: middle, style: "r"))
      \(row.ratio.ratio.map { ratio($0, at: middle) } ?? "")
      <text class="value" x="868" y="\(length: middle + 4)">\(row.holm.description)\(row.isSignificant ? " *" : "")</text>
      """
  }

  private func side(_ side: ComparedSide, at y: Double, isFirst: Bool) -> Markup {
    let x = rates.x(side.count.rate ?? 0)
    let dot: Markup =
      isFirst
      ? "<circle class=\"a\" cx=\"\(length: x)\" cy=\"\(length: y)\" r=\"4.5\"/>"
      : "<rect class=\"b\" x=\"\(length: x - 4.5)\" y=\"\(length: y - 4.5)\" width=\"9\" height=\"9\"/>"
    return """
      \(bar(side.soundInterval, rates, at: y, style: isFirst ? "a" : "b"))\(dot)\
      <text class="value" x="628" y="\(length: y + 4)">\(side.count.rate?.percent ?? "")</text>
      """
  }

  /// An interval; an end that lies outside of the scale is an arrow.
  private func bar(_ interval: Interval, _ scale: LogScale, at y: Double, style: String) -> Markup {
    let (left, right) = (scale.x(interval.lower), scale.x(interval.upper))
    let line: Markup =
      "<line class=\"bar \(style)\" x1=\"\(length: left)\" x2=\"\(length: right)\" y1=\"\(length: y)\" y2=\"\(length: y)\"/>"
    let arrows: [Markup] = [
      scale.isBelow(interval.lower) ? arrow(left, y, -6, style) : "",
      scale.isAbove(interval.upper) ? arrow(right, y, 6, style) : "",
    ]
    return "\(line)\(Markup(joining: arrows))"
  }

  private func arrow(_ x: Double, _ y: Double, _ reach: Double, _ style: String) -> Markup {
    "<path class=\"tip \(style)\" d=\"M\(length: x) \(length: y - 4)L\(length: x + reach) \(length: y)L\(length: x) \(length: y + 4)z\"/>"
  }

  private func ratio(_ value: Double, at y: Double) -> Markup {
    // Zero and infinity are no places on a logarithm: the interval's arrow says them.
    guard value > 0, value.isFinite else { return "" }
    let x = ratios.x(value)
    return
      "<path class=\"r\" d=\"M\(length: x - 6) \(length: y)L\(length: x) \(length: y - 6)L\(length: x + 6) \(length: y)L\(length: x) \(length: y + 6)z\"/>"
  }

  /// Colours of Okabe and Ito, as on the report page.
  private static let style: Markup = """
    .page{fill:#fdfcfa}text{font:12px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#4f4b46}
    .title{font-size:16px;font-weight:600;fill:#1d1c1a}.label,.value{fill:#1d1c1a}.measure{font-size:10.5px}.tick{font-size:11px}
    .axis{stroke:#dcd7ce}.one{stroke:#77726a;stroke-dasharray:4 3}.bar{stroke-width:1.8}
    .a{stroke:#c2500a}circle.a,.tip.a{fill:#c2500a}.b{stroke:#0568a6}.bar.b{stroke-dasharray:5 2}rect.b{fill:#fdfcfa;stroke-width:1.8}.tip.b{fill:#0568a6}
    .r{stroke:#1d1c1a}path.r{fill:#1d1c1a}
    @media (prefers-color-scheme:dark){.page{fill:#161513}text{fill:#b5aea3}.title,.label,.value{fill:#e9e5dd}.axis{stroke:#3a3733}
    .a{stroke:#f08a45}circle.a,.tip.a{fill:#f08a45}.b{stroke:#5db4ec}rect.b{fill:#161513}.tip.b{fill:#5db4ec}.r{stroke:#e9e5dd}path.r{fill:#e9e5dd}}
    """
}

extension ComparisonTable {
  /// The comparison as one picture, a standalone SVG file.
  package var svg: String { ComparisonFigure(self).svg }
}

/// A logarithmic scale over a stretch of a picture; an exact zero has a place of its own where that is asked for.
private struct LogScale {
  private let low: Int
  private let high: Int
  private let left: Double
  private let right: Double
  private let hasZero: Bool

  /// - Parameter values: what has to be seen, as far as it is positive and finite and spans at most eight powers of ten.
  init(_ values: [Double], from left: Double, to right: Double, hasZero: Bool, most: Double = .infinity) {
    let exponents = values.filter { $0 > 0 && $0.isFinite }.map { log10($0) }
    let top = Int((exponents.max() ?? 0).rounded(.up))
    let bottom = Int((exponents.min() ?? -1).rounded(.down))
    high = min(top, most.isFinite ? Int(log10(most)) : top)
    low = min(max(bottom, high - 8), high - 1)
    (self.left, self.right, self.hasZero) = (left, right, hasZero)
  }

  private var start: Double { hasZero ? left + 34 : left }

  func x(_ value: Double) -> Double {
    if value <= 0 { return left }
    let share = (log10(value) - Double(low)) / Double(high - low)
    return start + (right - start) * min(1, max(0, share))
  }

  func isBelow(_ value: Double) -> Bool { !hasZero && (value <= 0 || log10(value) < Double(low)) }
  func isAbove(_ value: Double) -> Bool { value == .infinity || log10(value) > Double(high) }

  /// Zero, and powers of ten: all of them, or every other where there are many.
  var ticks: [Double] {
    let step = high - low > (hasZero ? 6 : 4) ? 2 : 1
    return (hasZero ? [0] : []) + stride(from: high, through: low, by: -step).reversed().map { pow(10, Double($0)) }
  }
}
