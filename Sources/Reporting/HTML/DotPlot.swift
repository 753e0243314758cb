import Statistics

/// Rates under each other on one horizontal axis: a dot and its exact interval for each, ticks for single sequences, the
/// number beside it.
struct DotPlot {
  struct Row {
    var label: String
    /// The colour: `g` gaming, `h` honest, `t` twin, `s` start.
    var style: String
    var estimate: Estimate
    /// Rates of single sequences; none is drawn for one.
    var sequences: [Double] = []
  }

  let title: String
  let subtitle: String
  let rows: [Row]

  private static let pitch = 23.0

  private var frame: ChartFrame {
    ChartFrame(
      width: 440, height: Self.pitch * Double(rows.count) + 30, left: 128, right: 62, top: 6, bottom: 24)
  }

  var markup: Markup {
    let axis = ChartAxis(rows.map(\.estimate.interval), sequences: rows.flatMap(\.sequences))
    return """
      <figure><figcaption>\(title)<small>\(subtitle)</small></figcaption>
      <svg viewBox="0 0 \(length: frame.width) \(length: frame.height)" role="img" aria-label="\(description)">
      \(frame.gridAcross(axis))
      \(rows.enumerated().map { mark($1, at: frame.top + Self.pitch * (Double($0) + 0.5), axis) })
      </svg></figure>
      """
  }

  private var description: String {
    rows.map { "\($0.label): \($0.estimate.rateText), interval \($0.estimate.interval.percent)" }.joined(
      separator: "; ")
  }

  private func mark(_ row: Row, at y: Double, _ axis: ChartAxis) -> Markup {
    let label: Markup =
      "<text x=\"\(length: frame.left - 8)\" y=\"\(length: y + 4)\" text-anchor=\"end\">\(row.label.shortened(to: 20))</text>"
    guard let rate = row.estimate.rate else { return label }
    let interval = row.estimate.interval
    let style = row.style + (rate == 0 ? " zero" : "")
    func x(_ rate: Double) -> Double { frame.x(axis.height(rate)) }
    let ticks: [Markup] = (row.sequences.count > 1 ? row.sequences : []).map { rate in
      "<line class=\"tick \(row.style)\" x1=\"\(length: x(rate))\" x2=\"\(length: x(rate))\" y1=\"\(length: y + 4)\" y2=\"\(length: y + 9)\"/>"
    }
    return """
      \(label)<line class="bar \(style)" x1="\(length: x(interval.lower))" x2="\(length: x(interval.upper))" \
      y1="\(length: y)" y2="\(length: y)"/>\(Markup(joining: ticks))\
      <circle class="dot \(style)" cx="\(length: x(rate))" cy="\(length: y)" r="3.8"/>\
      <text class="value" x="\(length: frame.width - frame.right + 8)" y="\(length: y + 4)">\(row.estimate.rateText)</text>
      """
  }
}

extension String {
  /// At most so many characters, the last one of a longer text being an ellipsis.
  func shortened(to limit: Int) -> String { count > limit ? prefix(limit - 1) + "…" : self }
}

extension ReportSubject {
  /// The colour of a condition in charts, as in `DotPlot.Row.style`.
  func style(_ condition: String?) -> String {
    switch self.condition(condition)?.kind {
    case .benign: "t"
    case .trainAway: "h"
    case .gaming: "g"
    case nil: condition == nil ? "s" : "g"
    }
  }
}
