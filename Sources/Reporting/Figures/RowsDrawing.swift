import Statistics

/// Marks under each other: names at the left, numbers at the right, groups under headings. Where groups have ratios these
/// stand at the right on an axis of their own.
struct RowsDrawing {
  let figure: Figure
  /// Puts a link around a mark.
  let linked: (Mark, Markup) -> Markup

  private static let pitch = 23.0
  /// About how wide a letter of the charts' type is.
  private static let letter = 6.5
  private static let (plot, ratioPlot) = (280.0, 170.0)

  private struct Row {
    var y: Double
    var mark: Mark
  }

  private var hasRatios: Bool { !figure.ratios.isEmpty }
  private var labelLimit: Int { hasRatios ? 36 : 24 }

  private static func room(_ texts: [String], _ least: Double) -> Double {
    max(least, 14 + letter * Double(texts.map(\.count).max() ?? 0))
  }

  /// The plot of the figure's marks.
  var frame: ChartFrame {
    let left = Self.room(figure.marks.map { $0.label.shortened(to: labelLimit) }, 90)
    let values = Self.room(figure.marks.map(\.remark), 62)
    let ratios = hasRatios ? 16 + Self.ratioPlot + Self.room(figure.ratios.map(\.remark), 62) : 0
    let rows = figure.groups.reduce(0) { $0 + $1.marks.count + ($1.title.isEmpty ? 0 : 1) }
    let top = hasRatios ? 22.0 : 6
    return ChartFrame(
      width: left + Self.plot + values + ratios, height: Self.pitch * Double(rows) + top + 24, left: left,
      right: values + ratios, top: top, bottom: 24)
  }

  /// The plot of the ratios, at the right of the other.
  private var ratioFrame: ChartFrame {
    var frame = frame
    frame.right = Self.room(figure.ratios.map(\.remark), 62)
    frame.left = frame.width - frame.right - Self.ratioPlot
    return frame
  }

  var markup: Markup {
    let (frame, axis) = (frame, figure.axis)
    var y = frame.top + Self.pitch / 2
    let groups = figure.groups.map { group -> Markup in
      let heading: Markup =
        group.title.isEmpty ? "" : "<text class=\"heading\" x=\"4\" y=\"\(length: y + 6)\">\(group.title)</text>"
      if !group.title.isEmpty { y += Self.pitch }
      let rows = group.marks.map { mark in
        defer { y += Self.pitch }
        return Row(y: y, mark: mark)
      }
      let middle = rows.reduce(0) { $0 + $1.y } / Double(max(1, rows.count))
      return """
        \(heading)\(rows.map { row($0, frame, axis) })\
        \(group.ratio.map { linked($0, drawing($0, at: middle, ratioFrame, ratioAxis)) } ?? "")
        """
    }
    let grids: Markup = "\(frame.gridAcross(axis))\(figure.quantity == .ratio ? one(frame, axis) : "" as Markup)"
    return "\(grids)\(hasRatios ? ratioGrid : "" as Markup)\(groups)"
  }

  private var ratioAxis: ChartAxis { .ratios(of: figure.ratios) }

  private var ratioGrid: Markup {
    let (frame, ratios) = (frame, ratioFrame)
    return """
      \(ratios.gridAcross(ratioAxis))\(one(ratios, ratioAxis))\
      <text x="\(length: frame.left)" y="14">rate</text><text x="\(length: ratios.left)" y="14">first / second</text>
      """
  }

  /// The line at which two rates are the same.
  private func one(_ frame: ChartFrame, _ axis: ChartAxis) -> Markup {
    """
    <path class="one" d="M\(length: frame.x(axis.height(1))) \(length: frame.top)V\(length: frame.height - frame.bottom)"/>
    """
  }

  private func row(_ row: Row, _ frame: ChartFrame, _ axis: ChartAxis) -> Markup {
    linked(
      row.mark,
      """
      <text x="\(length: frame.left - 8)" y="\(length: row.y + 4)" text-anchor="end">\
      \(row.mark.label.shortened(to: labelLimit))</text>\(drawing(row.mark, at: row.y, frame, axis))
      """)
  }

  /// The mark and its number.
  private func drawing(_ mark: Mark, at y: Double, _ frame: ChartFrame, _ axis: ChartAxis) -> Markup {
    let drawing = MarkDrawing(mark: mark, axis: axis, along: frame.x, across: y, isHorizontal: true)
    return """
      \(drawing.markup)\
      <text class="value" x="\(length: frame.width - frame.right + 8)" y="\(length: y + 4)">\(mark.remark)</text>
      """
  }
}

extension ChartAxis {
  /// For the values and intervals of ratios.
  static func ratios(of marks: [Mark]) -> ChartAxis {
    ChartAxis(
      ratios: marks.filter { $0.value != nil }.flatMap {
        [$0.value, $0.interval?.lower, $0.interval?.upper].compactMap(\.self)
      })
  }
}

extension Figure {
  /// The axis of the values.
  var axis: ChartAxis {
    switch quantity {
    case .rate where form == .panel: ChartAxis(rates: marks)
    case .rate:
      // The wider intervals have no say in which kind of axis it is: without events they are wide.
      ChartAxis(
        marks.filter { $0.value != nil }.compactMap { $0.tally.map { Count($0).clopperPearson() } ?? $0.interval },
        sequences: marks.flatMap { $0.sequences + [$0.value == nil ? 0 : $0.interval?.upper ?? 0] })
    case .ratio: .ratios(of: marks)
    case .nats:
      ChartAxis(
        around: marks.flatMap { [$0.value, $0.interval?.lower, $0.interval?.upper].compactMap(\.self) + $0.sequences })
    case .relativeError: ChartAxis(decadesAround: marks.compactMap(\.value))
    }
  }
}

extension String {
  /// At most so many characters, the last one of a longer text being an ellipsis.
  func shortened(to limit: Int) -> String { count > limit ? prefix(limit - 1) + "…" : self }
}
