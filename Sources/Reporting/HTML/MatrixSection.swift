import Storage

/// A matrix as a heat map with its numbers.
struct MatrixSection {
  let matrix: Matrix
  /// The style of the section: `gaming` or `honest`.
  let style: String
  let subject: ReportSubject
  let evidence: EvidenceSection

  var markup: Markup {
    """
    <div class="scroll"><table class="matrix \(style)">
    <thead><tr><th>Checkpoint</th>\(matrix.columns.map(\.heading))</tr></thead>
    \(groups.map(body))
    </table></div>
    \(note)
    """
  }

  private var note: Markup {
    let pooled: Markup =
      matrix.sequences < 2
      ? ""
      : """
       Counts are pooled over up to \(matrix.sequences) sequences of a condition, and the interval and p take them \
      for one sample; ≠ marks cells whose sequences differ by more than that explains (p &lt; 0.001). “seq.” is the \
      lowest and the highest sequence, with a tick for each, from 0 at the left to the column’s highest sequence at the right.
      """
    return """
      <p class="note">Share of graded episodes, events over episodes, exact 95 % interval (Clopper-Pearson) and p \
      against \(matrix.baseline?.name ?? "the start"). \(SideTest.note) ▲ and ▼ mark p &lt; 0.001; \
      \(matrix.comparisons) cells are compared, and p is not adjusted for that. A frame marks environments that the \
      checkpoint was trained on. \(Self.clusterNote)\(pooled)</p>
      """
  }

  /// How the line on prompts is to be read.
  static let clusterNote: Markup = """
    The exact interval takes episodes as independent draws. “prompts” is the 95 % interval with the prompts as \
    clusters, given where it is wider by a tenth or more, and n as many independent draws as say the same; without events \
    nothing is known of how alike episodes of one prompt are, and a prompt counts as one draw.
    """

  /// Rows of the same condition, in order.
  private var groups: [[Matrix.Row]] {
    matrix.rows.map(\.condition).uniqued.map { condition in matrix.rows.filter { $0.condition == condition } }
  }

  private func body(_ rows: [Matrix.Row]) -> Markup {
    """
    <tbody class="group"><tr><th class="group" colspan="\(matrix.columns.count + 1)">\(title(rows))</th></tr>
    \(rows.map { row -> Markup in
      let cells = matrix.columns.indices.map { self.cell(row, $0) }
      return "<tr><th scope=\"row\">\(row.title)</th>\(cells)</tr>"
    })</tbody>
    """
  }

  private func title(_ rows: [Matrix.Row]) -> Markup {
    guard let name = rows.first?.condition else { return "Before training" }
    let sequences = rows.map(\.checkpoints.count).max() ?? 1
    let count = sequences == 1 ? "" : " · \(sequences) sequences"
    let summary: Markup = subject.condition(name).map { "<small>\($0.summary)</small>" } ?? ""
    return "The condition \(name)\(count)\(summary)"
  }

  private func cell(_ row: Matrix.Row, _ index: Int) -> Markup {
    let column = matrix.columns[index]
    guard let cell = row.cells[index] else { return MatrixCell.notMeasured(column.label) }
    let top = matrix.rows.compactMap { $0.cells[index]?.sequences.rates.max() }.max() ?? 1
    return MatrixCell(
      label: column.label, estimate: cell.estimate, evidence: evidence,
      strip: SequenceStrip(sequences: cell.sequences, expected: row.checkpoints.count, top: top),
      lines: [cell.comparison?.text ?? ""], isTrained: cell.isTrained
    ).markup
  }
}

extension Matrix.Column {
  /// What the column counts and whether its environment is held out: `overwrite, held out`.
  var subtitle: String {
    [measure.title, isHeldOut ? "held out" : ""].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// The whole heading on one line.
  var label: String { "\(environmentTitle)\(subtitle.isEmpty ? "" : ": ")\(subtitle)" }

  var heading: Markup { "<th scope=\"col\">\(environmentTitle)<small>\(subtitle)</small></th>" }
}
