import Statistics

/// The rate of one column at each checkpoint with its exact interval, the benign twin beside it.
struct StageChart {
  let matrix: Matrix
  let column: Int

  private let frame = ChartFrame(width: 340, height: 190, left: 44, right: 10, top: 10, bottom: 34)

  var markup: Markup {
    let heading = matrix.columns[column]
    let axis = ChartAxis(points.map(\.estimate.interval))
    return """
      <figure><figcaption>\(heading.environmentTitle)<small>\(heading.subtitle)</small></figcaption>
      <svg viewBox="0 0 \(length: frame.width) \(length: frame.height)" role="img" aria-label="\(description)">
      \(frame.grid(axis))\(main.count > 1 ? line(axis) : "")
      \(points.map { mark($0, axis) })\(labels)
      </svg></figure>
      """
  }

  private struct Point {
    var position: Int
    var name: String
    var estimate: Estimate
    var isTwin: Bool
  }

  /// The first curriculum's checkpoints after the untrained one, then the others.
  private var points: [Point] {
    let mainBranch = matrix.rows.dropFirst().first?.checkpoint.branch
    return matrix.rows.enumerated().compactMap { position, row in
      row.cells[column].map {
        let branch = row.checkpoint.branch
        return Point(
          position: position, name: row.checkpoint.name, estimate: $0.estimate,
          isTwin: branch != nil && branch != mainBranch)
      }
    }
  }

  private var main: [Point] { points.filter { !$0.isTwin } }

  private var description: String {
    points.map { "\($0.name): \($0.estimate.rateText), interval \($0.estimate.interval.percent)" }.joined(
      separator: "; ")
  }

  private func x(_ position: Int) -> Double { frame.x((Double(position) + 0.5) / Double(matrix.rows.count)) }

  private func line(_ axis: ChartAxis) -> Markup {
    let path = main.filter { $0.estimate.rate != nil }.map {
      (x($0.position), frame.y(axis.height($0.estimate.rate ?? 0)))
    }
    return frame.line(path, style: "g")
  }

  private func mark(_ point: Point, _ axis: ChartAxis) -> Markup {
    guard let rate = point.estimate.rate else { return "" }
    let style = (point.isTwin ? "t" : "g") + (rate == 0 ? " zero" : "")
    let (x, interval) = (x(point.position), point.estimate.interval)
    return """
      <line class="bar \(style)" x1="\(length: x)" x2="\(length: x)" y1="\(length: frame.y(axis.height(interval.lower)))" \
      y2="\(length: frame.y(axis.height(interval.upper)))"/>\
      <circle class="dot \(style)" cx="\(length: x)" cy="\(length: frame.y(axis.height(rate)))" r="3.6"/>
      """
  }

  /// Names under the axis, on two lines in turn; the last one ends at the chart's edge.
  private var labels: Markup {
    let marks: [Markup] = matrix.rows.enumerated().map { position, row in
      let name = row.checkpoint.name.count > 15 ? row.checkpoint.name.prefix(14) + "…" : row.checkpoint.name[...]
      let isLast = position == matrix.rows.count - 1
      let x = isLast ? frame.width : x(position)
      let y = frame.y(0) + (position.isMultiple(of: 2) ? 14 : 27)
      return """
        <text x="\(length: x)" y="\(length: y)" text-anchor="\(isLast ? "end" : "middle")">\(name)</text>
        """
    }
    return Markup(joining: marks)
  }
}
