import Episodes
import GRDB

extension RunStore {
  /// Returns the counts of every cell: checkpoints in creation order, then environments, arms and purposes by name.
  ///
  /// The method scans the outcome index once and does not read the episodes themselves.
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
        let group = OutcomeGroup(
          applies: row["applies"], holds: row["holds"], stop: row["stop"], boundary: row["failure_boundary"],
          episodes: row["episodes"])
        try cells[index].counts.add(group, bits)
      }
      return cells.map(\.counts)
    }
  }

  /// Returns the counts of every cell and the outcomes of each of its prompt variants, in the order of `counts`.
  ///
  /// The method scans once the part of the outcome index that belongs to the purposes.
  package func outcomes(purposes: Set<String>) throws -> [CellOutcomes] {
    try read { db in
      let bits = try PredicateBits(db)
      return try Self.cells(db, purpose: nil).filter { purposes.contains($0.counts.cell.purpose) }.map {
        try Self.outcomes(of: $0.id, $0.counts, bits, db)
      }
    }
  }

  /// Returns the outcomes of every prompt variant of one cell, or `nil` if the cell does not exist.
  package func variantOutcomes(in cell: Cell) throws -> VariantOutcomes? {
    try read { db in
      let known = try Self.cells(db, purpose: cell.purpose).first { $0.counts.cell == cell }
      return try known.map { try Self.outcomes(of: $0.id, $0.counts, PredicateBits(db), db).variants }
    }
  }

  /// Returns how many episodes of each cell share each outcome, in the order of `counts`.
  ///
  /// The method scans the outcome index once. Every facet of a list can be counted from the result alone.
  package func outcomeGroups() throws -> [CellGroup] {
    try read { db in
      let bits = try PredicateBits(db)
      let cells = try Self.cells(db, purpose: nil)
      var groups: [Int64: [CellGroup]] = [:]
      let known = Dictionary(uniqueKeysWithValues: cells.map { ($0.id, $0.counts.cell) })
      let rows = try Row.fetchCursor(db, sql: Self.outcomes)
      while let row = try rows.next() {
        guard let cell = known[row["cell_id"]] else { continue }
        let facts = (row["applies"] as Int64?).flatMap { applies in
          (row["holds"] as Int64?).map { bits.facts(applies: applies, holds: $0) }
        }
        groups[row["cell_id"], default: []].append(
          CellGroup(
            cell: cell, facts: facts, boundary: try EpisodeFailure.Boundary.stored(row["failure_boundary"]),
            episodes: row["episodes"]))
      }
      return cells.flatMap { groups[$0.id] ?? [] }
    }
  }

  private static func outcomes(
    of cell: Int64, _ counts: CellCounts, _ bits: PredicateBits, _ db: Database
  ) throws -> CellOutcomes {
    var outcomes = CellOutcomes(counts: counts, variants: VariantOutcomes(bits))
    let rows = try Row.fetchCursor(db.cachedStatement(sql: variants), arguments: [cell])
    var group = OutcomeGroup()
    while let row = try rows.next() {
      let next = OutcomeGroup(applies: row[0], holds: row[1], stop: row[2], boundary: row[3])
      if next != group {
        try outcomes.counts.add(group, bits)
        group = next
      }
      group.episodes += row[5]
      if let applies = next.applies, let holds = next.holds {
        outcomes.variants.add(variant: row[4], applies: applies, holds: holds, episodes: row[5])
      }
    }
    try outcomes.counts.add(group, bits)
    return outcomes
  }

  private static let variants = """
    SELECT applies, holds, stop, failure_boundary, variant, count(*)
    FROM episode INDEXED BY episode_outcome
    WHERE cell_id = ?
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

/// Episodes of a cell that share one outcome.
private struct OutcomeGroup: Equatable {
  var applies: Int64?
  var holds: Int64?
  var stop: String?
  var boundary: String?
  var episodes = 0

  /// Compares the outcomes and ignores the number of episodes.
  static func == (left: Self, right: Self) -> Bool {
    (left.applies, left.holds, left.stop, left.boundary) == (right.applies, right.holds, right.stop, right.boundary)
  }
}

extension CellCounts {
  fileprivate mutating func add(_ group: OutcomeGroup, _ bits: PredicateBits) throws {
    if let boundary = try EpisodeFailure.Boundary.stored(group.boundary) {
      failures[boundary, default: 0] += group.episodes
    }
    guard let stop = try StopReason.stored(group.stop), let applies = group.applies, let holds = group.holds else {
      return
    }
    stops[stop, default: 0] += group.episodes
    for (predicate, holds) in bits.facts(applies: applies, holds: holds) {
      predicates[predicate, default: PredicateCount()].applies += group.episodes
      if holds { predicates[predicate, default: PredicateCount()].holds += group.episodes }
    }
  }
}

extension RawRepresentable<String> {
  /// Returns the case that a column names, or `nil` for NULL.
  ///
  /// - Throws: `DecodingError` for a name that does not exist.
  static func stored(_ name: String?) throws -> Self? {
    guard let name else { return nil }
    if let value = Self(rawValue: name) { return value }
    throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no \(Self.self) is called \(name)"))
  }
}
