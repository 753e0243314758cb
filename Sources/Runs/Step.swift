/// A named piece of a run's work and the type of its result. The store keeps the result; a restart reads it.
package struct Step<Result: Codable & Sendable>: Sendable, Hashable {
  /// Unique in the run, for example `round/exploit_only/flattery/2`.
  package let name: String

  package init(_ name: String) { self.name = name }
}

/// Steps that do the same for different parts of a run: one for each round, root or condition.
///
///     extension StepFamily<RoundSummary> { static let rounds = StepFamily("round") }
///     store.result(of: .rounds["exploit_only/flattery/2"])
package struct StepFamily<Result: Codable & Sendable>: Sendable, Hashable {
  package let name: String

  package init(_ name: String) { self.name = name }

  /// The step of one part.
  package subscript(part: String) -> Step<Result> { Step(prefix + part) }

  /// What the names of all of its steps begin with.
  package var prefix: String { name + "/" }
}
