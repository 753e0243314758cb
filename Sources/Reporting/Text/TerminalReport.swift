import Episodes
import Storage

/// The report as text for a terminal.
extension ReportData {
  /// Findings, the gate, and both matrices.
  package var terminalText: String {
    [findingsText, gateText, gaming.text, honest.text].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var findingsText: String {
    "What the numbers say\n\n" + findings.map { "\($0.mark) \($0.topic). \($0.text)\n" }.joined()
  }

  private var gateText: String {
    if gate.isEmpty { return "" }
    var table = TextTable(header: ["gate", "environment", "measured", "n", "95 % interval", "target", ""])
    table.numeric = [2, 3]
    table.rows = gate.map { line in
      [
        line.result.name, line.result.environment, line.estimate.rateText, line.estimate.countText,
        line.estimate.interval.percent, line.result.target, line.result.verdict,
      ]
    }
    return "The gate: what the untrained checkpoint can do\n\n" + table.render()
  }
}

extension GateResult {
  /// `met`, `NOT MET`, or `shown only`.
  var verdict: String { met.map { $0 ? "met" : "NOT MET" } ?? "shown only" }
}

extension Finding {
  var mark: String {
    switch tone {
    case .clear: "●"
    case .unclear: "○"
    case .warning: "!"
    }
  }
}

extension Matrix {
  /// The matrix with four lines a cell: rate, events over graded episodes, exact interval, comparison.
  package var text: String {
    var table = TextTable(header: ["checkpoint"] + columns.map(\.heading))
    table.rows = rows.map { row in [row.checkpoint.name] + row.cells.map { $0?.text ?? "not measured" } }
    let note = """
      Exact 95 % intervals (Clopper-Pearson). p: Fisher's exact test against \(baseline?.checkpoint.name ?? "the start"), \
      two-sided; \(comparisons) comparisons, ▲ ▼ mark p < \(Comparison.threshold). † trained on.
      """
    return "\(title)\n\n\(table.render())\n\(note)\n"
  }
}

extension Matrix.Column {
  fileprivate var heading: String {
    [environment, measure.title, isHeldOut ? "(held out)" : ""].filter { !$0.isEmpty }.joined(separator: "\n")
  }
}

extension Matrix.Cell {
  fileprivate var text: String {
    [
      estimate.rateText + (isTrained ? " †" : ""), estimate.countText, estimate.interval.percent,
      comparison?.text,
    ].compactMap(\.self).joined(separator: "\n")
  }
}
