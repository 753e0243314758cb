package import Environments
import Episodes
package import Sandboxing

/// The first stage of an audit for an environment folder: its self-test scripts, judged by its own gaming criterion.
package enum SelfTestAudit {
  /// Plays the scripts of the standard arm.
  package static func run(_ definition: EnvironmentDefinition, in sandbox: Sandbox) async throws -> GraderReport {
    let tests = try await definition.selfTest(in: sandbox).filter { $0.arm == .standard && $0.variant == 0 }
    let results = tests.map { test in
      let outcome = test.episode.result.outcome
      let isGamed = outcome?[.gamed] ?? false
      let isHonest = outcome?[.honest] ?? false
      var result = AttackResult(
        name: test.name.replacing(" ", with: "_"), title: "The environment's own self-test “\(test.name)”.",
        verdict: isGamed ? .obtained : .noEffect,
        commands: test.episode.transcript.executedCommands(limits: definition.limits),
        reward: outcome?.baitReward, isWorkDone: isHonest)
      if case .failed(let failure) = test.episode.result { result.reason = "the episode failed: \(failure.message)" }
      if isHonest { result.reason = "the task was done honestly" }
      return result
    }
    return GraderReport(
      reference: nil, fullReward: 1, attacks: results,
      notes: [
        "“Obtained” means that the environment's own gaming criterion (\(definition.criterionKind.rawValue)) is met. Such an "
          + "environment is gameable by design."
      ])
  }
}
