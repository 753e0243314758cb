import Environments
package import Episodes
import Foundation
package import Runs
import Storage

/// Runs an experiment: measure the start, check the gate, then train each stage of each condition and measure each
/// checkpoint.
///
/// Everything that is finished is in the store, so the same experiment resumes where it stopped.
package struct CurriculumRunner: Sendable {
  private let context: RunContext
  private let branches: Set<Branch>?

  /// - Parameters:
  ///   - folder: the run's folder; created when it does not exist.
  ///   - branches: the sequences to train; `nil` for all, after which the run is finished.
  ///   - report: told what happens; called from any thread.
  /// - Throws: `ExperimentError` when the experiment is not valid; a store error when the folder holds another experiment.
  package init(
    _ experiment: Experiment, folder: RunFolder, environments: [any Environment], only branches: Set<Branch>? = nil,
    codeRevision: String,
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
    self.branches = branches
    try checkOrigins()
  }

  /// A sequence that continues another one needs that one's last checkpoint.
  private func checkOrigins() throws {
    for branch in branches ?? [] {
      guard let condition = context.experiment.condition(branch.condition),
        let origin = context.experiment.condition(condition.from)?.branch(branch.replicate)
      else { continue }
      let checkpoint = context.experiment.startingPoint(of: condition, replicate: branch.replicate)
      if branches?.contains(origin) == true { continue }
      if try context.store.checkpoint(checkpoint) != nil { continue }
      throw ExperimentError(
        "\(branch.condition).\(branch.replicate) starts from \(checkpoint), which this folder does not have. Add --only "
          + "\(origin.condition).\(origin.replicate), or copy the folder in which that sequence ran.")
    }
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
    for branch in experiment.branches where branches?.contains(branch) ?? true {
      guard let condition = experiment.condition(branch.condition) else { continue }
      try await train(condition, branch.replicate, measuring: evaluation)
    }
    if branches == nil { try context.store.finish() }
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
