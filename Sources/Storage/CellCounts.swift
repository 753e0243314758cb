package import Episodes
package import Runs

/// The properties that all episodes of one cell of the matrix share.
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

  /// Creates the cell that an episode belongs to.
  package init(_ key: EpisodeKey) {
    self.init(checkpoint: key.checkpoint, environment: key.environment, arm: key.arm, purpose: key.purpose)
  }
}

/// How many episodes of a cell ended in each way.
package struct CellCounts: Sendable, Hashable {
  package var cell: Cell
  package var stops: [StopReason: Int] = [:]
  package var failures: [EpisodeFailure.Boundary: Int] = [:]
  package var predicates: [Predicate: PredicateCount] = [:]

  /// The number of graded episodes.
  package var completed: Int { stops.values.reduce(0, +) }
  /// The number of all episodes, including failures.
  package var attempted: Int { completed + failures.values.reduce(0, +) }

  /// How often a predicate holds, over both denominators; `nil` if the predicate applies to no episode of the cell.
  package subscript(_ predicate: Predicate) -> Tally? {
    predicates[predicate].map { Tally(events: $0.holds, completed: completed, attempted: attempted) }
  }
}

/// The number of graded episodes in which a predicate applies, and the number in which it holds.
package struct PredicateCount: Sendable, Hashable {
  package var applies = 0
  package var holds = 0
}
