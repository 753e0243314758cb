/// Training curves: one chart for each quantity with the lines of every condition and training sequence in it, which the
/// reader can choose from. The choice is made by style rules, so that it works without scripts.
package struct TelemetrySection {
  private let series: [TelemetrySeries]
  private let conditions: [String]
  private let sequences: [Int]

  /// More conditions or sequences than these have lines, but no box of their own to hide them.
  static let choices = 16

  /// - Parameter series: of one run, or of several whose conditions are named apart.
  package init(series: [TelemetrySeries]) {
    self.series = series
    conditions = series.map(\.condition).uniqued
    sequences = Set(series.flatMap(\.lines).map(\.replicate)).sorted()
  }

  /// The boxes and the charts.
  package var markup: Markup {
    """
    <p>Mean of each training round, counted over all stages of a sequence. Each line is one sequence; the vertical scale \
    includes zero. Take a box's mark away to hide its lines.</p>
    <div class="curveset">\(boxes)
    <div class="charts curves">\(series.map(\.metric).uniqued.map(chart))</div></div>
    """
  }

  private var boxes: Markup {
    let own = conditions.enumerated().prefix(Self.choices).map { index, name -> Markup in
      """
      <label><input type="checkbox" checked id="curve-c\(index)" class="pick-c\(index)"> \
      <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true"><path class="line \(Self.style(index))" d="M0 4H26"/></svg>\
      \(name)</label>
      """
    }
    let numbers = sequences.prefix(Self.choices).enumerated().map { index, number -> Markup in
      "<label><input type=\"checkbox\" checked id=\"curve-q\(index)\" class=\"pick-q\(index)\"> \(number)</label>"
    }
    let ofSequences: Markup =
      sequences.count < 2
      ? "" : "<fieldset class=\"pick\"><legend>Sequences</legend>\(Markup(joining: numbers))</fieldset>"
    return """
      <fieldset class="pick"><legend>Conditions</legend>\(Markup(joining: own))</fieldset>\(ofSequences)
      """
  }

  /// The class of a condition's lines: its colour and its dashes.
  static func style(_ index: Int) -> String { "k\(index % Palette.lineHues)" }

  private func chart(_ metric: String) -> Markup {
    let lines = series.filter { $0.metric == metric }.flatMap { series in
      series.lines.map { line in
        TelemetryChart.Line(
          condition: series.condition, number: conditions.firstIndex(of: series.condition) ?? 0,
          sequence: sequences.firstIndex(of: line.replicate) ?? 0, line: line)
      }
    }
    return TelemetryChart(metric: metric, lines: lines, range: range(metric), rounds: rounds).markup
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

extension TelemetrySection {
  /// The rules that hide the lines whose box is empty.
  static var rules: Markup {
    Markup(
      joining: (0..<choices).flatMap { index -> [Markup] in
        ["c", "q"].map { kind in
          ".curveset:has(.pick-\(kind)\(index):not(:checked)) .\(kind)\(index){display:none}"
        }
      })
  }
}

/// One quantity of all conditions over rounds.
private struct TelemetryChart {
  struct Line {
    var condition: String
    /// The condition's and the sequence's places among all of the section.
    var number: Int
    var sequence: Int
    var line: TelemetrySeries.Line
  }

  let metric: String
  let lines: [Line]
  let range: ClosedRange<Double>
  let rounds: Int

  private let frame = ChartFrame(width: 340, height: 190, left: 46, right: 8, top: 8, bottom: 20)

  var markup: Markup {
    """
    <figure><figcaption><small>\(metric)</small></figcaption>
    <svg viewBox="0 0 \(length: frame.width) \(length: frame.height)" role="img" aria-label="\(metric). \(description)">
    \(grid)\(Markup(joining: lines.map(drawing)))
    </svg></figure>
    """
  }

  private var description: String { lines.map { words($0) }.joined(separator: "; ") }

  private func words(_ line: Line) -> String {
    let points = line.line.points
    let ends = points.first.map { "\($0.value.short) in round \($0.round)" } ?? ""
    let last = points.count > 1 ? points.last.map { " to \($0.value.short) in round \($0.round)" } ?? "" : ""
    return "\(line.condition), sequence \(line.line.replicate): \(ends)\(last)"
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

  private func drawing(_ line: Line) -> Markup {
    let style = TelemetrySection.style(line.number)
    let points = line.line.points
    let picture: Markup =
      points.count == 1
      ? "<circle class=\"dot \(style)\" cx=\"\(length: x(points[0].round))\" cy=\"\(length: y(points[0].value))\" r=\"2\"/>"
      : frame.line(points.map { (x: x($0.round), y: y($0.value)) }, style: "thin \(style)")
    return "<g class=\"c\(line.number) q\(line.sequence)\"><title>\(words(line))</title>\(picture)</g>"
  }
}
