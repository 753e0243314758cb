import Episodes
import Judging
import Runs
import Storage
import Training

extension StepFamily<LinearProbe> {
  /// The probes that watch, by condition.
  fileprivate static let probes = StepFamily("probe")
}

/// Makes a condition's monitor. A probe is first trained on episodes of the untrained policy.
struct MonitorPreparation: Sendable {
  let context: RunContext
  let condition: Condition

  /// The monitor, or `nil` where the condition has none.
  func monitor() async throws -> Monitor? {
    let settings = condition.interventions.monitor
    let probe = settings.kind == .probe ? try await self.probe() : nil
    return try Monitor(settings, seed: context.root["monitor", condition.name], probe: probe)
  }

  private func probe() async throws -> ProbeMonitor {
    let probe = try await context.step(StepFamily.probes[condition.name]) { try await train() }
    return try ProbeMonitor(probe, reader: context.checkpoints.read(CheckpointStore.start))
  }

  /// Trains on pairs of a gamed and an honest episode of one prompt, so that the topic is not what tells them apart.
  private func train() async throws -> LinearProbe {
    var episodes: [Episode] = []
    for name in condition.curriculum.trained {
      let environment = try context.environment(name)
      let keys = context.plan.pairs(of: environment, for: condition)
      episodes += try await context.episodes.collect(
        EpisodeWork(
          title: "\(condition.name): pairs for the probe, \(name)", keys: keys, environment: environment,
          policy: { try await context.policy(CheckpointStore.start) }))
    }
    let settings = condition.interventions.monitor
    let predicates = Set(settings.predicates)
    let graded = episodes.filter { $0.result.outcome != nil }
    return try trainProbe(
      context.checkpoints.read(CheckpointStore.start),
      positives: graded.filter { $0.result.outcome?.holds(anyOf: predicates) ?? false },
      negatives: graded.filter { $0.holds(.honest) }, options: settings.probe,
      seed: context.root["probe", condition.name])
  }
}
