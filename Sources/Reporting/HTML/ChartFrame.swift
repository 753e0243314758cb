/// The plot area of a small chart, in the units of its view box.
struct ChartFrame {
  var width: Double
  var height: Double
  var left: Double
  var right: Double
  var top: Double
  var bottom: Double

  /// The horizontal place of a share of the width.
  func x(_ share: Double) -> Double { left + share * (width - left - right) }

  /// The vertical place of a share of the height, which counts upwards.
  func y(_ share: Double) -> Double { height - bottom - share * (height - top - bottom) }

  /// Lines and labels at the axis' ticks; the band of exact zeros is shaded.
  func grid(_ axis: ChartAxis) -> Markup {
    let ticks: [Markup] = axis.ticks.map { tick in
      let y = y(axis.height(tick))
      return """
        <line class="axis" x1="\(length: left)" x2="\(length: width - right)" y1="\(length: y)" y2="\(length: y)"/>\
        <text x="\(length: left - 6)" y="\(length: y + 3.5)" text-anchor="end">\(tick.tickLabel)</text>
        """
    }
    return "\(zeroBand(axis))\(ticks)"
  }

  func line(_ points: [(x: Double, y: Double)], style: String) -> Markup {
    let steps: [Markup] = points.map { "\(length: $0.x),\(length: $0.y)" }
    return "<polyline class=\"line \(style)\" points=\"\(steps)\"/>"
  }

  private func zeroBand(_ axis: ChartAxis) -> Markup {
    guard case .logarithmic = axis else { return "" }
    let top = y(ChartAxis.zeroBand)
    return """
      <rect class="zone" x="\(length: left)" y="\(length: top)" width="\(length: width - left - right)" \
      height="\(length: y(0) - top)"/>
      """
  }
}
