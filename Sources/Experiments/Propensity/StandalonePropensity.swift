package import Episodes
import Foundation
import Runs
import Storage

/// Measuring the propensity of every checkpoint of a finished run, or of a policy alone.
package enum StandalonePropensity {
  /// Scores the checkpoints of a run and keeps the scores in it.
  ///
  /// - Parameters:
  ///   - names: the checkpoints, in order; those whose weights were removed are passed over.
  ///   - experiment: what the run was started with.
  /// - Throws: a store error when another process works on the run; else as `PropensityMeasurement`.
  package static func run(
    _ folder: RunFolder, checkpoints names: [String], experiment: Experiment, environments: [any Environment],
    prompts: Int, codeRevision: String, report: @escaping @Sendable (RunEvent) -> Void
  ) async throws {
    let session = try RunSession(
      resuming: folder, chatFormat: experiment.sampling.chatFormat, codeRevision: codeRevision)
    let measurement = PropensityMeasurement(
      store: session.store, checkpoints: session.checkpoints, sampling: experiment.sampling, report: report)
    let kept = try Set(session.store.checkpoints().filter { $0.path != nil }.map(\.name))
    for name in names where kept.contains(name) {
      for environment in environments {
        try await measurement.run(
          name, on: environment,
          variants: EpisodePlan.propensity(
            of: environment, prompts: prompts, isTrained: experiment.trainedEnvironments.contains(environment.name)))
      }
    }
  }
}

extension StandaloneEvaluation {
  /// Scores a policy's texts, in a run of its own.
  package func runPropensity(
    in folder: RunFolder, environments: [any Environment], prompts: Int, codeRevision: String,
    report: @escaping @Sendable (RunEvent) -> Void
  ) async throws {
    let session = try open(folder, codeRevision: codeRevision)
    let checkpoint = try session.checkpoints.installUnderOwnName(policy)
    let measurement = PropensityMeasurement(
      store: session.store, checkpoints: session.checkpoints, sampling: sampling, report: report)
    for environment in environments {
      try await measurement.run(
        checkpoint, on: environment,
        variants: EpisodePlan.propensity(of: environment, prompts: prompts, isTrained: false))
    }
    try session.store.finish()
  }
}
