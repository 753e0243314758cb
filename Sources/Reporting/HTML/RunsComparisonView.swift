import Episodes
import Statistics
import Storage

/// Runs beside each other as a table, each count leading to its episodes in the dashboard.
package struct RunsComparisonView {
  private let comparison: RunsComparison

  package init(_ comparison: RunsComparison) { self.comparison = comparison }

  /// The table with its notes.
  package var markup: Markup {
    if comparison.rows.isEmpty { return notes }
    let others = comparison.runs.dropFirst().map { name -> Markup in
      "<th scope=\"col\">\(name)</th><th scope=\"col\">\(name) against \(comparison.runs[0])</th>"
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Rates of the runs"><table class="plain stack compared">\
      <thead><tr><th scope="col">Environment</th><th scope="col">\(comparison.runs[0])</th>\(others)</tr></thead>\
      \(comparison.rows.map(\.checkpoint).uniqued.map(group))</table></div>
      <p class="note">Share of graded episodes, events over episodes and the 95 % interval. The difference is the run’s rate \
      less that of \(comparison.runs[0]) in points with its 95 % interval; p is adjusted by Holm’s method over all rows of the \
      two runs, as by <code>subterfuge compare</code>. A difference is named below p = \(RateComparison.level.short).</p>
      \(notes)
      """
  }

  private var notes: Markup {
    comparison.notes.isEmpty
      ? "" : "<h3>Mind</h3><ul>\(comparison.notes.map { "<li>\($0)</li>" as Markup })</ul>"
  }

  private func group(_ checkpoint: String) -> Markup {
    let rows = comparison.rows.filter { $0.checkpoint == checkpoint }
    return """
      <tbody><tr class="group"><th scope="colgroup" colspan="\(comparison.runs.count * 2)">\(checkpoint)</th></tr>\
      \(rows.map(row))</tbody>
      """
  }

  private func row(_ row: RunsComparison.Row) -> Markup {
    let others = row.comparisons.indices.map { index -> Markup in
      let name = comparison.runs[index + 1]
      return """
        <td data-label="\(name)">\(rate(row.sides[index + 1]))</td>\
        <td data-label="against \(comparison.runs[0])">\(verdict(row.comparisons[index]))</td>
        """
    }
    return """
      <tr><th scope="row">\(row.environment)<small>\(row.measure.replacing("_", with: " "))</small></th>\
      <td data-label="\(comparison.runs[0])">\(rate(row.sides[0]))</td>\(Markup(joining: others))</tr>
      """
  }

  private func rate(_ side: ComparedSide?) -> Markup {
    guard let side else { return "<span class=\"none\">not measured</span>" }
    let counts: Markup = "\(side.count.events.grouped)/\(side.count.trials.grouped)"
    return """
      <div><b>\(side.estimate.rateText)</b> \(address(side).map { "<a href=\"\($0)\">\(counts)</a>" } ?? counts)\
      <small>\(side.interval.percent)</small></div>
      """
  }

  /// The list of the episodes with the event; of several sequences there is none.
  private func address(_ side: ComparedSide) -> Markup? {
    guard let episodes = side.episodes, episodes.cells.count == 1, let cell = episodes.cells.first,
      let run = episodes.run
    else { return nil }
    var query = EpisodeFile(cell: cell, name: "", attempted: 0).query
    if side.count.events > 0 { query.holding = [episodes.predicate] }
    return "/runs/\(run.encodedForQuery)/\(EpisodeAddress.list(query))"
  }

  private func verdict(_ row: RateComparison?) -> Markup {
    guard let row else { return "" }
    let style: Markup = row.isSignificant ? " class=\"clear\"" : ""
    return "<div><b\(style)>\(row.verdictOfSecond)</b><small>\(row.differenceOfSecond)</small></div>"
  }
}
