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

  /// What came of every prompt variant, cell by cell; graded episodes only. One pass over the outcome index, which holds its
  /// entries in this order.
  ///
  /// - Parameter purpose: reads only episodes for this purpose, for example `evaluation`.
  package func variantOutcomes(purpose: String? = nil) throws -> [Cell: VariantOutcomes] {
    try read { db in
      let bits = try PredicateBits(db)
      let cells = try Self.cells(db, purpose: purpose)
      return Dictionary(
        uniqueKeysWithValues: try cells.map { ($0.counts.cell, try Self.outcomes(of: $0.id, bits, db)) })
    }
  }

  /// What came of every prompt variant of one cell; `nil` when there is no such cell.
  package func variantOutcomes(in cell: Cell) throws -> VariantOutcomes? {
    try read { db in
      let known = try Self.cells(db, purpose: cell.purpose).first { $0.counts.cell == cell }
      return try known.map { try Self.outcomes(of: $0.id, PredicateBits(db), db) }
    }
  }

  private static func outcomes(of cell: Int64, _ bits: PredicateBits, _ db: Database) throws -> VariantOutcomes {
    var outcomes = VariantOutcomes(bits)
    let rows = try Row.fetchCursor(db.cachedStatement(sql: variants), arguments: [cell])
    while let row = try rows.next() {
      outcomes.add(variant: row[0], applies: row[1], holds: row[2], episodes: row[3])
    }
    return outcomes
  }

  private static let variants = """
    SELECT variant, applies, holds, count(*)
    FROM episode INDEXED BY episode_outcome
    WHERE cell_id = ? AND applies IS NOT NULL
    GROUP BY applies, holds, stop, failure_boundary, variant
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
