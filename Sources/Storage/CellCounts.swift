package import Episodes

/// What the episodes of one cell of the matrix share.
package struct Cell: Sendable, Hashable, Codable {
  package var checkpoint: String
  package var environment: String
  package var arm: Arm
  package var purpose: String

  package init(checkpoint: String, environment: String, arm: Arm, purpose: String) {
    self.checkpoint = checkpoint
    self.environment = environment
    self.arm = arm
    self.purpose = purpose
  }

  /// The cell that an episode belongs to.
  init(_ key: EpisodeKey) {
    self.init(checkpoint: key.checkpoint, environment: key.environment, arm: key.arm, purpose: key.purpose)
  }
}

/// How many episodes of a cell ended how.
package struct CellCounts: Sendable, Hashable {
  package var cell: Cell
  package var stops: [StopReason: Int] = [:]
  package var failures: [EpisodeFailure.Boundary: Int] = [:]
  package var predicates: [Predicate: PredicateCount] = [:]

  /// Graded episodes.
  package var completed: Int { stops.values.reduce(0, +) }
  /// All episodes, failures included.
  package var attempted: Int { completed + failures.values.reduce(0, +) }

  /// How often a predicate holds, over both denominators; `nil` when it applies to no episode of the cell.
  package subscript(_ predicate: Predicate) -> Tally? {
    predicates[predicate].map { Tally(events: $0.holds, completed: completed, attempted: attempted) }
  }
}

/// In how many graded episodes a predicate applies, and in how many it holds.
package struct PredicateCount: Sendable, Hashable {
  package var applies = 0
  package var holds = 0
}
