import Runs
import Statistics
import Storage

/// The result at a glance: its figure, drawn for broad and for narrow screens, and the numbers behind it as a table.
struct OpeningSection {
  let figure: Figure
  let data: ReportData
  let evidence: EvidenceSection

  var markup: Markup {
    """
    <figure class="opening" id="result"><figcaption>\(figure.title)<small>\(figure.subtitle)</small></figcaption>
    \(key)
    <div class="broad">\(drawing(isNarrow: false))</div><div class="narrow">\(drawing(isNarrow: true))</div>
    <p class="note">\(figure.note) \(FigureDrawing.key)</p>
    \(table)
    </figure>
    """
  }

  private func drawing(isNarrow: Bool) -> Markup {
    FigureDrawing(figure: figure, address: { evidence.address($0) }, isNarrow: isNarrow).embedded
  }

  /// Whose marks these are.
  private var key: Markup {
    var seen: Set<Mark.Style> = []
    let entries = figure.marks.filter { seen.insert($0.style).inserted }.map { mark -> Markup in
      let shape = MarkDrawing.shape(mark.style, x: 7, y: 7)
      return """
        <span><svg class="shape" viewBox="0 0 14 14" aria-hidden="true">\(shape)</svg>\(mark.label), \(mark.style.title)</span>
        """
    }
    return "<p class=\"key\">\(Markup(joining: entries))</p>"
  }

  private var table: Markup {
    """
    <details><summary>The numbers of this figure</summary><div><table class="plain stack"><thead><tr><th>Environment</th>\
    <th>Whose</th><th>Rate</th><th>95 % interval</th><th>Episodes</th></tr></thead>\
    <tbody>\(figure.groups.flatMap(rows))</tbody></table></div></details>
    """
  }

  private func rows(_ group: Figure.Group) -> [Markup] {
    group.marks.map { mark in
      let counts = mark.tally.map { "\($0.events.grouped)/\($0.completed.grouped)" } ?? ""
      return """
        <tr><td data-label="Environment">\(group.title) <small>\(group.section)</small></td>\
        <td data-label="Whose">\(mark.label)</td><td data-label="Rate">\(mark.remark)</td>\
        <td data-label="95 % interval">\(mark.interval?.percent ?? "")</td>\
        <td data-label="Episodes">\(evidence.link("\(counts)", mark.episodes))</td></tr>
        """
    }
  }
}
