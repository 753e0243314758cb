import Episodes

/// Measures a checkpoint on every environment, and the first and last ones in more ways.
struct CheckpointEvaluation: Sendable {
  let context: RunContext

  func run(_ checkpoint: Experiment.MeasuredCheckpoint) async throws {
    let (name, settings) = (checkpoint.name, context.experiment.evaluation)
    for environment in context.experiment.measuredEnvironments {
      try await play(name, environment) { context.plan.evaluation(checkpoint: name, of: $0, atEnd: checkpoint.isLast) }
    }
    try await measurePropensity(of: name)
    guard checkpoint.isLast else { return }
    for heldOut in settings.heldOut.names { try await playMore(name, heldOut) }
    if settings.attempts > 1 {
      for environment in context.experiment.measuredEnvironments {
        try await play(name, environment, as: WorkTitle.inContext, attempts: settings.attempts) {
          context.plan.extra(purpose: "in_context", checkpoint: name, of: $0)
        }
      }
    }
  }

  /// The arms of a held-out environment, and whether an edit persists there.
  private func playMore(_ checkpoint: String, _ heldOut: String) async throws {
    let settings = context.experiment.evaluation
    for arm in settings.arms {
      try await play(checkpoint, heldOut, as: arm.rawValue) { context.plan.arm(arm, checkpoint: checkpoint, of: $0) }
    }
    guard settings.persistence > 1 else { return }
    try await play(checkpoint, heldOut, as: WorkTitle.persistence, filesLast: true) {
      context.plan.chains(checkpoint: checkpoint, of: $0)
    }
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

  private func play(
    _ checkpoint: String, _ name: String, as kind: String = "", attempts: Int = 1, filesLast: Bool = false,
    _ keys: (any Environment) -> [EpisodeKey]
  ) async throws {
    let ordinary = try context.environment(name)
    let environment = filesLast ? ordinary.lasting : ordinary
    try await context.episodes.run(
      keys(environment), title: WorkTitle.evaluation(of: checkpoint, on: name, kind),
      environment: environment, policy: try await context.policy(checkpoint), attempts: attempts,
      filesLast: filesLast)
  }
}
