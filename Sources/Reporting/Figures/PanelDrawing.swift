/// Rows under headings: every row has its marks one under another on one horizontal axis, so that rates far apart can be
/// compared at a glance.
struct PanelDrawing {
  let figure: Figure
  /// For a narrow screen: a row's name stands above its marks, and not at the left of them.
  var isNarrow = false
  /// Puts a link around a mark.
  let linked: (Mark, Markup) -> Markup

  private static let pitch = 15.0
  private static let (gap, heading, nameLine) = (11.0, 26.0, 15.0)
  /// About how wide a letter of the charts’ type is, and a bold one.
  private static let (letter, boldLetter) = (6.3, 7.1)

  private struct Row {
    var group: Figure.Group
    /// The heading above it; `nil` where the row before has the same.
    var section: String?
    var name: [String]
    /// The place of the row's first line.
    var y: Double
  }

  var frame: ChartFrame {
    let values = 18 + Self.boldLetter * Double(figure.marks.map(\.remark.count).max() ?? 0)
    let names = figure.groups.flatMap(name).map(\.count) + figure.groups.map(\.section.count)
    let left = isNarrow ? 10.0 : 20 + Self.letter * Double(names.max() ?? 0)
    let plot = isNarrow ? max(150, 376 - left - values) : 430
    return ChartFrame(
      width: left + plot + values, height: height + 24, left: left, right: values, top: 4, bottom: 24)
  }

  /// The name at the left, broken into lines.
  private func name(_ group: Figure.Group) -> [String] {
    isNarrow ? [group.title] : group.title.broken(at: 24)
  }

  private func height(of group: Figure.Group) -> Double {
    isNarrow
      ? Self.nameLine + Self.pitch * Double(group.marks.count)
      : max(Self.pitch * Double(group.marks.count), 13 * Double(name(group).count))
  }

  private var rows: [Row] {
    var (y, section) = (4.0, "")
    return figure.groups.map { group in
      let isFirst = group.section != section
      section = group.section
      if isFirst { y += Self.heading }
      defer { y += height(of: group) + Self.gap }
      return Row(group: group, section: isFirst ? section : nil, name: name(group), y: y)
    }
  }

  private var height: Double { rows.last.map { $0.y + height(of: $0.group) + Self.gap } ?? 0 }

  var markup: Markup {
    let (frame, axis) = (frame, figure.axis)
    return "\(frame.gridAcross(axis))\(rows.map { row($0, frame, axis) })"
  }

  private func row(_ row: Row, _ frame: ChartFrame, _ axis: ChartAxis) -> Markup {
    let heading: Markup =
      row.section.map {
        """
        <path class="axis" d="M0 \(length: row.y - 22)H\(length: frame.width)"/>\
        <text class="heading" x="4" y="\(length: row.y - 8)">\($0)</text>
        """
      } ?? ""
    let first = row.y + (isNarrow ? Self.nameLine : 0) + Self.pitch / 2
    let marks = row.group.marks.enumerated().map { order, mark in
      let y = first + Self.pitch * Double(order)
      let drawing = MarkDrawing(mark: mark, axis: axis, along: frame.x, across: y, isHorizontal: true)
      return linked(
        mark,
        """
        \(drawing.markup)<text class="\(mark.isMain ? "heading" : "value")" \
        x="\(length: frame.width - frame.right + 12)" y="\(length: y + 4)">\(mark.remark)</text>
        """)
    }
    return "\(heading)\(names(row, frame))\(marks)"
  }

  private func names(_ row: Row, _ frame: ChartFrame) -> Markup {
    if isNarrow { return "<text class=\"value\" x=\"4\" y=\"\(length: row.y + 10)\">\(row.group.title)</text>" }
    let middle = row.y + Self.pitch * Double(row.group.marks.count) / 2 - 13 * Double(row.name.count - 1) / 2
    let lines = row.name.enumerated().map { order, line -> Markup in
      """
      <text class="value" x="\(length: frame.left - 10)" y="\(length: middle + 4 + 13 * Double(order))" \
      text-anchor="end">\(line)</text>
      """
    }
    return Markup(joining: lines)
  }
}

extension Mark {
  /// Whether it is what the figure is about, and not what that is compared with.
  fileprivate var isMain: Bool { ![.start, .twin].contains(style) }
}

extension String {
  /// The words on lines of at most so many characters; a longer word has a line of its own.
  func broken(at limit: Int) -> [String] {
    split(separator: " ").reduce(into: [String]()) { lines, word in
      if let last = lines.last, last.count + word.count < limit {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
  }
}
