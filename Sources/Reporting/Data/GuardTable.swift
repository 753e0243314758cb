package import Episodes
package import Runs
import Storage

/// What became of the reward and of its guard: how often each predicate about them holds in the last checkpoints.
package struct GuardTable: Sendable, Codable, Hashable {
  package var environment: RunOutline.Environment
  /// Those that hold in at least one episode: the reward's first, then the guard's, by name.
  package var predicates: [Predicate]
  /// The start's, then one for each condition.
  package var rows: [Row]

  package struct Row: Sendable, Codable, Hashable {
    /// `nil` for the start.
    package var condition: String?
    /// One for each predicate; `nil` where it does not apply.
    package var cells: [Estimate?]
  }

  /// One for each environment with a guard against which something happened.
  static func all(_ subject: RunOutline, counts: CountIndex) -> [GuardTable] {
    subject.environments.compactMap { environment in
      let known = counts.predicates(in: environment.name, arm: subject.arm, purpose: subject.purpose)
      let guards = Predicate.guardFacts.filter(known.contains)
      let predicates = known.filter { $0 == .rewardChanged || $0 == .overwrite } + guards
      let rows = subject.ends.map { end in
        Row(
          condition: end.condition,
          cells: predicates.map { predicate in
            counts.measure(
              end.checkpoints.map(\.name), environment.name, predicate, arm: subject.arm, purposes: [subject.purpose])?
              .estimate
          })
      }.filter { row in row.cells.contains { $0 != nil } }
      if guards.isEmpty || rows.isEmpty { return nil }
      return GuardTable(environment: environment, predicates: predicates, rows: rows)
    }
  }
}
