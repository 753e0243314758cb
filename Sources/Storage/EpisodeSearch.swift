package import Episodes
import GRDB
import Runs

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
  private let bound: EpisodeBound?

  /// Prepares the search; returns `nil` if nothing can match because the store has never seen one of the predicates.
  ///
  /// - Parameter bound: where to begin; `nil` begins with the first episode.
  init?(_ query: EpisodeQuery, _ bits: PredicateBits, _ db: Database, from bound: EpisodeBound? = nil) throws {
    guard let holding = bits.mask(query.holding), let lacking = bits.mask(query.lacking) else { return nil }
    self.db = db
    self.query = query
    self.holding = holding
    self.lacking = lacking
    text = try query.text.map(QueryFilter.stored)
    self.bound = bound
    statement = try db.cachedStatement(sql: Self.members(isBackward: bound?.isBackward ?? false, text: text != nil))
  }

  func numbers(limit: Int, offset: Int = 0) throws -> [Int] {
    let wanted = min(limit, .max - offset) + offset
    var found: [Int] = []
    for cell in try cells() where found.count < wanted {
      found += try numbers(in: cell, limit: wanted - found.count)
    }
    let wantedNumbers = Array(found.dropFirst(offset))
    return bound?.isBackward == true ? wantedNumbers.reversed() : wantedNumbers
  }

  private struct MatchingCell {
    var id: Int64
    /// Whether the bound is one of its episodes.
    var holdsBound: Bool
  }

  /// Returns the matching cells in the order in which they are searched.
  private func cells() throws -> [MatchingCell] {
    let isBackward = bound?.isBackward ?? false
    let order = ["checkpoint_id", "environment", "arm", "purpose"].map { isBackward ? "\($0) DESC" : $0 }
    let sql = """
      SELECT cell.id, (name, environment, arm, purpose) IS (?6, ?7, ?8, ?9) FROM checkpoint
      JOIN cell ON checkpoint.id = checkpoint_id
      WHERE name = ifnull(?1, name) AND environment = ifnull(?2, environment) AND arm = ifnull(?3, arm)
        AND purpose = ifnull(?4, purpose) AND (?5 IS NULL OR name IN (SELECT value FROM json_each(?5)))
        AND (?6 IS NULL OR (checkpoint_id, environment, arm, purpose)
          \(isBackward ? "<=" : ">=") ((SELECT id FROM checkpoint WHERE name = ?6), ?7, ?8, ?9))
      ORDER BY \(order.joined(separator: ", "))
      """
    let key = bound?.key
    return try Row.fetchAll(
      db.cachedStatement(sql: sql),
      arguments: [
        query.checkpoint, query.environment, query.arm?.rawValue, query.purpose,
        query.checkpoints.map { try StoredJSON.text($0) }, key?.checkpoint, key?.environment, key?.arm.rawValue,
        key?.purpose,
      ]
    ).map { MatchingCell(id: $0[0], holdsBound: $0[1]) }
  }

  private func numbers(in cell: MatchingCell, limit: Int) throws -> [Int] {
    var members: [(variant: Int, sample: Int, id: Int)] = []
    for group in try groups(of: cell.id) where matches(group) {
      let rows = try Row.fetchCursor(statement, arguments: arguments(cell, group, limit))
      while let row = try rows.next() { members.append((row[0], row[1], row[2])) }
    }
    members.sort { ($0.variant, $0.sample) < ($1.variant, $1.sample) }
    return bound?.isBackward == true
      ? members.suffix(limit).reversed().map(\.id) : members.prefix(limit).map(\.id)
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

  private func arguments(_ cell: MatchingCell, _ group: Group, _ limit: Int) -> StatementArguments {
    let outcome: StatementArguments =
      switch group {
      case .graded(let applies, let holds, let stop): [applies, holds, stop, nil]
      case .failed(let boundary): [nil, nil, nil, boundary]
      }
    let isBackward = bound?.isBackward ?? false
    // The range of variants starts at the bound, so that the index skips what lies on its other side.
    var (low, high) = (query.variant ?? 0, query.variant ?? .max)
    var place = isBackward ? (Int.max, Int.max) : (-1, -1)
    if cell.holdsBound, let key = bound?.key {
      place = (key.variant, key.sample)
      if isBackward { high = min(high, key.variant) } else { low = max(low, key.variant) }
    }
    return [cell.id] + outcome + [low, high, place.0, place.1] + (text.map { [$0] } ?? []) + [limit]
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

  private static func members(isBackward: Bool, text: Bool) -> String {
    let direction = isBackward ? "DESC" : "ASC"
    return """
      SELECT variant, sample, id FROM episode INDEXED BY episode_outcome
      WHERE cell_id = ? AND applies IS ? AND holds IS ? AND stop IS ? AND failure_boundary IS ?
        AND variant BETWEEN ? AND ? AND (+variant, sample) \(isBackward ? "<" : ">") (?, ?)
        \(text ? "AND instr(segments, ?) > 0" : "")
      ORDER BY variant \(direction), sample \(direction) LIMIT ?
      """
  }
}

/// Where a page of episodes begins: directly behind an episode, or directly before it.
package enum EpisodeBound: Sendable, Hashable {
  case after(EpisodeKey)
  case before(EpisodeKey)

  package var key: EpisodeKey {
    switch self {
    case .after(let key), .before(let key): key
    }
  }

  /// Whether the page ends at the bound.
  package var isBackward: Bool { if case .before = self { true } else { false } }
}
