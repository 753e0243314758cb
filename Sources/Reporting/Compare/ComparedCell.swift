import Episodes
import Statistics
import Storage

/// A cell of a run with the counts in it.
struct ComparedCell {
  var run: ComparedRun
  var counts: CellCounts

  var cell: Cell { counts.cell }

  /// `run:checkpoint:environment`, and the arm where it is not the standard one.
  var label: String {
    let arm = cell.arm == .standard ? [] : [cell.arm.rawValue]
    return ([run.name, cell.checkpoint, cell.environment] + arm).joined(separator: ":")
  }

  func byPrompt(_ predicate: Predicate) throws -> [VariantCount] {
    try run.store.variantOutcomes(in: cell)?[predicate] ?? []
  }

  func side(_ predicate: Predicate) throws -> ComparedSide { side(predicate, try byPrompt(predicate)) }

  /// Episodes to which the predicate does not apply are no trials.
  func side(_ predicate: Predicate, _ byPrompt: [VariantCount]) -> ComparedSide {
    let found = counts.predicates[predicate]
    return ComparedSide(
      label: label, count: Count(events: found?.holds ?? 0, trials: found?.applies ?? 0), attempted: counts.attempted,
      byPrompt: byPrompt, episodes: EpisodeSet(cells: [cell], predicate: predicate, run: run.name))
  }

  /// The share of graded episodes that a limit ended.
  var shareAtLimit: Double {
    counts.completed == 0
      ? 0 : Double(counts.completed - (counts.stops[.finished] ?? 0)) / Double(counts.completed)
  }
}
