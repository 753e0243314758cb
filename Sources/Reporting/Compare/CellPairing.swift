import Episodes
import Storage

/// Which cells of two sides are compared with each other.
struct CellPairing {
  var pairs: [(first: CountedCells, second: CountedCells)]

  /// A part (checkpoint, environment, arm) that each side has one of is taken as it is. A part of which both sides have
  /// several is matched by name; one of which a single side has several gives a row for each.
  ///
  /// - Throws: `SideError` when nothing matches, or a cell would be compared with itself.
  init(_ first: [CountedCells], _ second: [CountedCells], isSameRun: Bool) throws {
    let parts: [(CountedCells) -> String] = [
      { $0.cell.checkpoint }, { $0.cell.environment }, { $0.cell.arm.rawValue },
    ]
    let matched = parts.filter { part in Set(first.map(part)).count > 1 && Set(second.map(part)).count > 1 }
    let candidates = first.flatMap { one in
      second.filter { other in matched.allSatisfy { $0(one) == $0(other) } }.map { (first: one, second: $0) }
    }
    pairs = candidates.filter { !isSameRun || $0.first.cell != $0.second.cell }
    if pairs.isEmpty {
      throw SideError(
        candidates.isEmpty
          ? "The two sides have no checkpoint, environment and arm in common; name them: RUN:CHECKPOINT:ENVIRONMENT:ARM."
          : "Both sides are the same episodes; name another checkpoint, environment or arm on one of them.")
    }
  }
}
