/// A figure as SVG: for the page, without colours of its own, or as a file that needs nothing else.
struct FigureDrawing {
  let figure: Figure
  /// The address of the list of episodes behind a mark; `nil` where there is none.
  let address: (EpisodeSet) -> Markup?
  /// For a narrow screen, where the form has a drawing for it.
  var isNarrow = false

  /// How every figure is to be read.
  static let key = """
    Bars are the tables’ 95 % intervals. Small ticks are single sequences. A hollow mark in the shaded band is a count of \
    zero, and its bar reaches up to what that does not exclude.
    """

  /// The picture inside of a page that has the style sheet.
  var embedded: Markup {
    let (frame, body) = drawing
    return """
      <svg viewBox="0 0 \(length: frame.width) \(length: frame.height)" role="group" aria-label="\(figure.fullTitle)">\
      <title>\(figure.fullTitle)</title><desc>\(figure.description)</desc>
      \(body)
      </svg>
      """
  }

  /// A file of its own: with the figure's title, a key of the shapes, the note, and its colours for light, dark and paper.
  var standalone: Markup {
    let (frame, body) = drawing
    let width = max(frame.width, 460)
    let legend = legend(width: width)
    let titles = figure.title.broken(at: Int((width - 8) / 9.4))
    let subtitles = figure.subtitle.broken(at: Int((width - 8) / 6.2))
    let above = 20 * Double(titles.count) + 14 * Double(max(1, subtitles.count)) - 4
    let header = above + 14 + 18 * Double(legend.lines)
    let notes = figure.noteLines(width: width)
    let height = header + frame.height + 14 * Double(notes.count) + 12
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(length: width) \(length: height)" width="\(length: width)" \
      height="\(length: height)" role="group"><title>\(figure.fullTitle)</title><desc>\(figure.description)</desc>
      <style>\(Palette.standaloneRules)</style>
      <rect class="page" width="\(length: width)" height="\(length: height)"/>
      \(lines(titles, from: 20, pitch: 20, style: " class=\"title\""))\
      \(lines(subtitles, from: 20 * Double(titles.count) + 16, pitch: 14))
      <g transform="translate(0 \(length: above - 30))">\(legend.markup)</g>
      <g transform="translate(0 \(length: header))">
      \(body)
      </g>
      \(lines(notes, from: header + frame.height + 14, pitch: 14))
      </svg>
      """
  }

  /// Lines of text under each other.
  private func lines(_ texts: [String], from y: Double, pitch: Double, style: Markup = "") -> Markup {
    Markup(
      joining: texts.enumerated().map { order, line in
        "<text\(style) x=\"4\" y=\"\(length: y + pitch * Double(order))\">\(line)</text>"
      })
  }

  private var drawing: (frame: ChartFrame, body: Markup) {
    switch figure.form {
    case .rows:
      let drawing = RowsDrawing(figure: figure, linked: linked)
      return (drawing.frame, drawing.markup)
    case .stages:
      let drawing = StagesDrawing(figure: figure, linked: linked)
      return (drawing.frame, drawing.markup)
    case .plane:
      let drawing = PlaneDrawing(figure: figure, linked: linked)
      return (drawing.frame, drawing.markup)
    case .panel:
      let drawing = PanelDrawing(figure: figure, isNarrow: isNarrow, linked: linked)
      return (drawing.frame, drawing.markup)
    }
  }

  private func linked(_ mark: Mark, _ drawing: Markup) -> Markup {
    let title: Markup = "<title>\(mark.description)</title>"
    guard let address = mark.episodes.flatMap(address) else { return "<g>\(title)\(drawing)</g>" }
    return "<a href=\"\(address)\">\(title)\(drawing)</a>"
  }

  /// The shapes that occur, with their meaning; estimates by cost have their names beside them.
  private func legend(width: Double) -> (markup: Markup, lines: Int) {
    if figure.quantity == .relativeError { return ("", 0) }
    var (x, line) = (8.0, 1)
    let entries: [Markup] = (figure.marks + figure.ratios).map(\.style).uniqued.map { style in
      let room = 26 + 6.3 * Double(style.title.count)
      if x > 8, x + room > width { (x, line) = (8, line + 1) }
      defer { x += room }
      let y = 32 + 18 * Double(line)
      return """
        \(MarkDrawing.shape(style, x: x, y: y))<text x="\(length: x + 9)" y="\(length: y + 4)">\(style.title)</text>
        """
    }
    return ("\(entries)", line)
  }
}

extension Figure {
  /// Title and subtitle on one line.
  package var fullTitle: String { subtitle.isEmpty ? title : "\(title): \(subtitle)" }

  /// What is drawn, for readers who do not see it; the numbers are in the titles of the marks.
  var description: String {
    let what =
      switch quantity {
      case .rate: "Shares of episodes"
      case .ratio: "Ratios of rates"
      case .relativeError: "Relative standard errors by cost"
      case .nats: "Differences of log-probabilities in nats"
      }
    return
      "\(what), \(marks.count) marks. \([quantity == .rate ? FigureDrawing.key : "", note].filter { !$0.isEmpty }.joined(separator: " "))"
  }

  /// The notes, broken into lines.
  fileprivate func noteLines(width: Double) -> [String] {
    let limit = Int((width - 8) / 6.2)
    let texts = [quantity == .rate ? FigureDrawing.key : "", note].filter { !$0.isEmpty }
    return texts.flatMap { $0.broken(at: limit) }
  }

  /// The figure as an SVG file.
  ///
  /// - Parameter address: where the episodes behind a mark are listed, relative to the file; `nil` for nowhere.
  package func svg(address: (EpisodeSet) -> String?) -> String {
    withoutActuallyEscaping(address) { address in
      FigureDrawing(figure: self) { set in address(set).map { "\($0)" } }.standalone.html
    }
  }
}
