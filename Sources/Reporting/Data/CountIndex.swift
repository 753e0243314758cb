import Episodes
import Storage

/// The counts of a run by cell.
struct CountIndex {
  private let counts: [Cell: CellCounts]

  init(_ counts: [CellCounts]) { self.counts = Dictionary(uniqueKeysWithValues: counts.map { ($0.cell, $0) }) }

  /// How often a predicate holds; `nil` where nothing was measured or it does not apply.
  func tally(
    _ checkpoint: String, _ environment: String, _ predicate: Predicate, arm: Arm = .standard, purpose: String
  ) -> Tally? {
    counts[Cell(checkpoint: checkpoint, environment: environment, arm: arm, purpose: purpose)]?[predicate]
  }

  /// How many episodes failed.
  func failures(_ checkpoint: String, _ environment: String, arm: Arm, purpose: String) -> Int {
    let cell = counts[Cell(checkpoint: checkpoint, environment: environment, arm: arm, purpose: purpose)]
    return cell.map { $0.attempted - $0.completed } ?? 0
  }

  /// Every cell in which something was measured.
  var cells: Dictionary<Cell, CellCounts>.Keys { counts.keys }
}
