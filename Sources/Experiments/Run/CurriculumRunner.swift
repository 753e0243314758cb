import Environments
package import Episodes
import Foundation
import Storage

/// Runs an experiment: measure the start, check the gate, then train each stage of each condition and measure each
/// checkpoint.
///
/// Everything that is finished is in the store, so running the same experiment again goes on where it stopped.
package struct CurriculumRunner: Sendable {
  private let context: RunContext

  /// - Parameters:
  ///   - folder: the run's folder; created when it does not exist.
  ///   - report: told what happens; called from any thread.
  /// - Throws: `ExperimentError` when the experiment is not valid; a store error when the folder holds another experiment.
  package init(
    _ experiment: Experiment, folder: RunFolder, environments: [any Environment], codeRevision: String,
    report: @escaping @Sendable (RunEvent) -> Void
  ) throws {
    let presented = environments.map { experiment.sampling.preExplored ? $0.explored : $0 }
    let named = Dictionary(uniqueKeysWithValues: presented.map { ($0.name, $0) })
    try experiment.validate(
      catalogue: named.mapValues(\.arms), untrainable: Set(named.filter { !$0.value.isTrainable }.keys))
    let session = try RunSession(
      experiment, in: folder, chatFormat: experiment.sampling.chatFormat, codeRevision: codeRevision
    ) { catalogue in
      try experiment.adapter.check(catalogue.checkpoint(named: experiment.policy))
      if experiment.needsPreferenceScores { try experiment.preferenceModel.check(catalogue) }
    }
    context = try RunContext(experiment, session, environments: named, report: report)
  }

  package func run() async throws {
    let experiment = context.experiment
    try context.checkpoints.install(
      experiment.policy, as: experiment.warmStart.isNeeded ? CheckpointStore.pretrained : CheckpointStore.start)
    if experiment.warmStart.isNeeded { try await WarmStartTrainer(context: context).run() }
    let evaluation = CheckpointEvaluation(context: context)
    for checkpoint in experiment.measuredCheckpoints where checkpoint.name == CheckpointStore.start {
      try await evaluation.run(checkpoint)
    }
    try await GateCheck(context: context).run()
    if experiment.needsPreferenceScores { try await PreferencePreparation(context: context).run() }
    for replicate in 1...experiment.replicates {
      for condition in experiment.conditions { try await train(condition, replicate, measuring: evaluation) }
    }
    try context.store.finish()
  }

  private func train(_ condition: Condition, _ replicate: Int, measuring evaluation: CheckpointEvaluation) async throws
  {
    var current = context.experiment.startingPoint(of: condition, replicate: replicate)
    for stage in condition.curriculum.stages {
      let trainer = StageTrainer(
        context: context, condition: condition, branch: condition.branch(replicate), stage: stage)
      current = try await trainer.run(from: current)
      for checkpoint in context.experiment.measuredCheckpoints where checkpoint.name == current {
        try await evaluation.run(checkpoint)
      }
    }
  }
}
