/// One sequence of checkpoints that an experiment trains from the same start: a condition, and which of its replicates.
package struct Branch: Sendable, Codable, Hashable {
  /// The condition's name, for example `exploit_only`.
  package var condition: String
  /// Counted from 1. Replicates differ in their seeds alone.
  package var replicate: Int

  package init(condition: String, replicate: Int = 1) {
    self.condition = condition
    self.replicate = replicate
  }

  /// `exploit_only` for the first replicate, `exploit_only.2` for the second.
  package var name: String { replicate == 1 ? condition : "\(condition).\(replicate)" }

  /// The name of a checkpoint of this branch.
  package func checkpoint(_ stage: String) -> String { "\(name)/\(stage)" }
}
