/// One training sequence of an experiment: a condition and its replicate. All branches train from the same start.
package struct Branch: Sendable, Codable, Hashable {
  /// The condition's name, for example `exploit_only`.
  package var condition: String
  /// The replicate's number, from 1. Replicates differ only in their seeds.
  package var replicate: Int

  package init(condition: String, replicate: Int = 1) {
    self.condition = condition
    self.replicate = replicate
  }

  /// The branch's name: `exploit_only` for the first replicate, `exploit_only.2` for the second.
  package var name: String { replicate == 1 ? condition : "\(condition).\(replicate)" }

  /// The purpose of the episodes that a training round samples.
  package func trainingPurpose(stage: String, round: Int) -> String { "train-\(name)-\(stage)-\(round)" }

  /// The name of a checkpoint of this branch.
  package func checkpoint(_ stage: String) -> String { "\(name)/\(stage)" }
}
