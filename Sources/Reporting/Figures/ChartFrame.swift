/// The plot area of a chart, in the units of its view box.
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

  /// Lines and labels at the ticks of a vertical axis; the band of exact zeros is shaded.
  func grid(_ axis: ChartAxis) -> Markup {
    let ticks: [Markup] = axis.ticks.map { tick in
      let y = y(axis.height(tick))
      return """
        <path class="axis" d="M\(length: left) \(length: y)H\(length: width - right)"/>\
        <text x="\(length: left - 6)" y="\(length: y + 3.5)" text-anchor="end">\(axis.label(tick))</text>
        """
    }
    let zone = axis.hasZeroBand ? rectangle(width: 1, height: ChartAxis.zeroBand) : ""
    return "\(zone)\(ticks)"
  }

  /// The same for a horizontal axis, with its labels below.
  func gridAcross(_ axis: ChartAxis) -> Markup {
    let ticks: [Markup] = axis.ticks.map { tick in
      let x = x(axis.height(tick))
      // The labels of zero and of the lowest power of ten would touch.
      let label = tick == 0 && axis.hasZeroBand ? x - 9 : x
      return """
        <path class="axis" d="M\(length: x) \(length: top)V\(length: height - bottom)"/>\
        <text x="\(length: label)" y="\(length: height - bottom + 14)" text-anchor="middle">\(axis.label(tick))</text>
        """
    }
    let zone = axis.hasZeroBand ? rectangle(width: ChartAxis.zeroBand, height: 1) : ""
    return "\(zone)\(ticks)"
  }

  func line(_ points: [(x: Double, y: Double)], style: String) -> Markup {
    let steps: [Markup] = points.map { "\(length: $0.x),\(length: $0.y)" }
    return "<polyline class=\"line \(style)\" points=\"\(steps)\"/>"
  }

  /// A shaded part of the plot area at its lower left, by its share of each side.
  private func rectangle(width share: Double, height: Double) -> Markup {
    """
    <rect class="zone" x="\(length: left)" y="\(length: y(height))" width="\(length: x(share) - left)" \
    height="\(length: y(0) - y(height))"/>
    """
  }
}
