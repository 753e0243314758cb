import Episodes
import Runs

/// One environment under its arms, a row for each arm of the start and of each condition's last checkpoints.
struct ArmSection {
  let table: ArmTable
  let data: ReportData
  let evidence: EvidenceSection

  private var baseline: String { data.subject.baseline ?? "start" }

  var markup: Markup {
    """
    <h3>\(table.environment.title)</h3>
    \(FigureView.all(data.armFigures(table), evidence))
    <div class="scroll"><table class="matrix gaming narrow">
    <thead><tr><th>Arm</th>\(table.environment.measures.map { "<th scope=\"col\">\($0.title)</th>" as Markup })</tr></thead>
    \(table.rows.map(\.condition).uniqued.map(body))</table></div>
    """
  }

  private func body(_ condition: String?) -> Markup {
    let rows = table.rows.filter { $0.condition == condition }
    let sequences = (rows.first?.sequences ?? 1) > 1 ? " · \(rows[0].sequences) sequences" : ""
    return """
      <tbody class="group"><tr><th class="group" colspan="\(table.environment.measures.count + 1)">\
      \(condition ?? baseline)\(sequences)</th></tr>
      \(rows.map { row -> Markup in
        let cells = table.environment.measures.indices.map { cell(row, $0) }
        return "<tr><th scope=\"row\">\(row.arm.rawValue.replacing("_", with: " "))</th>\(cells)</tr>"
      })</tbody>
      """
  }

  private func cell(_ row: ArmTable.Row, _ index: Int) -> Markup {
    let label = table.environment.measures[index].title
    guard let cell = row.cells[index] else { return MatrixCell.notMeasured(label) }
    let top = table.rows.compactMap { $0.cells[index]?.sequences.rates.max() }.max() ?? 1
    let lines = [(cell.againstStandard ?? cell.againstStart)?.text].compactMap(\.self)
    return MatrixCell(
      label: label, estimate: cell.estimate, evidence: evidence,
      strip: SequenceStrip(sequences: cell.sequences, expected: row.sequences, top: top), lines: lines
    ).markup
  }
}
