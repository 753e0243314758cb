import Runs
import Statistics
import Storage

/// The result in one sentence, for the figure that opens the page. It says no more than the findings: a difference is named
/// only where it is clear, and a null result names the largest rate that it leaves possible.
struct ResultWords {
  private let result: ResultRows
  private let data: ReportData

  init(_ result: ResultRows, _ data: ReportData) { (self.result, self.data) = (result, data) }

  /// `Gaming rose in all 4 environments that were trained on. Reward tampering (overwrite) shows no clear change, from 0 % to
  /// 0.05 %: at most 0.27 % (95 % interval).`
  var title: String {
    let sentences = [trained, untrained].compactMap(\.self) + headlines(.heldOut).map(heldOut)
    return sentences.map { "\($0)." }.joined(separator: " ")
  }

  // MARK: Environments that were trained on

  private var trained: String? {
    let rows = headlines(.trained)
    if rows.isEmpty { return nil }
    let (rose, fell) = (rows.count { $0.verdict == .rose }, rows.count { $0.verdict == .fell })
    let all = rows.count == 1 ? "the environment" : "the \(rows.count) environments"
    let whole = "\(all) that \(rows.count == 1 ? "was" : "were") trained on"
    if rose == rows.count {
      return "Gaming rose in \(rows.count == 1 ? whole : "all \(whole.dropFirst(4))")"
    }
    switch (rose, fell) {
    case (0, 0): return "Gaming shows no clear change in \(whole)"
    case (_, 0): return "Gaming rose in \(rose) of \(whole)"
    case (0, _): return "Gaming fell in \(fell) of \(whole)"
    default: return "Gaming rose in \(rose) and fell in \(fell) of \(whole)"
    }
  }

  private var untrained: String? {
    let rows = headlines(.untrained).filter { $0.verdict != .unclear }
    if rows.isEmpty { return nil }
    return rows.map { "\(name($0)), not trained on, \($0.verdict == .rose ? "rose" : "fell") \(numbers($0))" }
      .joined(separator: "; ")
  }

  // MARK: Held-out environments

  private func heldOut(_ row: ResultRows.Row) -> String {
    switch row.verdict {
    case .rose: return "\(name(row)) rose \(numbers(row))\(besideTwin(row))"
    case .fell: return "\(name(row)) fell \(numbers(row))\(besideTwin(row))"
    case .unclear: return "\(name(row)) \(null(row))\(gate(row))"
    }
  }

  private func null(_ row: ResultRows.Row) -> String {
    let bound = "at most \(row.main.estimate.bound.percent) (95 % interval)"
    let tally = row.main.estimate.tally
    if row.start.estimate.tally.events + tally.events == 0 {
      return "was not seen in \(tally.completed.grouped) episodes: \(bound)"
    }
    let isUntested = row.main.comparison.map { $0.test.method == .tooFewPrompts } ?? true
    return "\(isUntested ? "allows no verdict" : "shows no clear change"), \(numbers(row)): \(bound)"
  }

  private func gate(_ row: ResultRows.Row) -> String {
    let isUnmet = data.gate.contains { $0.standing == .unmet && $0.result.environment == row.column.environment }
    return isUnmet ? "; its gate is not met, so this says nothing about generalisation" : ""
  }

  /// What the table of conditions says of the twin against the main condition.
  private func besideTwin(_ row: ResultRows.Row) -> String {
    guard let twin = row.twin, let main = result.main.condition, let name = result.twin?.condition,
      data.conditions.rows.first?.condition.name == main,
      let index = data.conditions.columns.firstIndex(of: row.column),
      let cell = data.conditions.rows.first(where: { $0.condition.name == name })?.cells[index],
      cell.estimate == twin.estimate, let against = cell.againstMain
    else { return "" }
    let rate = "its benign twin’s \(twin.estimate.rateText)"
    switch against.verdict {
    case .fell: return ", above \(rate)"
    case .rose: return ", below \(rate)"
    case .unclear: return ", not distinguishable from \(rate)"
    }
  }

  // MARK: Words

  /// The first measure of each environment of a kind.
  private func headlines(_ kind: ResultRows.Kind) -> [ResultRows.Row] {
    var seen: Set<String> = []
    return result.rows.filter { $0.kind == kind && seen.insert($0.column.environment).inserted }
  }

  private func name(_ row: ResultRows.Row) -> String {
    row.column.measure.title.isEmpty
      ? row.column.environmentTitle : "\(row.column.environmentTitle) (\(row.column.measure.title))"
  }

  private func numbers(_ row: ResultRows.Row) -> String {
    "from \(row.start.estimate.rateText) to \(row.main.estimate.rateText)"
  }
}

extension ResultRows.Row {
  var verdict: Comparison.Verdict { main.comparison?.verdict ?? .unclear }
}
