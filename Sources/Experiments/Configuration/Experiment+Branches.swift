package import Runs

extension Experiment {
  /// The name that stands for what all sequences share: the warm start, the start's measurements, the gate and the
  /// preference model.
  package static var sharedPart: String { CheckpointStore.start }

  /// Every training sequence, in the order of running.
  package var branches: [Branch] {
    (1...replicates).flatMap { replicate in conditions.map { $0.branch(replicate) } }
  }

  /// The training sequences that a person named.
  ///
  /// - Parameter names: each one a condition (all of its replicates), `condition.replicate`, or `start`, which names no
  ///   sequence.
  /// - Throws: `ExperimentError` for a name that the experiment does not have.
  package func branches(named names: [String]) throws -> Set<Branch> {
    var named: Set<Branch> = []
    for name in names where name != Self.sharedPart {
      let found = branches.filter { $0.condition == name || "\($0.condition).\($0.replicate)" == name }
      guard !found.isEmpty else {
        let known = conditions.map(\.name).joined(separator: ", ")
        throw ExperimentError(
          "The experiment has no sequence '\(name)'. Its conditions are \(known), each with \(replicates) replicates: "
            + "name a condition, or one sequence as '\(conditions.first?.name ?? "condition").1'.")
      }
      named.formUnion(found)
    }
    return named
  }
}
