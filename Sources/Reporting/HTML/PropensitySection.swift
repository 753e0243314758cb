import Statistics

/// The log-odds of fixed texts at the decision point, a table and a figure for each environment.
struct PropensitySection {
  let tables: [Propensity]
  let figures: [Figure]
  let evidence: EvidenceSection

  var markup: Markup {
    """
    <p>Where rates are too low to count, the log-probabilities of fixed texts still show which way a policy leans. \
    \(tables.first?.note ?? "")</p>
    \(tables.enumerated().map { index, table -> Markup in
      "<h3>\(table.title)</h3>\(FigureView.all([figures[index]], evidence))\(self.table(table))\(contrasts(table))"
    })
    """
  }

  private func table(_ propensity: Propensity) -> Markup {
    """
    <table class="plain stack"><thead><tr><th>Checkpoint</th><th>Log-odds</th><th>Per token</th><th>Control</th>\
    <th>Prompts</th><th>Change</th><th>Control’s change</th><th>Beyond control</th></tr></thead>
    <tbody>\(propensity.rows.map(row))</tbody></table>
    """
  }

  private func row(_ row: Propensity.Row) -> Markup {
    let name = [row.condition, row.title].compactMap(\.self).joined(separator: "/")
    return """
      <tr><td data-label="Checkpoint">\(name)</td><td data-label="Log-odds">\(row.logOdds.signedNats)</td>\
      <td data-label="Per token">\(row.perToken.signedNats)</td>\
      <td data-label="Control">\(row.control?.signedNats ?? "—")</td>\
      <td data-label="Prompts">\(row.prompts.grouped)</td><td data-label="Change">\(row.change?.text ?? "")</td>\
      <td data-label="Control’s change">\(row.controlChange?.text ?? "")</td>\
      <td data-label="Beyond control">\(row.specific?.text ?? "")</td></tr>
      """
  }

  private func contrasts(_ propensity: Propensity) -> Markup {
    Markup(joining: propensity.contrasts.map { "<p>\($0.text)</p>" })
  }
}
