import Episodes

/// Measures a checkpoint on every environment, and the first and last ones on other arms too.
struct CheckpointEvaluation: Sendable {
  let context: RunContext

  func run(_ checkpoint: Experiment.MeasuredCheckpoint) async throws {
    let (name, settings) = (checkpoint.name, context.experiment.evaluation)
    for environment in context.experiment.measuredEnvironments {
      try await play(name, environment) { context.plan.evaluation(checkpoint: name, of: $0, atEnd: checkpoint.isLast) }
    }
    guard checkpoint.isLast else { return }
    for arm in settings.arms {
      try await play(name, settings.heldOut) { context.plan.arm(arm, checkpoint: name, of: $0) }
    }
    try await InContextEvaluation(context: context).run(name)
    try await PersistenceEvaluation(context: context).run(name)
  }

  private func play(
    _ checkpoint: String, _ name: String, _ keys: (any Environment) -> [EpisodeKey]
  ) async throws {
    let environment = try context.environment(name)
    let owed = keys(environment)
    let arm = owed.first.map { $0.arm == .standard ? "" : ", \($0.arm.rawValue)" } ?? ""
    try await context.episodes.run(
      owed, title: "\(checkpoint): evaluate \(name)\(arm)", environment: environment,
      policy: try await context.policy(checkpoint))
  }
}
