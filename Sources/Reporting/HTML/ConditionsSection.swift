import Episodes
import Runs
import Statistics
import Storage

/// The conditions beside each other: what they are, where they end, and the paper's numbers where there are any.
struct ConditionsSection {
  let data: ReportData
  let evidence: EvidenceSection

  private var table: ConditionTable { data.conditions }
  private var subject: RunOutline { data.subject }

  var markup: Markup {
    """
    \(descriptions)
    \(FigureView.all(data.conditionFigures, evidence))
    <p class="note">Last checkpoints; marks pool the sequences of a condition. \(FigureDrawing.key)</p>
    \(numbers)
    \(forests)
    \(data.paper.isEmpty ? "" : PaperTable(lines: data.paper, evidence: evidence).markup)
    """
  }

  /// Nothing before a condition has been measured.
  private var forests: Markup {
    let figures = [data.forest(against: .start), data.forest(against: .main)].compactMap(\.self)
    return figures.isEmpty ? "" : "<h3>Every comparison</h3>\(FigureView.all(figures, evidence))"
  }

  private var descriptions: Markup {
    """
    <table class="plain stack"><thead><tr><th>Condition</th><th>What it is</th><th>Trained by</th><th>Starts from</th>\
    <th>Sequences</th></tr></thead><tbody>\(table.rows.map { row -> Markup in
      let condition = row.condition
      return """
        <tr><td data-label="Condition"><b>\(condition.name)</b></td><td data-label="What it is">\(condition.summary)</td>\
        <td data-label="Trained by">\(condition.algorithm.replacing("_", with: " "))</td>\
        <td data-label="Starts from">\(condition.from ?? subject.baseline ?? "")</td>\
        <td data-label="Sequences">\(condition.finals.count)</td></tr>
        """
    })</tbody></table>
    """
  }

  private var numbers: Markup {
    let main = subject.mainCondition?.name ?? ""
    return """
      <div class="scroll"><table class="matrix gaming">
      <thead><tr><th>Condition</th>\(table.columns.map(\.heading))</tr></thead>
      <tbody class="group">\(startRow)\(table.rows.map(self.row))</tbody></table></div>
      <p class="note">Events over graded episodes of all sequences. \(Estimate.note) \(SideTest.note) It is adjusted by \
      Holm’s method over the \(table.comparisons) comparisons of this table, with \(subject.baseline ?? "the start") (shown \
      here) and with the condition \(main) (in the forest plot below); ▲ ▼ mark an adjusted p &lt; 0.05 against the former, \
      &gt; &lt; against the latter. “seq.” is the lowest and highest sequence with a tick for each (≠: they differ, \
      p &lt; 0.001).</p>
      """
  }

  private var startRow: Markup {
    let cells = table.columns.indices.map { index -> Markup in
      let label = table.columns[index].label
      guard let cell = table.start[index] else { return MatrixCell.notMeasured(label) }
      return MatrixCell(
        label: label, estimate: cell.estimate, evidence: evidence, strip: strip(cell.sequences, 1, index), lines: []
      ).markup
    }
    return "<tr><th scope=\"row\">\(subject.baseline ?? "start")</th>\(cells)</tr>"
  }

  private func row(_ row: ConditionTable.Row) -> Markup {
    let cells = table.columns.indices.map { index -> Markup in
      let label = table.columns[index].label
      guard let cell = row.cells[index] else { return MatrixCell.notMeasured(label) }
      return MatrixCell(
        label: label, estimate: cell.estimate, evidence: evidence,
        strip: strip(cell.sequences, row.condition.finals.count, index),
        lines: comparisons(cell), isTrained: cell.isTrained
      ).markup
    }
    return "<tr><th scope=\"row\">\(row.condition.name)</th>\(cells)</tr>"
  }

  private func strip(_ sequences: Sequences, _ expected: Int, _ column: Int) -> SequenceStrip {
    let top = table.rows.compactMap { $0.cells[column]?.sequences.rates.max() }.max() ?? 1
    return SequenceStrip(sequences: sequences, expected: expected, top: top)
  }

  private func comparisons(_ cell: ConditionTable.Cell) -> [String] {
    cell.againstStart.map { ["\($0.text)\(cell.markOfMain)"] } ?? []
  }
}
