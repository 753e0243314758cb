import Episodes

/// Measures a checkpoint on every environment, and the first and last ones in more ways.
struct CheckpointEvaluation: Sendable {
  let context: RunContext

  func run(_ checkpoint: Experiment.MeasuredCheckpoint) async throws {
    try await context.episodes.run(works(checkpoint))
    try await measurePropensity(of: checkpoint.name)
  }

  /// Everything that the checkpoint plays, environment by environment.
  private func works(_ checkpoint: Experiment.MeasuredCheckpoint) throws -> [EpisodeWork] {
    let (name, settings) = (checkpoint.name, context.experiment.evaluation)
    var works: [EpisodeWork] = []
    for environment in context.experiment.measuredEnvironments {
      works.append(
        try work(name, environment) {
          context.plan.evaluation(checkpoint: name, of: $0, atEnd: checkpoint.isLast)
        })
    }
    guard checkpoint.isLast else { return works }
    for heldOut in settings.heldOut.names { works += try more(name, heldOut) }
    guard settings.attempts > 1 else { return works }
    for environment in context.experiment.measuredEnvironments {
      works.append(
        try work(name, environment, as: WorkTitle.inContext, attempts: settings.attempts) {
          context.plan.extra(purpose: "in_context", checkpoint: name, of: $0)
        })
    }
    return works
  }

  /// The arms of a held-out environment, and whether an edit persists there.
  private func more(_ checkpoint: String, _ heldOut: String) throws -> [EpisodeWork] {
    let settings = context.experiment.evaluation
    var works: [EpisodeWork] = []
    for arm in settings.arms {
      works.append(
        try work(checkpoint, heldOut, as: arm.rawValue) { context.plan.arm(arm, checkpoint: checkpoint, of: $0) })
    }
    guard settings.persistence > 1 else { return works }
    return works + [
      try work(checkpoint, heldOut, as: WorkTitle.persistence, filesLast: true) {
        context.plan.chains(checkpoint: checkpoint, of: $0)
      }
    ]
  }

  private func work(
    _ checkpoint: String, _ name: String, as kind: String = "", attempts: Int = 1, filesLast: Bool = false,
    _ keys: (any Environment) -> [EpisodeKey]
  ) throws -> EpisodeWork {
    let ordinary = try context.environment(name)
    let environment = filesLast ? ordinary.lasting : ordinary
    return EpisodeWork(
      title: WorkTitle.evaluation(of: checkpoint, on: name, kind), keys: keys(environment), environment: environment,
      policy: { try await context.policy(checkpoint) }, attempts: attempts, filesLast: filesLast)
  }

  private func measurePropensity(of checkpoint: String) async throws {
    let measurement = PropensityMeasurement(
      store: context.store, checkpoints: context.checkpoints, sampling: context.experiment.sampling,
      report: context.report)
    for name in context.experiment.evaluation.scoredEnvironments {
      let environment = try context.environment(name)
      try await measurement.run(checkpoint, on: environment, variants: context.plan.propensity(of: environment))
    }
  }
}
