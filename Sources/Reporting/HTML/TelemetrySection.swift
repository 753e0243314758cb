/// Training curves: a row of small charts for each condition, a thin line for each sequence.
struct TelemetrySection {
  let series: [TelemetrySeries]

  var markup: Markup {
    """
    <p>Mean of each training round, counted over all stages of a sequence. Each line is one sequence; a quantity has the \
    same vertical scale in all conditions, zero included.</p>
    \(series.map(\.condition).uniqued.map(row))
    """
  }

  private func row(_ condition: String) -> Markup {
    let own = series.filter { $0.condition == condition }
    let charts = own.map { TelemetryChart(series: $0, range: range($0.metric), rounds: rounds).markup }
    return "<h3>\(condition)</h3><div class=\"charts curves\">\(charts)</div>"
  }

  private var rounds: Int { series.flatMap(\.lines).flatMap(\.points).map(\.round).max() ?? 1 }

  /// What all values of a quantity span, zero included.
  private func range(_ metric: String) -> ClosedRange<Double> {
    let values = series.filter { $0.metric == metric }.flatMap(\.lines).flatMap(\.points).map(\.value)
    let (low, high) = (min(0, values.min() ?? 0), max(0, values.max() ?? 0))
    if metric.hasPrefix("rate/") { return 0...1 }
    return low...(high > low ? high : low + 1)
  }
}

/// One quantity of one condition over rounds.
private struct TelemetryChart {
  let series: TelemetrySeries
  let range: ClosedRange<Double>
  let rounds: Int

  private let frame = ChartFrame(width: 220, height: 120, left: 40, right: 8, top: 8, bottom: 18)

  var markup: Markup {
    """
    <figure><figcaption><small>\(series.metric)</small></figcaption>
    <svg viewBox="0 0 \(length: frame.width) \(length: frame.height)" role="img" aria-label="\(description)">
    \(grid)\(Markup(joining: series.lines.map(line)))
    </svg></figure>
    """
  }

  private var description: String {
    series.lines.map { line in
      "sequence \(line.replicate): \(line.points.first?.value.short ?? "") to \(line.points.last?.value.short ?? "")"
    }.joined(separator: "; ")
  }

  private func y(_ value: Double) -> Double {
    frame.y((value - range.lowerBound) / (range.upperBound - range.lowerBound))
  }

  private func x(_ round: Int) -> Double { frame.x(rounds == 1 ? 0.5 : Double(round - 1) / Double(rounds - 1)) }

  private var grid: Markup {
    let values = [range.lowerBound, 0, range.upperBound].filter(range.contains).uniqued
    let lines: [Markup] = values.map { value in
      """
      <line class="axis" x1="\(length: frame.left)" x2="\(length: frame.x(1))" y1="\(length: y(value))" \
      y2="\(length: y(value))"/><text x="\(length: frame.left - 5)" y="\(length: y(value) + 3.5)" \
      text-anchor="end">\(value.short)</text>
      """
    }
    let ends: [Markup] = [1, rounds].uniqued.map { round in
      "<text x=\"\(length: x(round))\" y=\"\(length: frame.height - 4)\" text-anchor=\"middle\">\(round)</text>"
    }
    return "\(lines)\(ends)"
  }

  private func line(_ line: TelemetrySeries.Line) -> Markup {
    let style = series.metric == "rate/honest" ? "h thin" : series.metric == "rate/gamed" ? "g thin" : "s thin"
    if line.points.count == 1 {
      return
        "<circle class=\"dot \(style)\" cx=\"\(length: x(line.points[0].round))\" cy=\"\(length: y(line.points[0].value))\" r=\"2\"/>"
    }
    return frame.line(line.points.map { (x: x($0.round), y: y($0.value)) }, style: style)
  }
}
