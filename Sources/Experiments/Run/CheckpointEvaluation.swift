import Episodes

/// Measures a checkpoint on every environment, and the first and last ones in more ways.
struct CheckpointEvaluation: Sendable {
  let context: RunContext

  func run(_ checkpoint: Experiment.MeasuredCheckpoint) async throws {
    let (name, settings) = (checkpoint.name, context.experiment.evaluation)
    for environment in context.experiment.measuredEnvironments {
      try await play(name, environment) { context.plan.evaluation(checkpoint: name, of: $0, atEnd: checkpoint.isLast) }
    }
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
