package import Runs
package import Statistics
import Storage

/// The last checkpoints of every condition beside what they started from: what each gained, and how it differs from the
/// condition that the report is about.
package struct ConditionTable: Sendable, Codable, Hashable {
  /// The held-out environments' columns first.
  package var columns: [Matrix.Column]
  /// What the untrained checkpoint counted, one for each column.
  package var start: [Matrix.Cell?]
  package var rows: [Row]

  package struct Row: Sendable, Codable, Hashable {
    package var condition: RunOutline.Condition
    /// One for each column; `nil` where nothing was measured.
    package var cells: [Cell?]
  }

  package struct Cell: Sendable, Codable, Hashable {
    package var estimate: Estimate
    package var sequences: Sequences
    /// The sequences as draws from all that other seeds could give, whose `newSeed` the findings name; `nil` for one.
    package var seeds: BetweenSeeds?
    package var isTrained: Bool
    /// Against the untrained checkpoint; `nil` where that was not measured.
    package var againstStart: Adjusted?
    /// Against the first condition; `nil` in its own row.
    package var againstMain: Adjusted?
  }

  /// A comparison among the others of the table.
  package struct Adjusted: Sendable, Codable, Hashable {
    package var comparison: Comparison
    /// Holm's, over all comparisons of the table.
    package var p: PValue

    package var verdict: Comparison.Verdict {
      p.value >= ConditionTable.level ? .unclear : comparison.difference > 0 ? .rose : .fell
    }
  }

  /// An adjusted p value below this is called clear.
  package static let level = 0.05

  /// How many comparisons the p values are adjusted for.
  package var comparisons: Int { rows.flatMap(\.cells).reduce(0) { $0 + ($1?.paths.count ?? 0) } }
}

extension ConditionTable {
  /// - Parameter gaming: the columns, and what every checkpoint counted in them.
  init(of subject: RunOutline, columns: [Matrix.Column], counts: CountIndex) {
    let columns = columns.filter(\.isHeldOut) + columns.filter { !$0.isHeldOut }
    let ends = Matrix("", of: subject, rows: subject.ends, columns: columns, counts: counts)
    self.columns = columns
    start = ends.rows.first { $0.condition == nil }?.cells ?? columns.map { _ in nil }
    let rows = ends.rows.filter { $0.condition != nil }
    func measured(_ row: Matrix.Row, _ index: Int) -> Measured? {
      counts.measure(
        row.checkpoints.map(\.name), columns[index].environment, columns[index].measure.predicate, arm: subject.arm,
        purposes: [subject.purpose])
    }
    self.rows = zip(subject.conditions, rows).map { condition, row in
      let main = condition == subject.mainCondition ? nil : rows.first
      return Row(
        condition: condition,
        cells: row.cells.enumerated().map { index, cell in
          cell.flatMap { cell in
            measured(row, index).map { Cell(cell, $0, main: main.flatMap { measured($0, index) }) }
          }
        })
    }
    adjust()
  }

  private mutating func adjust() {
    var places: [(row: Int, column: Int, path: WritableKeyPath<Cell, Adjusted?>)] = []
    for row in rows.indices {
      for column in columns.indices {
        places += (rows[row].cells[column]?.paths ?? []).map { (row, column, $0) }
      }
    }
    let values = places.compactMap { rows[$0.row].cells[$0.column]?[keyPath: $0.path]?.p }
    for (place, p) in zip(places, values.holm()) {
      rows[place.row].cells[place.column]?[keyPath: place.path]?.p = p
    }
  }
}

extension ConditionTable.Cell {
  fileprivate init(_ cell: Matrix.Cell, _ measured: Measured, main: Measured?) {
    estimate = cell.estimate
    sequences = cell.sequences
    seeds = measured.seeds
    isTrained = cell.isTrained
    againstStart = cell.comparison.map { ConditionTable.Adjusted(comparison: $0, p: $0.p) }
    againstMain = main.flatMap { Comparison(of: measured, against: $0) }
      .map { ConditionTable.Adjusted(comparison: $0, p: $0.p) }
  }

  /// The comparisons that the cell has.
  fileprivate var paths: [WritableKeyPath<Self, ConditionTable.Adjusted?>] {
    [\Self.againstStart, \Self.againstMain].filter { self[keyPath: $0] != nil }
  }
}
