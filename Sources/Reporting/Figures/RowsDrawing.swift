import Statistics

/// Marks under each other: names at the left, numbers at the right, groups under headings.
struct RowsDrawing {
  let figure: Figure
  /// Puts a link around a mark.
  let linked: (Mark, Markup) -> Markup

  private static let pitch = 23.0
  /// About how wide a letter of the charts' type is.
  private static let letter = 6.5

  private enum Row {
    case heading(String)
    case mark(Mark)
  }

  private var rows: [Row] {
    figure.groups.flatMap { group in
      (group.title.isEmpty ? [] : [.heading(group.title)]) + group.marks.map(Row.mark)
    }
  }

  var frame: ChartFrame {
    func room(_ texts: [String], _ least: Double) -> Double {
      max(least, 14 + Self.letter * Double(texts.map(\.count).max() ?? 0))
    }
    let left = room(figure.marks.map { $0.label.shortened(to: 24) }, 90)
    let right = room(figure.marks.map(\.remark), 62)
    return ChartFrame(
      width: left + 280 + right, height: Self.pitch * Double(rows.count) + 30, left: left, right: right, top: 6,
      bottom: 24)
  }

  var markup: Markup {
    let (frame, axis) = (frame, figure.axis)
    let one: Markup =
      figure.quantity == .ratio
      ? """
      <path class="one" d="M\(length: frame.x(axis.height(1))) \(length: frame.top)V\(length: frame.height - frame.bottom)"/>
      """ : ""
    return """
      \(frame.gridAcross(axis))\(one)
      \(rows.enumerated().map { row($1, at: frame.top + Self.pitch * (Double($0) + 0.5), frame, axis) })
      """
  }

  private func row(_ row: Row, at y: Double, _ frame: ChartFrame, _ axis: ChartAxis) -> Markup {
    switch row {
    case .heading(let title): "<text class=\"heading\" x=\"4\" y=\"\(length: y + 6)\">\(title)</text>"
    case .mark(let mark): self.mark(mark, at: y, frame, axis)
    }
  }

  private func mark(_ mark: Mark, at y: Double, _ frame: ChartFrame, _ axis: ChartAxis) -> Markup {
    let drawing = MarkDrawing(mark: mark, place: { frame.x(axis.height($0)) }, across: y, isHorizontal: true)
    return linked(
      mark,
      """
      <text x="\(length: frame.left - 8)" y="\(length: y + 4)" text-anchor="end">\(mark.label.shortened(to: 24))</text>\
      \(drawing.markup)\
      <text class="value" x="\(length: frame.width - frame.right + 8)" y="\(length: y + 4)">\(mark.remark)</text>
      """)
  }
}

extension Figure {
  /// The axis of the values.
  var axis: ChartAxis {
    switch quantity {
    case .rate:
      // The wider intervals have no say in which kind of axis it is: without events they are wide.
      ChartAxis(
        marks.compactMap(\.interval), sequences: marks.flatMap { $0.sequences + [$0.clustered?.upper ?? 0] })
    case .ratio:
      ChartAxis(
        decadesAround: [0.1, 10]
          + marks.flatMap { [$0.value, $0.interval?.lower, $0.interval?.upper].compactMap(\.self) }, limit: 4)
    case .relativeError: ChartAxis(decadesAround: marks.compactMap(\.value))
    }
  }
}

extension String {
  /// At most so many characters, the last one of a longer text being an ellipsis.
  func shortened(to limit: Int) -> String { count > limit ? prefix(limit - 1) + "…" : self }
}
