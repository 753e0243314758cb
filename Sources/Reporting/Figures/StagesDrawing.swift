/// Groups beside each other, the marks of one in order and joined by a line. With few marks each has its name under the
/// axis, and the first group leads up to the second; with many the groups have theirs.
struct StagesDrawing {
  let figure: Figure
  /// Puts a link around a mark.
  let linked: (Mark, Markup) -> Markup

  /// More marks than this take a page's whole width.
  static let narrow = 8

  var isWide: Bool { figure.marks.count > Self.narrow }

  var frame: ChartFrame {
    ChartFrame(width: isWide ? 1060 : 340, height: 190, left: 54, right: 10, top: 10, bottom: 34)
  }

  private struct Point {
    var mark: Mark
    var group: Int
    var x: Double
  }

  var markup: Markup {
    let (frame, axis, points) = (frame, figure.axis, points)
    return """
      \(frame.grid(axis))\(Markup(joining: figure.groups.indices.map { line($0, points, axis) }))
      \(points.map { point in
        linked(
          point.mark,
          MarkDrawing(
            mark: point.mark, axis: axis, along: frame.y, across: point.x, isHorizontal: false
          ).markup)
      })\(isWide ? groupLabels(points) : labels(points))
      """
  }

  /// Every mark with its place; groups stand apart in a wide chart.
  private var points: [Point] {
    let gap = isWide ? 0.7 : 0
    let slots = Double(figure.marks.count) + gap * Double(figure.groups.count - 1)
    var slot = 0.5
    return figure.groups.enumerated().flatMap { index, group in
      let points = group.marks.enumerated().map { order, mark in
        Point(mark: mark, group: index, x: frame.x((slot + Double(order)) / slots))
      }
      slot += Double(group.marks.count) + gap
      return points
    }
  }

  private func line(_ group: Int, _ points: [Point], _ axis: ChartAxis) -> Markup {
    let own = points.filter { $0.group == group || group == 1 && $0.group == 0 && !isWide }
    let path = own.compactMap { point in point.mark.value.map { (x: point.x, y: frame.y(axis.height($0))) } }
    guard path.count > 1, let last = own.last else { return "" }
    return frame.line(path, style: last.mark.style.className)
  }

  /// Names under the axis, on two lines in turn; the last one ends at the chart's edge.
  private func labels(_ points: [Point]) -> Markup {
    Markup(
      joining: points.enumerated().map { order, point in
        let isLast = order == points.count - 1
        return """
          <text x="\(length: isLast ? frame.width : point.x)" y="\(length: labelHeight(order))" \
          text-anchor="\(isLast ? "end" : "middle")">\(point.mark.label.shortened(to: 15))</text>
          """
      })
  }

  /// The groups' names, each under the middle of its marks, on two lines in turn.
  private func groupLabels(_ points: [Point]) -> Markup {
    Markup(
      joining: figure.groups.enumerated().map { order, group in
        let own = points.filter { $0.group == order }.map(\.x)
        let middle = own.reduce(0, +) / Double(max(1, own.count))
        return """
          <text x="\(length: middle)" y="\(length: labelHeight(order))" text-anchor="middle">\
          \(group.title.shortened(to: 24))</text>
          """
      })
  }

  private func labelHeight(_ order: Int) -> Double { frame.y(0) + (order.isMultiple(of: 2) ? 14 : 27) }
}
