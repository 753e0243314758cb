/// One coloured cell of a table: rate, counts, interval, p, sequences.
struct MatrixCell {
  /// The column's name, for narrow screens.
  let label: String
  let estimate: Estimate
  let evidence: EvidenceSection
  let strip: SequenceStrip
  let lines: [String]
  var isTrained = false

  var markup: Markup {
    let counts: Markup = "\(estimate.countText)"
    let linked = evidence.link(counts, estimate.episodes)
    return """
      <td class="\(isTrained ? "trained" : "")" style="--heat:\(heat)" data-label="\(label)">\
      <b>\(estimate.rateText)</b><span>\(linked)</span><span>\(estimate.interval.percent)</span>\
      \(Markup(joining: lines.map { "<span>\($0)</span>" }))\(strip.markup)</td>
      """
  }

  static func notMeasured(_ label: String) -> Markup { "<td class=\"none\" data-label=\"\(label)\">not measured</td>" }

  /// How much of the hue a rate gets, in per cent: by its square root, so that rare events can be seen, and never so much
  /// that text loses contrast.
  private var heat: Int { Int(((estimate.rate ?? 0).squareRoot() * 58).rounded()) }
}
