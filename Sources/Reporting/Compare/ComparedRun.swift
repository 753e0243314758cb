import Episodes
package import Storage

/// A run as a comparison reads it.
package struct ComparedRun: Sendable {
  package let name: String
  package let store: RunStore
  let counts: [CellCounts]

  /// - Parameter purpose: counts only episodes for this purpose.
  /// - Throws: `StoreError`.
  package init(_ name: String, _ store: RunStore, purpose: String = "evaluation") throws {
    self.name = name
    self.store = store
    counts = try store.counts(purpose: purpose)
    if counts.isEmpty {
      throw SideError("The run '\(name)' has no episodes for '\(purpose)' yet.")
    }
  }

  /// The cells that have the parts given. An arm that is left out is the standard one, or another where a run has only
  /// that one. A checkpoint `CONDITION.*/STAGE` stands for all training sequences of the condition.
  ///
  /// - Throws: `SideError` when there is none.
  func cells(checkpoint: String?, environment: String?, arm: Arm?) throws -> [CountedCells] {
    guard let checkpoint, let pattern = SequencePattern(checkpoint) else {
      return try single(checkpoint, environment, arm).map { CountedCells(cell: $0.cell, members: [$0]) }
    }
    let members = try single(nil, environment, arm).filter { pattern.matches($0.cell.checkpoint) }
    if members.isEmpty {
      throw SideError("The run '\(name)' has no sequences '\(checkpoint)' there; write CONDITION.*/STAGE.")
    }
    let places = members.map { Cell($0.cell, checkpoint: checkpoint) }.uniqued
    return places.map { place in
      CountedCells(cell: place, members: members.filter { Cell($0.cell, checkpoint: checkpoint) == place })
    }
  }

  /// How many training sequences a checkpoint's condition has after its stage.
  func sequences(of checkpoint: String) -> (pattern: String, count: Int)? {
    guard let slash = checkpoint.firstIndex(of: "/") else { return nil }
    let branch = checkpoint[..<slash]
    let parts = branch.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let condition = parts.count == 2 && Int(parts[1]) != nil ? parts[0] : branch
    let text = "\(condition).*\(checkpoint[slash...])"
    guard let pattern = SequencePattern(text) else { return nil }
    return (text, Set(counts.map(\.cell.checkpoint).filter(pattern.matches)).count)
  }

  private func single(_ checkpoint: String?, _ environment: String?, _ arm: Arm?) throws -> [CellCounts] {
    var found = counts
    try narrow(&found, "checkpoint", checkpoint) { $0.cell.checkpoint }
    try narrow(&found, "environment", environment) { $0.cell.environment }
    let arms = Set(found.map(\.cell.arm))
    let wanted = arm ?? (arms.count == 1 ? arms.first : .standard)
    try narrow(&found, "arm", wanted?.rawValue) { $0.cell.arm.rawValue }
    return found
  }

  private func narrow(
    _ cells: inout [CellCounts], _ part: String, _ value: String?, of name: (CellCounts) -> String
  ) throws {
    guard let value else { return }
    let known = cells.map(name).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    cells.removeAll { name($0) != value }
    if cells.isEmpty {
      throw SideError(
        "The run '\(self.name)' has no \(part) '\(value)' there; it has \(known.prefix(40).joined(separator: ", ")).")
    }
  }
}

extension Cell {
  fileprivate init(_ cell: Cell, checkpoint: String) {
    self.init(checkpoint: checkpoint, environment: cell.environment, arm: cell.arm, purpose: cell.purpose)
  }
}
