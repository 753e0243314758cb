/// What is left after gaming was trained away: three bars for each environment, the factor, and what the test says.
struct TrainAwaySection {
  let result: TrainAway

  var markup: Markup {
    """
    <h3>\(result.condition), from \(result.from)</h3>
    <div class="charts wider">\(result.lines.map(chart))</div>
    <table class="plain stack"><thead><tr><th>Environment</th><th>Untrained</th><th>Before</th><th>After</th>\
    <th>Reduction factor</th><th>Against the untrained model</th></tr></thead><tbody>\(result.lines.map(row))</tbody></table>
    <p class="note">The factor is the rate before over the rate after, with its 95 % score interval (Miettinen and \
    Nurminen). The last column is Fisher’s exact test of the rate after against the untrained model’s, two-sided and not \
    adjusted. All sequences are pooled.</p>
    """
  }

  private func chart(_ line: TrainAway.Line) -> Markup {
    DotPlot(
      title: line.column.environmentTitle,
      subtitle: line.column.subtitle + (line.isTrained ? ", used for training away" : ""),
      rows: [
        .init(label: "untrained", style: "s", estimate: line.start),
        .init(label: "before: \(result.from)", style: "g", estimate: line.before),
        .init(label: "after", style: "h", estimate: line.after),
      ]
    ).markup
  }

  private func row(_ line: TrainAway.Line) -> Markup {
    """
    <tr><td data-label="Environment">\(line.column.fullTitle)</td><td data-label="Untrained">\(line.start.phrase)</td>\
    <td data-label="Before">\(line.before.phrase)</td><td data-label="After">\(line.after.phrase)</td>\
    <td data-label="Reduction factor">\(line.factorBrief)</td>\
    <td data-label="Against the untrained model">\(line.verdictText)</td></tr>
    """
  }
}
