/// What is left after gaming was trained away: three bars for each environment, the factor, and what the test says.
struct TrainAwaySection {
  let result: TrainAway
  let data: ReportData
  let evidence: EvidenceSection

  var markup: Markup {
    """
    <h3>\(result.condition), from \(result.from)</h3>
    \(FigureView.all(result.lines.map { data.trainAwayFigure($0, of: result) }, evidence))
    <table class="plain stack"><thead><tr><th>Environment</th><th>Untrained</th><th>Before</th><th>After</th>\
    <th>Reduction factor</th><th>Against the untrained model</th></tr></thead><tbody>\(result.lines.map(row))</tbody></table>
    <p class="note">The factor is the rate before over the rate after, with its 95 % interval, from the intervals \
    of both. The last column compares the rate after with the untrained model’s, not adjusted. \(SideTest.note)</p>
    """
  }

  private func link(_ estimate: Estimate) -> Markup { evidence.link("\(estimate.phrase)", estimate.episodes) }

  private func row(_ line: TrainAway.Line) -> Markup {
    """
    <tr><td data-label="Environment">\(line.column.fullTitle)</td><td data-label="Untrained">\(link(line.start))</td>\
    <td data-label="Before">\(link(line.before))</td><td data-label="After">\(link(line.after))</td>\
    <td data-label="Reduction factor">\(line.factorBrief)</td>\
    <td data-label="Against the untrained model">\(line.verdictText)</td></tr>
    """
  }
}
