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
    let zones: [Markup] = axis.bands.map { rectangle(across: 0...1, up: $0) }
    return "\(zones)\(ticks)"
  }

  /// The same for a horizontal axis, with its labels below.
  func gridAcross(_ axis: ChartAxis) -> Markup {
    let ticks: [Markup] = axis.ticks.map { tick in
      let x = x(axis.height(tick))
      // The labels of zero and of the lowest power of ten would touch, and so at the other end.
      let label = axis.bands.isEmpty || tick > 0 && tick.isFinite ? x : tick == 0 ? x - 9 : x + 9
      let isNumber = axis.bands.count < 2 || tick > 0 && tick.isFinite
      let line: Markup =
        isNumber ? "<path class=\"axis\" d=\"M\(length: x) \(length: top)V\(length: height - bottom)\"/>" : ""
      return """
        \(line)\
        <text x="\(length: label)" y="\(length: height - bottom + 14)" text-anchor="middle">\(axis.label(tick))</text>
        """
    }
    let zones: [Markup] = axis.bands.map { rectangle(across: $0, up: 0...1) }
    return "\(zones)\(ticks)"
  }

  func line(_ points: [(x: Double, y: Double)], style: String) -> Markup {
    let steps: [Markup] = points.map { "\(length: $0.x),\(length: $0.y)" }
    return "<polyline class=\"line \(style)\" points=\"\(steps)\"/>"
  }

  /// A shaded part of the plot area, by its shares of the width and of the height.
  private func rectangle(across: ClosedRange<Double>, up: ClosedRange<Double>) -> Markup {
    """
    <rect class="zone" x="\(length: x(across.lowerBound))" y="\(length: y(up.upperBound))" \
    width="\(length: x(across.upperBound) - x(across.lowerBound))" \
    height="\(length: y(up.lowerBound) - y(up.upperBound))"/>
    """
  }
}
