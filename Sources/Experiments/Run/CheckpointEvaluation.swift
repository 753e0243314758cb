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
    for arm in settings.arms {
      try await play(name, settings.heldOut, as: arm.rawValue) { context.plan.arm(arm, checkpoint: name, of: $0) }
    }
    if settings.attempts > 1 {
      for environment in context.experiment.measuredEnvironments {
        try await play(name, environment, as: "in context", attempts: settings.attempts) {
          context.plan.extra(purpose: "in_context", checkpoint: name, of: $0)
        }
      }
    }
    if settings.persistence > 1 {
      try await play(name, settings.heldOut, as: "persistence", filesLast: true) {
        context.plan.chains(checkpoint: name, of: $0)
      }
    }
  }

  private func measurePropensity(of checkpoint: String) async throws {
    let settings = context.experiment.evaluation.propensity
    guard settings.prompts > 0 else { return }
    let measurement = PropensityMeasurement(
      store: context.store, checkpoints: context.checkpoints, style: context.experiment.sampling.promptStyle,
      report: context.report)
    for name in settings.environments.isEmpty ? [context.experiment.evaluation.heldOut] : settings.environments {
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
      keys(environment), title: "\(checkpoint): evaluate \(name)" + (kind.isEmpty ? "" : ", \(kind)"),
      environment: environment, policy: try await context.policy(checkpoint), attempts: attempts,
      filesLast: filesLast)
  }
}
