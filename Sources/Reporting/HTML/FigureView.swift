/// A figure inside of the page, its marks leading to the lists of their episodes.
struct FigureView {
  let figure: Figure
  let evidence: EvidenceSection

  var markup: Markup {
    let drawing = FigureDrawing(figure: figure) { set in evidence.address(set) }
    let note: Markup = figure.note.isEmpty ? "" : "<p class=\"note\">\(figure.note)</p>"
    return """
      <figure><figcaption>\(figure.title)<small>\(figure.subtitle)</small></figcaption>
      \(drawing.embedded)
      \(note)</figure>
      """
  }

  /// Several figures in columns as wide as they need.
  static func all(_ figures: [Figure], _ evidence: EvidenceSection) -> Markup {
    let isWide = figures.contains { $0.form == .stages && $0.marks.count > StagesDrawing.narrow }
    let style: Markup = isWide ? " wide" : figures.contains { $0.form != .stages } ? " wider" : ""
    return "<div class=\"charts\(style)\">\(figures.map { FigureView(figure: $0, evidence: evidence).markup })</div>"
  }
}
