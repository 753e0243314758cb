import Episodes
import Runs
import Statistics
import Storage

/// The report as text for a terminal.
extension ReportData {
  /// Where conditions are compared: their last checkpoints, the findings and the gate. Otherwise findings, the gate, and
  /// both matrices.
  package var terminalText: String {
    if isEstimateAlone { return estimatesText }
    let parts =
      subject.isComparative
      ? [estimatesText, conditions.text(subject), propensityText, findingsText, gateText]
      : [estimatesText, findingsText, gateText, matrixText]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// Both matrices, stage by stage, with one note behind them.
  package var matrixText: String {
    let matrices = [gaming, honest].filter { propensity.isEmpty || !$0.isEmpty }.map(\.text)
    let tables = (matrices + propensity.map(\.text)).joined(separator: "\n")
    let failures =
      failed.lines.isEmpty
      ? "" : "\(failed.failed.grouped) of \(failed.attempted.grouped) episodes failed and are in no rate.\n"
    return "\(tables)\n\(matrixNote)\n\(failures)"
  }

  private var matrixNote: String {
    let compared = gaming.comparisons + honest.comparisons
    let comparison =
      compared == 0
      ? ""
      : """
       \(SideTest.note) It is against \(gaming.baseline?.name ?? "the start"), \(compared) times, not adjusted; ▲ ▼ mark \
      p < \(Comparison.threshold).
      """
    let trained = gaming.rows.contains { $0.cells.contains { $0?.isTrained ?? false } } ? " † trained on." : ""
    return (Estimate.note + comparison + trained + (gaming.sequences > 1 ? Sequences.note : "")).wrapped()
  }

  /// The tables of log-odds; empty where none were measured.
  package var propensityText: String { propensity.map(\.text).joined(separator: "\n") }

  private var estimatesText: String {
    estimates.isEmpty
      ? "" : "Estimates of rare events\n\n" + estimates.map { "- \($0.target): \($0.sentence)\n" }.joined()
  }

  /// How the p values of the findings are to be read.
  var findingsNote: String {
    """
    \(SideTest.note) It is not adjusted, and called clear below \(Comparison.threshold). “Adjusted p” is that p \
    by Holm’s method over the \(conditions.comparisons) comparisons of the table of conditions, and called clear below \
    \(ConditionTable.level).
    """
  }

  private var findingsText: String {
    let groups = findingGroups.map { group in
      (group.title.isEmpty ? "" : "\n\(group.title)\n")
        + group.findings.map { "\($0.mark) \($0.topic). \($0.text)\n" }.joined()
    }
    return "What can and cannot be concluded\n" + groups.joined()
      + (subject.isComparative ? "\n\(findingsNote.wrapped())\n" : "")
  }

  private var gateText: String {
    if gate.isEmpty { return "" }
    var table = TextTable(header: ["gate", "environment", "measured", "n", "95 % interval", "target", ""], keys: 2)
    table.numeric = [2, 3]
    table.rows = gate.map { line in
      [
        line.result.name, line.result.environment, line.estimate.rateText, line.estimate.countText,
        line.estimate.interval.percent, line.result.target, line.standing.words,
      ]
    }
    return "The gate: what the untrained checkpoint can do\n\n" + table.render()
  }
}

extension ReportData.GateLine.Standing {
  var words: String {
    switch self {
    case .met: "met"
    case .unmet: "NOT MET"
    case .tooFew: "too few"
    case .shownOnly: "shown only"
    }
  }
}

extension Estimate {
  /// How the intervals of tables are found, for their notes.
  static let note = """
    Intervals: 95 %. Episodes of one prompt, and of one sequence where there are several, are taken as alike; without events a \
    prompt counts as one draw.
    """
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
  /// The matrix with four lines a cell: rate, events over graded episodes, interval, comparison.
  var text: String {
    var table = TextTable(header: ["checkpoint"] + columns.map(\.textHeading))
    table.rows = rows.map { row in [row.name] + row.cells.map { $0?.text ?? "not measured" } }
    return "\(title)\n\n\(table.render())"
  }
}

extension Matrix.Column {
  var textHeading: String {
    [environment, measure.title.wrapped(14), isHeldOut ? "(held out)" : ""].filter { !$0.isEmpty }
      .joined(separator: "\n")
  }
}

extension Matrix.Cell {
  fileprivate var text: String {
    [
      estimate.rateText + (isTrained ? " †" : ""), estimate.countText, estimate.interval.percent,
      comparison?.text, sequences.text,
    ].compactMap(\.self).joined(separator: "\n")
  }
}

extension Sequences {
  static let note = """
     Counts are pooled over the sequences of a condition; the last line is their lowest and highest rate, ≠ where they \
    differ by more than the draw of episodes explains (p < 0.001).
    """

  /// `0.1–2.3 % ≠ in 5`; `nil` for one sequence.
  var text: String? { spread.map { "\($0) in \(rates.count)" } }

  /// `0.1–2.3 % ≠`; `nil` for one sequence.
  var spread: String? {
    range.map { range in
      if range.lowerBound == range.upperBound { return range.lowerBound.percent }
      return "\(Interval(lower: range.lowerBound, upper: range.upperBound).percent)\(differ ? " ≠" : "")"
    }
  }
}

extension ConditionTable {
  /// The last checkpoints, a line for each condition, three lines a cell: rate with its marks, counts, range.
  func text(_ subject: RunOutline) -> String {
    var table = TextTable(header: ["condition"] + columns.map(\.textHeading))
    table.rows = [[subject.baseline ?? "start"] + start.map { $0?.estimate.brief ?? "not measured" }]
    table.rows += rows.map { row in [row.condition.name] + row.cells.map { $0?.text ?? "not measured" } }
    let main = subject.mainCondition?.name ?? "the first"
    let note =
      """
      Last checkpoints; sequences are pooled, with their lowest and highest rate below. p adjusted by Holm over \
      \(comparisons) tests: ▲ ▼ differs from \(subject.baseline ?? "the start"), > < from \(main) (p < \(Self.level)). \
      † trained on. ≠ sequences differ (p < \(Comparison.threshold)).
      """.wrapped()
    return "Conditions\n\n\(table.render())\n\(note)\n"
  }
}

extension ConditionTable.Cell {
  /// Whether the cell differs from the first condition's.
  var markOfMain: String {
    switch againstMain?.verdict {
    case .rose: " >"
    case .fell: " <"
    case .unclear, nil: ""
    }
  }

  fileprivate var text: String {
    let first = "\(estimate.rateText)\(againstStart?.verdict.mark ?? "")\(markOfMain)\(isTrained ? " †" : "")"
    return [first, estimate.countText, sequences.text].compactMap(\.self).joined(separator: "\n")
  }
}

extension Estimate {
  /// Rate and counts on two lines.
  fileprivate var brief: String { "\(rateText)\n\(countText)" }
}
