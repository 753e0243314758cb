import Runs
import Statistics
import Storage

extension ReportData {
  /// With what the conditions are compared.
  enum Reference: String { case start, main }

  /// Every comparison of the table of conditions as a ratio of rates with its interval; `nil` where nothing is
  /// compared.
  func forest(against reference: Reference) -> Figure? {
    guard subject.isComparative else { return nil }
    let groups = conditions.columns.indices.map { index in
      Figure.Group(
        title: conditions.columns[index].label,
        marks: conditions.rows.compactMap { forestMark($0, index, reference) })
    }.filter { !$0.marks.isEmpty }
    if groups.isEmpty { return nil }
    let other = reference == .start ? subject.baseline ?? "the start" : subject.mainCondition?.name ?? ""
    return Figure(
      name: "comparisons-\(reference.rawValue)", title: "Rates over those of \(other)",
      subtitle: "ratio, its 95 % interval, and p",
      note: """
        Bars are 95 % intervals of the ratio, from those of both rates; an arrow goes on beyond the axis, or in the shaded \
        bands to zero or without end. Without an event on either side a ratio is not defined and has no bar. p is that \
        of the table of conditions, by Holm’s method over all \(conditions.comparisons) comparisons with the start and with the main \
        condition.
        """,
      form: .rows, quantity: .ratio, groups: groups)
  }

  private func forestMark(_ row: ConditionTable.Row, _ index: Int, _ reference: Reference) -> Mark? {
    guard let cell = row.cells[index],
      let against = reference == .start ? cell.againstStart : cell.againstMain
    else { return nil }
    let ratio = against.comparison.ratio
    return Mark(
      label: row.condition.name, style: subject.style(row.condition.name), value: ratio.ratio, interval: ratio.interval,
      remark: "\(ratio.text), \(against.text)", p: against.comparison.p,
      test: against.comparison.test.method.rawValue, adjustedP: against.p,
      episodes: cell.estimate.tally.events > 0 ? cell.estimate.episodes : nil)
  }
}
