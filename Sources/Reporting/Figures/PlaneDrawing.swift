/// Marks on two axes of powers of ten, those of a group joined by a line.
struct PlaneDrawing {
  let figure: Figure
  /// Puts a link around a mark.
  let linked: (Mark, Markup) -> Markup

  let frame = ChartFrame(width: 520, height: 300, left: 52, right: 130, top: 12, bottom: 42)

  var markup: Markup {
    let vertical = figure.axis
    let across = ChartAxis(decadesAround: figure.marks.compactMap(\.position))
    func point(_ mark: Mark) -> (x: Double, y: Double)? {
      guard let position = mark.position, let value = mark.value else { return nil }
      return (frame.x(across.height(position)), frame.y(vertical.height(value)))
    }
    let groups: [Markup] = figure.groups.map { group in
      let path = group.marks.compactMap(point)
      let style = group.marks.first?.style.className ?? "s"
      let name: Markup =
        path.last.map {
          "<text class=\"value\" x=\"\(length: $0.x + 9)\" y=\"\(length: $0.y + 4)\">\(group.title)</text>"
        }
        ?? ""
      let marks: [Markup] = group.marks.compactMap { mark in
        point(mark).map { linked(mark, MarkDrawing.shape(mark.style, x: $0.x, y: $0.y)) }
      }
      return "\(path.count > 1 ? frame.line(path, style: style) : "")\(marks)\(name)"
    }
    return """
      \(frame.grid(vertical))\(frame.gridAcross(across))\(groups)
      <text x="\(length: frame.x(0.5))" y="\(length: frame.height - 8)" text-anchor="middle">tokens of the policy</text>
      """
  }
}
