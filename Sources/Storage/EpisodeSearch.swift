import Episodes
import GRDB

/// Finds the numbers of the episodes that match a query, in key order, within one transaction.
///
/// The outcome index groups a cell's episodes by outcome and orders each group by key. A few index lookups therefore
/// find the first episodes of a kind, however many episodes the cell has.
struct EpisodeSearch {
  /// The columns by which the index groups the episodes of a cell.
  private enum Group {
    case graded(applies: Int64, holds: Int64, stop: String)
    case failed(boundary: String)
  }

  private let db: Database
  private let query: EpisodeQuery
  private let holding: Int64
  private let lacking: Int64
  private let statement: Statement
  private let text: String?

  /// Prepares the search; returns `nil` if nothing can match because the store has never seen one of the predicates.
  init?(_ query: EpisodeQuery, _ bits: PredicateBits, _ db: Database) throws {
    guard let holding = bits.mask(query.holding), let lacking = bits.mask(query.lacking) else { return nil }
    self.db = db
    self.query = query
    self.holding = holding
    self.lacking = lacking
    text = try query.text.map(QueryFilter.stored)
    statement = try db.cachedStatement(sql: text == nil ? Self.members : Self.membersWithText)
  }

  func numbers(limit: Int, offset: Int = 0) throws -> [Int] {
    let wanted = min(limit, .max - offset) + offset
    var found: [Int] = []
    for cell in try cells() where found.count < wanted {
      found += try numbers(in: cell, limit: wanted - found.count)
    }
    return Array(found.dropFirst(offset))
  }

  /// Returns the matching cells in key order.
  private func cells() throws -> [Int64] {
    let sql = """
      SELECT cell.id FROM checkpoint JOIN cell ON checkpoint.id = checkpoint_id
      WHERE name = ifnull(?, name) AND environment = ifnull(?, environment) AND arm = ifnull(?, arm)
        AND purpose = ifnull(?, purpose)
      ORDER BY checkpoint_id, environment, arm, purpose
      """
    return try Int64.fetchAll(
      db.cachedStatement(sql: sql),
      arguments: [query.checkpoint, query.environment, query.arm?.rawValue, query.purpose])
  }

  private func numbers(in cell: Int64, limit: Int) throws -> [Int] {
    var members: [(variant: Int, sample: Int, id: Int)] = []
    for group in try groups(of: cell) where matches(group) {
      let rows = try Row.fetchCursor(statement, arguments: arguments(cell, group, limit))
      while let row = try rows.next() { members.append((row[0], row[1], row[2])) }
    }
    members.sort { ($0.variant, $0.sample) < ($1.variant, $1.sample) }
    return members.prefix(limit).map(\.id)
  }

  /// Returns every outcome that occurs in a cell. Each lookup starts from the outcome before.
  private func groups(of cell: Int64) throws -> [Group] {
    var groups: [Group] = []
    var (applies, holds, stop, boundary): (Int64, Int64, String, String) = (-1, -1, "", "")
    let graded = try db.cachedStatement(sql: Self.nextGraded)
    while let row = try Row.fetchOne(graded, arguments: [cell, applies, holds, stop]) {
      (applies, holds, stop) = (row[0], row[1], row[2])
      groups.append(.graded(applies: applies, holds: holds, stop: stop))
    }
    let failed = try db.cachedStatement(sql: Self.nextFailed)
    while let next = try String.fetchOne(failed, arguments: [cell, boundary]) {
      boundary = next
      groups.append(.failed(boundary: boundary))
    }
    return groups
  }

  private func matches(_ group: Group) -> Bool {
    switch group {
    case .graded(let applies, let holds, _):
      query.failed != true && holds & holding == holding && applies & ~holds & lacking == lacking
    case .failed: query.failed != false && holding == 0 && lacking == 0
    }
  }

  private func arguments(_ cell: Int64, _ group: Group, _ limit: Int) -> StatementArguments {
    let outcome: StatementArguments =
      switch group {
      case .graded(let applies, let holds, let stop): [applies, holds, stop, nil]
      case .failed(let boundary): [nil, nil, nil, boundary]
      }
    let variants: StatementArguments = [query.variant ?? 0, query.variant ?? .max]
    return [cell] + outcome + variants + (text.map { [$0] } ?? []) + [limit]
  }

  private static let nextGraded = """
    SELECT applies, holds, stop FROM episode INDEXED BY episode_outcome
    WHERE cell_id = ? AND (applies, holds, stop) > (?, ?, ?) ORDER BY applies, holds, stop LIMIT 1
    """

  private static let nextFailed = """
    SELECT failure_boundary FROM episode INDEXED BY episode_outcome
    WHERE cell_id = ? AND applies IS NULL AND holds IS NULL AND stop IS NULL AND failure_boundary > ?
    ORDER BY failure_boundary LIMIT 1
    """

  private static let members = members(and: "")
  private static let membersWithText = members(and: "AND instr(segments, ?) > 0")

  private static func members(and condition: String) -> String {
    """
    SELECT variant, sample, id FROM episode INDEXED BY episode_outcome
    WHERE cell_id = ? AND applies IS ? AND holds IS ? AND stop IS ? AND failure_boundary IS ?
      AND variant BETWEEN ? AND ? \(condition)
    ORDER BY variant, sample LIMIT ?
    """
  }
}
