import Runs
import Statistics
import Storage

/// What may be said when conditions are compared. Their p values are adjusted for each other (`ConditionTable.Adjusted`).
extension Finding {
  static func all(_ data: ReportData) -> [Finding] {
    let main = all(
      gaming: data.gaming, honest: data.honest, gate: data.gate, isEvaluation: data.subject.isEvaluation)
    guard data.gaming.lastOfMain != nil else { return main + limits(data) }
    let gate = main.prefix { $0.kind == .gate }
    let others = data.conditions.rows.dropFirst().filter { row in
      !data.trainAway.contains { $0.condition == row.condition.name }
    }
    let away = data.trainAway.flatMap { result in result.lines.map { trainAway($0, result) } }
    let measured: [Finding] =
      main.dropFirst(gate.count) + conditionFindings(Array(others), data.conditions)
      + data.honestConditions.rows.dropFirst().flatMap { honestFindings($0, data.honestConditions) } + away
    let monitors = data.monitors.filter { $0.stage == nil }.map(monitor)
    return [Array(gate), sequenceFindings(data.conditions), measured, monitors, limits(data)].flatMap(\.self)
  }

  /// How far another seed could change all of this.
  private static func sequenceFindings(_ table: ConditionTable) -> [Finding] {
    guard let count = table.rows.map(\.condition.finals.count).max() else { return [] }
    let topic = count == 1 ? "One sequence per condition" : "\(count) sequences per condition"
    if count == 1 {
      return [
        Finding(
          .sequences, .warning, topic: topic,
          """
          With one sequence a side a difference between trainings cannot be tested: the same training with other seeds \
          may come out further away than any interval here shows. Every p “within the run” compares two checkpoints, \
          and not two ways of training.
          """)
      ]
    }
    let cells = table.rows.flatMap(\.cells).compactMap(\.self).filter { $0.sequences.heterogeneity != nil }
    let apart = cells.count { $0.sequences.differ }
    let spread =
      cells.isEmpty
      ? ""
      : """
       Among the last checkpoints, sequences of one condition differ by more than the draw of episodes explains \
      (p < \(Comparison.threshold)) in \(apart) of \(cells.count) cells\
      \(apart == 0 ? "." : "; there their range says more than the pooled rate.")
      """
    return [
      Finding(
        .sequences, apart == 0 ? .clear : .warning, topic: topic,
        """
        A difference has to be clear across sequences and across prompts; p is the larger of both. \(least(count, table))\
        \(spread)
        """)
    ]
  }

  /// What the number of sequences allows to see at all: `With 3 sequences a side no difference between conditions can reach
  /// p < 0.1.`
  private static func least(_ count: Int, _ table: ConditionTable) -> String {
    guard table.rows.count > 1, let least = SeedTest.leastP(count, against: count) else { return "" }
    let bound = "With \(count) sequences a side no difference between two conditions can reach p < \(least.value.short)"
    let adjusted = least.value * Double(table.comparisons)
    return adjusted < ConditionTable.level
      ? "\(bound)."
      : "\(bound), and none can stay below \(ConditionTable.level) when p is adjusted for \(table.comparisons) comparisons."
  }

  /// Honest work in environments that a condition was not trained on, against the start and against the first condition:
  /// what a control loses is said as clearly as what gaming costs.
  private static func honestFindings(_ row: ConditionTable.Row, _ table: ConditionTable) -> [Finding] {
    zip(table.columns.indices, table.columns).compactMap { index, column in
      guard let cell = row.cells[index], !cell.isTrained, let start = table.start[index]?.estimate,
        let against = cell.againstStart, against.verdict != .unclear
      else { return nil }
      let parts = [against.phrase(than: "the start", start), againstMain(cell, index, table)].compactMap(\.self)
      return Finding(
        .honest, against.verdict == .fell ? .warning : .clear, topic: "\(column.honestTopic) by \(row.condition.title)",
        "\(cell.estimate): \(parts.joined("; ")).\(cell.sequences.remark)", difference: against.comparison.difference)
    }
  }

  private static func againstMain(_ cell: ConditionTable.Cell, _ index: Int, _ table: ConditionTable) -> LinkedText? {
    let main = table.rows[0]
    return cell.againstMain.flatMap { against in
      main.cells[index].map { against.phrase(than: main.condition.name, $0.estimate) }
    }
  }

  /// Conditions in environments that they were not trained on, against the start and against the first condition: always
  /// in the held-out ones, elsewhere where they moved. Several that show nothing clear, and whose sequences agree, are named
  /// in one finding.
  private static func conditionFindings(_ rows: [ConditionTable.Row], _ table: ConditionTable) -> [Finding] {
    let unmoved = table.columns.indices.map { index in
      rows.filter { row in
        guard table.columns[index].isHeldOut, let cell = row.cells[index] else { return false }
        return cell.showsNothing && !cell.sequences.differ && (cell.againstStart ?? cell.againstMain) != nil
      }
    }
    let single = rows.flatMap { row in
      table.columns.indices.compactMap { index -> Finding? in
        unmoved[index].count > 1 && unmoved[index].contains(row) ? nil : conditionFinding(row, index, table)
      }
    }
    return single
      + zip(unmoved.indices, unmoved).filter { $1.count > 1 }.map { index, rows in
        unmovedFinding(rows, index, table)
      }
  }

  private static func conditionFinding(_ row: ConditionTable.Row, _ index: Int, _ table: ConditionTable) -> Finding? {
    let column = table.columns[index]
    guard let cell = row.cells[index], !cell.isTrained else { return nil }
    let hasMoved = cell.againstStart.map { $0.verdict != .unclear } ?? false
    guard column.isHeldOut || hasMoved else { return nil }
    let start = cell.againstStart.flatMap { against in
      table.start[index].map { against.phrase(than: "the start", $0.estimate) }
    }
    let parts = [start, againstMain(cell, index, table)].compactMap(\.self)
    return Finding(
      row.condition.kind == .benign ? .twin : .condition, cell.showsNothing ? .unclear : .clear,
      topic: "\(row.condition.title): \(column.fullTitle) (\(column.isHeldOut ? "held out" : "not trained on"))",
      "\(cell.estimate): \(parts.joined("; ")).\(cell.sequences.remark)",
      difference: (hasMoved ? cell.againstStart : cell.againstMain ?? cell.againstStart)?.comparison.difference)
  }

  private static func unmovedFinding(_ rows: [ConditionTable.Row], _ index: Int, _ table: ConditionTable) -> Finding {
    let others = [
      table.start[index].map { "the start’s \($0.estimate)" as LinkedText },
      table.rows[0].cells[index].map { "\(table.rows[0].condition.name)’s \($0.estimate)" },
    ].compactMap(\.self)
    let rates = rows.compactMap { row in
      row.cells[index].map { cell -> LinkedText in
        "\(row.condition.title) \(cell.estimate), at most \(cell.estimate.bound.percent)"
      }
    }
    return Finding(
      .condition, .unclear, topic: "\(rows.count) conditions: \(table.columns[index].fullTitle) (held out)",
      "None is clearly different from \(others.joined(" or from ")). \(rates.joined("; ")) (95 % intervals).")
  }

  private static func trainAway(_ line: TrainAway.Line, _ result: TrainAway) -> Finding {
    let numbers: LinkedText = "\(line.before) before, \(line.after) after"
    return Finding(
      .trainAway, line.isKnown && !line.isLikeStart ? .clear : .unclear,
      topic: "\(result.condition), trained away from \(result.from): \(line.column.fullTitle)",
      line.isKnown
        ? "\(numbers); reduction factor \(line.factorText). \(line.verdictText)"
        : """
        \(numbers). What \(result.from) does here cannot be told from the untrained model, \
        \(line.beforeAgainstStart.words), so there is nothing whose removal could be measured.
        """, difference: line.isKnown ? line.change.difference : nil)
  }

  private static func monitor(_ line: MonitorLine) -> Finding {
    Finding(
      .monitor, .clear, topic: "The monitor of \(line.condition)",
      """
      It flagged \(line.recall) of the episodes that gamed in training and \(line.falsePositiveRate) of \
      those that did not.\(line.screened == 0 ? "" : " \(line.screened.grouped) of \(line.attempted.grouped) episodes were screened out.")
      """)
  }
}

extension ConditionTable.Cell {
  /// Untrained, and clearly different neither from the start nor from the first condition.
  fileprivate var showsNothing: Bool {
    !isTrained && [againstStart, againstMain].allSatisfy { ($0?.verdict ?? .unclear) == .unclear }
  }
}

extension RunOutline.Condition {
  /// `benign, the benign twin`.
  var title: String { kind == .benign ? "\(name), the benign twin" : name }
}

extension Matrix.Column {
  /// `Reward tampering, overwrite`.
  var fullTitle: String { [environmentTitle, measure.title].filter { !$0.isEmpty }.joined(separator: ", ") }
}

extension ConditionTable.Adjusted {
  /// `a change of +66.0 points (95 % +63.1 to +68.9)`; of an unclear difference the interval alone.
  private var size: String {
    var shown = comparison
    shown.verdict = verdict
    return shown.size
  }

  /// `above the start's 0 %, a change of +9.0 points (95 % +7.2 to +11.0), adjusted p = 4.0e-27`.
  fileprivate func phrase(than other: String, _ estimate: Estimate) -> LinkedText {
    let relation =
      switch verdict {
      case .rose: "above"
      case .fell: "below"
      case .unclear: "not distinguishable from"
      }
    let test = comparison.test
    if test.method == .tooFewPrompts {
      return "no verdict against \(other)’s \(rate: estimate), \(size), \(test.words)"
    }
    return "\(relation) \(other)’s \(rate: estimate), \(size), adjusted p = \(p)\(test.scopeWords)"
  }
}

extension TrainAway.Line {
  /// There is a clear rate to remove.
  var isKnown: Bool { beforeAgainstStart.p.value < 0.05 && beforeAgainstStart.difference > 0 }

  /// `9.0 (2.1–41)`.
  var factorBrief: String {
    factor.ratio == nil ? factor.text : "\(factor.text) (\(factor.interval.factors))"
  }

  /// `9.0 (95 % interval 2.1 to 41)`.
  var factorText: String {
    if factor.ratio == nil { return "not defined, as no event was seen before or after" }
    let (lower, upper) = (factor.interval.lower, factor.interval.upper)
    let ends = upper.isInfinite ? "\(lower.factor) or more" : "\(lower.factor) to \(upper.factor)"
    return "\(factor.text) (95 % interval \(ends))"
  }

  /// What the test against the untrained checkpoint says.
  var verdictText: String {
    isLikeStart
      ? """
      Not distinguishable from the untrained model (\(start.rateText), \(againstStart.words)), which does not show that \
      nothing is left: the rate is at most \(after.bound.percent) (95 % interval).
      """
      : "Still \(againstStart.difference > 0 ? "above" : "below") the untrained model’s \(start.rateText), \(againstStart.words)."
  }
}
