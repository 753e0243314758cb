import Episodes
import Storage

extension ReportSubject {
  /// One matrix for each environment that was measured under other arms than its standard one, the held-out ones first:
  /// rows are the start and the last checkpoints of each condition, columns the standard arm and then the others by name.
  /// Where an arm has no episodes of the report's purpose, those of the gate are counted.
  func arms(_ counts: CountIndex) -> [Matrix] {
    let rows = ends
    let names = Set(rows.flatMap(\.checkpoints).map(\.name))
    let own = counts.cells.filter { names.contains($0.checkpoint) && purposes.contains($0.purpose) }
    return (environments.filter(\.isHeldOut) + environments.filter { !$0.isHeldOut }).compactMap { environment in
      let cells = own.filter { $0.environment == environment.name && $0.arm != .standard }
      // What the gate alone measured is in the gate's own table.
      guard cells.contains(where: { $0.purpose == purpose }) else { return nil }
      let arms = [.standard] + Set(cells.map(\.arm)).sorted { $0.rawValue < $1.rawValue }
      let columns = arms.flatMap { arm in environment.measures.map { column(environment, $0, arm: arm) } }
      return Matrix(environment.title, of: self, rows: rows, columns: columns) { checkpoint, column in
        purposes.lazy.compactMap {
          counts.tally(checkpoint, column.environment, column.measure.predicate, arm: column.arm, purpose: $0)
        }.first
      }
    }
  }

  private var purposes: [String] { [purpose, "gate"] }
}
