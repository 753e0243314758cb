import Statistics

/// The rate of one column at each stage with its exact interval, condition beside condition.
struct StageChart {
  let matrix: Matrix
  let column: Int
  let subject: ReportSubject

  /// More rows than this take the page's whole width, and their labels are those of the conditions.
  static let narrow = 8

  private var isWide: Bool { matrix.rows.count > Self.narrow }

  private var frame: ChartFrame {
    ChartFrame(width: isWide ? 1060 : 340, height: 190, left: 44, right: 10, top: 10, bottom: 34)
  }

  var markup: Markup {
    let heading = matrix.columns[column]
    let axis = ChartAxis(points.map(\.cell.estimate.interval), sequences: points.flatMap(\.cell.sequences.rates))
    return """
      <figure><figcaption>\(heading.environmentTitle)<small>\(heading.subtitle)</small></figcaption>
      <svg viewBox="0 0 \(length: frame.width) \(length: frame.height)" role="img" aria-label="\(description)">
      \(frame.grid(axis))\(Markup(joining: lines.map { line($0, axis) }))
      \(points.map { mark($0, axis) })\(isWide ? conditionLabels : labels)
      </svg></figure>
      """
  }

  private struct Point {
    var position: Int
    var row: Matrix.Row
    var cell: Matrix.Cell
  }

  private var points: [Point] {
    matrix.rows.enumerated().compactMap { position, row in
      row.cells[column].map { Point(position: position, row: row, cell: $0) }
    }
  }

  /// The points of each condition; in a narrow chart those before training lead up to the first one.
  private var lines: [[Point]] {
    let main = matrix.rows.lazy.compactMap(\.condition).first
    return matrix.rows.map(\.condition).uniqued.compactMap { condition in
      guard let condition else { return nil }
      let isFromStart = condition == main && !isWide
      return points.filter { $0.row.condition == condition || $0.row.condition == nil && isFromStart }
    }
  }

  private var description: String {
    points.map { "\($0.row.name): \($0.cell.estimate.rateText), interval \($0.cell.estimate.interval.percent)" }.joined(
      separator: "; ")
  }

  /// Conditions stand apart in a wide chart.
  private func x(_ position: Int) -> Double {
    guard isWide else { return frame.x((Double(position) + 0.5) / Double(matrix.rows.count)) }
    func gaps(_ position: Int) -> Double {
      Double(matrix.rows.prefix(position + 1).map(\.condition).uniqued.count - 1)
    }
    let last = matrix.rows.count - 1
    return frame.x((Double(position) + 0.5 + 0.7 * gaps(position)) / (Double(last) + 1 + 0.7 * gaps(last)))
  }

  private func line(_ points: [Point], _ axis: ChartAxis) -> Markup {
    let path = points.compactMap { point in
      point.cell.estimate.rate.map { (x: x(point.position), y: frame.y(axis.height($0))) }
    }
    guard path.count > 1, let last = points.last else { return "" }
    return frame.line(path, style: subject.style(last.row.condition))
  }

  private func mark(_ point: Point, _ axis: ChartAxis) -> Markup {
    let estimate = point.cell.estimate
    guard let rate = estimate.rate else { return "" }
    let condition = point.row.condition
    let colour = condition == nil ? subject.style(subject.mainCondition?.name) : subject.style(condition)
    let style = colour + (rate == 0 ? " zero" : "")
    let x = x(point.position)
    func y(_ rate: Double) -> Double { frame.y(axis.height(rate)) }
    let rates = point.cell.sequences.rates
    let ticks: [Markup] = (rates.count > 1 ? rates : []).map { rate in
      "<line class=\"tick \(colour)\" x1=\"\(length: x + 4)\" x2=\"\(length: x + 9)\" y1=\"\(length: y(rate))\" y2=\"\(length: y(rate))\"/>"
    }
    return """
      <line class="bar \(style)" x1="\(length: x)" x2="\(length: x)" y1="\(length: y(estimate.interval.lower))" \
      y2="\(length: y(estimate.interval.upper))"/>\(Markup(joining: ticks))\
      <circle class="dot \(style)" cx="\(length: x)" cy="\(length: y(rate))" r="3.6"/>
      """
  }

  /// Names under the axis, on two lines in turn; the last one ends at the chart's edge.
  private var labels: Markup {
    let main = matrix.rows.lazy.compactMap(\.condition).first
    let marks: [Markup] = matrix.rows.enumerated().map { position, row in
      let name = row.condition == main ? row.title : row.name
      let isLast = position == matrix.rows.count - 1
      let x = isLast ? frame.width : x(position)
      let y = frame.y(0) + (position.isMultiple(of: 2) ? 14 : 27)
      return """
        <text x="\(length: x)" y="\(length: y)" text-anchor="\(isLast ? "end" : "middle")">\(name.shortened(to: 15))</text>
        """
    }
    return Markup(joining: marks)
  }

  /// The conditions' names, each under the middle of its points, on two lines in turn.
  private var conditionLabels: Markup {
    let marks: [Markup] = matrix.rows.map(\.condition).uniqued.enumerated().map { order, condition in
      let own = matrix.rows.indices.filter { matrix.rows[$0].condition == condition }
      let middle = own.reduce(0) { $0 + x($1) } / Double(own.count)
      let y = frame.y(0) + (order.isMultiple(of: 2) ? 14 : 27)
      let name = condition ?? matrix.baseline?.title ?? ""
      return "<text x=\"\(length: middle)\" y=\"\(length: y)\" text-anchor=\"middle\">\(name.shortened(to: 24))</text>"
    }
    return Markup(joining: marks)
  }
}
