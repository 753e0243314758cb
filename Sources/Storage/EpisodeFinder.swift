import Episodes
import GRDB

/// Looks up the numbers of episodes by their keys within one transaction, and caches the cells.
struct EpisodeFinder {
  private let db: Database
  private var cells: [Cell: Int64?] = [:]

  init(_ db: Database) { self.db = db }

  /// Returns the number of an episode, or `nil` if the episode is not stored.
  mutating func id(of key: EpisodeKey) throws -> Int64? {
    guard let cell = try id(of: Cell(key)) else { return nil }
    return try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT id FROM episode WHERE (cell_id, variant, sample) = (?, ?, ?)"),
      arguments: [cell, key.variant, key.sample])
  }

  private mutating func id(of cell: Cell) throws -> Int64? {
    if let known = cells[cell] { return known }
    let sql = """
      SELECT cell.id FROM cell JOIN checkpoint ON checkpoint.id = checkpoint_id
      WHERE (name, environment, arm, purpose) = (?, ?, ?, ?)
      """
    let id = try Int64.fetchOne(
      db, sql: sql, arguments: [cell.checkpoint, cell.environment, cell.arm.rawValue, cell.purpose])
    cells[cell] = .some(id)
    return id
  }
}
