import Runs
import Statistics
import Storage

// The figure that opens the page: the result at a glance.
extension ReportData {
  /// The start, the main condition and its benign twin in every environment, those that were trained on apart from the
  /// held-out ones; `nil` before a trained checkpoint was measured.
  package var resultFigure: Figure? {
    guard let result = ResultRows(self) else { return nil }
    return Figure(
      name: "result", title: ResultWords(result, self).title, subtitle: subtitle(result),
      note: """
        Logarithmic scale, so that 80 % and 0.05 % can both be read. “rose” and “fell” are clear differences from \
        \(result.start.name) by the rule of the findings.
        """,
      form: .panel, groups: result.rows.map(group))
  }

  private func subtitle(_ result: ResultRows) -> String {
    let twin = result.twin == nil ? "" : " beside its benign twin"
    let count = result.main.checkpoints.count
    let sequences =
      count == 1
      ? "one training sequence, other seeds may come out otherwise" : "\(count) training sequences pooled"
    let condition = result.main.condition ?? ""
    return "\(condition) after \(result.main.title)\(twin): share of graded episodes, 95 % intervals; \(sequences)"
  }

  private func group(_ row: ResultRows.Row) -> Figure.Group {
    let marks: [(name: String?, style: Mark.Style, cell: Matrix.Cell?, change: String)] = [
      (subject.baseline ?? "start", .start, row.start, ""),
      (subject.mainCondition?.name, subject.style(subject.mainCondition?.name), row.main, row.change),
      (row.twinName, .twin, row.twin, ""),
    ]
    return Figure.Group(
      section: row.kind.title, title: row.column.fullTitle,
      marks: marks.compactMap { name, style, cell, change in
        cell.map { cell in
          var mark = Mark(name ?? "", style, cell.estimate, sequences: cell.sequences)
          mark.remark = cell.estimate.openingText + change
          return mark
        }
      })
  }
}

/// What the opening figure shows, from the matrix of the page.
struct ResultRows {
  /// Whether the main condition was trained on an environment.
  enum Kind: CaseIterable {
    case trained, untrained, heldOut

    var title: String {
      switch self {
      case .trained: "Trained on"
      case .untrained: "Not trained on"
      case .heldOut: "Held out: never trained on"
      }
    }
  }

  struct Row {
    var kind: Kind
    var column: Matrix.Column
    var start: Matrix.Cell
    var main: Matrix.Cell
    var twin: Matrix.Cell?
    var twinName: String?

    /// What may be said of the main condition against the start, behind its rate.
    var change: String {
      guard let comparison = main.comparison else { return "" }
      if comparison.test.method == .tooFewPrompts { return comparison.test.hasEvents ? ", no verdict" : "" }
      switch comparison.verdict {
      case .rose: return ", rose"
      case .fell: return ", fell"
      case .unclear: return ", no clear change"
      }
    }
  }

  var start: Matrix.Row
  var main: Matrix.Row
  var twin: Matrix.Row?
  /// By kind, in the order of the matrix.
  var rows: [Row]

  init?(_ data: ReportData) {
    let matrix = data.gaming
    guard let start = matrix.baseline, let main = matrix.lastOfMain else { return nil }
    let name = data.subject.conditions.first { $0.kind == .benign && $0.name != main.condition }?.name
    let twin = matrix.rows.last { $0.condition == name && name != nil && $0.cells.contains { $0 != nil } }
    let rows = matrix.columns.indices.compactMap { index -> Row? in
      guard let before = start.cells[index], let after = main.cells[index], after.estimate.rate != nil else {
        return nil
      }
      let column = matrix.columns[index]
      return Row(
        kind: after.isTrained ? .trained : column.isHeldOut ? .heldOut : .untrained, column: column, start: before,
        main: after, twin: twin?.cells[index], twinName: twin?.condition)
    }
    if rows.isEmpty { return nil }
    (self.start, self.main, self.twin) = (start, main, twin)
    self.rows = Kind.allCases.flatMap { kind in rows.filter { $0.kind == kind } }
  }
}

extension Estimate {
  /// `12.3 %`, or of a count of zero `0 %, at most 0.18 %`.
  var openingText: String {
    tally.events == 0 && tally.completed > 0 ? "0 %, at most \(bound.percent)" : rateText
  }
}
