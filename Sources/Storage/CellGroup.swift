package import Episodes
import Runs

/// Episodes of one cell that share one outcome.
package struct CellGroup: Sendable, Hashable {
  package var cell: Cell
  /// The truth of every predicate that applies; `nil` for failed episodes.
  package var facts: [Predicate: Bool]?
  /// Where the episodes failed; `nil` for graded ones.
  package var boundary: EpisodeFailure.Boundary?
  package var episodes: Int

  /// Whether a query selects these episodes. The variant and the text of the query are ignored.
  package func matches(_ query: EpisodeQuery) -> Bool {
    let facts = facts ?? [:]
    return (query.checkpoint ?? cell.checkpoint) == cell.checkpoint
      && query.checkpoints?.contains(cell.checkpoint) ?? true
      && (query.environment ?? cell.environment) == cell.environment && (query.arm ?? cell.arm) == cell.arm
      && (query.purpose ?? cell.purpose) == cell.purpose && (query.failed ?? (boundary != nil)) == (boundary != nil)
      && query.holding.allSatisfy { facts[$0] == true } && query.lacking.allSatisfy { facts[$0] == false }
  }
}
