package import Episodes
import GRDB

extension RunStore {
  /// The counts of every cell, checkpoints in the order of making, then environments, arms and purposes by name.
  ///
  /// One pass over the outcome index; the episodes themselves are not read.
  ///
  /// - Parameter purpose: counts only episodes for this purpose, for example `evaluation`.
  package func counts(purpose: String? = nil) throws -> [CellCounts] {
    try read { db in
      let bits = try PredicateBits(db)
      var cells = try Self.cells(db, purpose: purpose)
      let indices = Dictionary(uniqueKeysWithValues: cells.indices.map { (cells[$0].id, $0) })
      let rows = try Row.fetchCursor(db, sql: Self.outcomes)
      while let row = try rows.next() {
        guard let index = indices[row["cell_id"]] else { continue }
        try cells[index].counts.add(row, bits)
      }
      return cells.map(\.counts)
    }
  }

  /// For every prompt variant of a cell in the order of their numbers: in how many of its graded episodes a predicate
  /// applies, and in how many it holds. Variants to none of whose episodes it applies are left out. One pass over the cell's part of the
  /// outcome index.
  package func countsByVariant(of predicate: Predicate, in cell: Cell) throws -> [VariantCount] {
    try read { db in
      guard let mask = try PredicateBits(db).mask([predicate]) else { return [] }
      let rows = try Row.fetchCursor(
        db, sql: Self.variants,
        arguments: [mask, mask, mask, cell.checkpoint, cell.environment, cell.arm.rawValue, cell.purpose])
      var counts: [VariantCount] = []
      while let row = try rows.next() {
        counts.append(VariantCount(variant: row[0], applies: row[1], holds: row[2]))
      }
      return counts
    }
  }

  private static let variants = """
    SELECT variant, sum(applies & ? <> 0), sum(holds & ? <> 0)
    FROM episode INDEXED BY episode_outcome
    WHERE applies & ? <> 0 AND cell_id = (SELECT cell.id FROM cell JOIN checkpoint ON checkpoint.id = checkpoint_id
      WHERE (name, environment, arm, purpose) = (?, ?, ?, ?))
    GROUP BY variant ORDER BY variant
    """

  private static let outcomes = """
    SELECT cell_id, applies, holds, stop, failure_boundary, count(*) AS episodes
    FROM episode INDEXED BY episode_outcome
    GROUP BY cell_id, applies, holds, stop, failure_boundary
    """

  private static func cells(_ db: Database, purpose: String?) throws -> [(id: Int64, counts: CellCounts)] {
    let sql = """
      SELECT cell.id, name, environment, arm, purpose FROM cell JOIN checkpoint ON checkpoint.id = checkpoint_id
      WHERE purpose = ?1 OR ?1 IS NULL ORDER BY checkpoint_id, environment, arm, purpose
      """
    return try Row.fetchAll(db, sql: sql, arguments: [purpose]).map { row in
      let cell = Cell(
        checkpoint: row["name"], environment: row["environment"], arm: Arm(rawValue: row["arm"]),
        purpose: row["purpose"])
      return (row["id"], CellCounts(cell: cell))
    }
  }
}

extension CellCounts {
  /// Adds episodes that all came out alike.
  fileprivate mutating func add(_ row: Row, _ bits: PredicateBits) throws {
    let episodes: Int = row["episodes"]
    if let boundary = try EpisodeFailure.Boundary.stored(row["failure_boundary"]) {
      failures[boundary, default: 0] += episodes
    }
    guard let stop = try StopReason.stored(row["stop"]) else { return }
    stops[stop, default: 0] += episodes
    for (predicate, holds) in bits.facts(applies: row["applies"], holds: row["holds"]) {
      predicates[predicate, default: PredicateCount()].applies += episodes
      if holds { predicates[predicate, default: PredicateCount()].holds += episodes }
    }
  }
}

extension RawRepresentable<String> {
  /// The case that a column names; `nil` for NULL.
  ///
  /// - Throws: `DecodingError` for a name that does not exist.
  static func stored(_ name: String?) throws -> Self? {
    guard let name else { return nil }
    if let value = Self(rawValue: name) { return value }
    throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no \(Self.self) is called \(name)"))
  }
}
