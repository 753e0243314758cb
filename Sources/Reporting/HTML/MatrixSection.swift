import Runs
import Storage

/// A matrix as a heat map with its numbers.
struct MatrixSection {
  let matrix: Matrix
  /// The style of the section: `gaming` or `honest`.
  let style: String
  let subject: RunOutline
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
       Counts are pooled over up to \(matrix.sequences) sequences of a condition. “seq.” is the lowest and the highest \
      sequence, with a tick for each, from 0 at the left to the column’s highest sequence at the right; ≠ marks cells whose \
      sequences differ by more than the draw of episodes explains (p &lt; 0.001).
      """
    let compared: Markup =
      matrix.comparisons == 0
      ? ""
      : """
       \(SideTest.note) It is against \(matrix.baseline?.name ?? "the start"); \(matrix.comparisons) cells are compared, p is \
      not adjusted for that, and ▲ ▼ mark p &lt; 0.001. A frame marks environments that the checkpoint was trained on.
      """
    return
      "<p class=\"note\">Share of graded episodes, and events over episodes. \(Estimate.note)\(compared)\(pooled)</p>"
  }

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
    if subject.isEvaluation { return "Measured" }
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
