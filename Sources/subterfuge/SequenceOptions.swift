import ArgumentParser
import Experiments
import Runs

/// Options that choose sequences of an experiment.
struct SequenceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Train this sequence only, for example exploit_only.2, or all of a condition; may be repeated. start stands for what \
      all sequences share. `runs merge` makes one run of the parts.
      """, valueName: "condition.replicate"))
  var only: [String] = []

  /// The sequences that were named; `nil` for all.
  ///
  /// - Throws: `ExperimentError` for a name that the experiment does not have.
  func branches(of experiment: Experiment) throws -> Set<Branch>? {
    only.isEmpty ? nil : try experiment.branches(named: only)
  }

  /// The options as another process takes them.
  var arguments: [String] { only.flatMap { ["--only", $0] } }
}
