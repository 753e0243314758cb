package import Environments
package import Episodes
package import Foundation
import Storage

/// Runs an experiment: measure the start, check the gate, train each stage, measure each checkpoint.
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
    try experiment.validate(catalogue: Set(named.keys))
    let catalogue = ModelCatalogue()
    // A model that is missing, damaged or not fit must not leave an empty run behind that holds the name.
    if !folder.exists { try experiment.adapter.check(catalogue.checkpoint(named: experiment.policy)) }
    try folder.create()
    let store = try RunStore(
      in: folder.url,
      run: try RunDescription(
        name: experiment.name, configuration: experiment, codeRevision: codeRevision, rootSeed: Seed(experiment.seed)))
    context = RunContext(
      experiment: experiment, store: store,
      checkpoints: CheckpointLibrary(folder: folder, store: store, experiment: experiment, catalogue: catalogue),
      environments: named,
      report: report)
  }

  package func run() async throws {
    let start = CheckpointLibrary.start
    try context.checkpoints.install()
    if context.experiment.warmStart.documents > 0 { try await WarmStartTrainer(context: context).run() }
    try await evaluate(start, atEnd: true)
    try await GateCheck(context: context).run()
    for branch in context.experiment.branches { try await train(branch, from: start) }
  }

  private func train(_ branch: Branch, from start: String) async throws {
    var current = start
    let stages = context.experiment.curriculum.stages
    for (index, stage) in stages.enumerated() {
      current = try await StageTrainer(context: context, branch: branch, stage: stage).run(from: current)
      if context.experiment.measuredCheckpoints.contains(where: { $0.name == current }) {
        try await evaluate(current, atEnd: index == stages.count - 1)
      }
    }
  }

  private func evaluate(_ checkpoint: String, atEnd: Bool) async throws {
    let policy = try await context.policy(checkpoint)
    for name in context.experiment.curriculum.environments + [context.experiment.evaluation.heldOut] {
      let environment = try context.environment(name)
      try await context.episodes.run(
        context.plan.evaluation(checkpoint: checkpoint, of: environment, atEnd: atEnd),
        title: "\(checkpoint): evaluate \(name)", environment: environment, policy: policy)
    }
  }
}
