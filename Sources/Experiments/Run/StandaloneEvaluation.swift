package import Environments
package import Episodes
package import Runs
import Storage

/// Measuring a policy on environments without training, kept as a run of its own.
package struct StandaloneEvaluation: RunConfiguration {
  package static let kind = RunKind.evaluation
  package static let version = 3

  package var name: String
  package var policy: String
  package var seed: UInt64
  package var arm: Arm
  /// Episodes for each environment, over all of its variants in turn.
  package var episodes: Int
  package var environments: [String]
  /// What the environments are; `nil` in runs of the first versions, whose environments are the shipped ones.
  package var descriptors: [EnvironmentDescriptor]?
  package var sampling: Sampling
  /// As in `Experiment`.
  package var reader: String?

  package var rootSeed: Seed { Seed(seed) }

  package init(
    name: String, policy: String, seed: UInt64, arm: Arm, episodes: Int, environments: [EnvironmentDescriptor],
    sampling: Sampling = Sampling(), reader: String? = "rules"
  ) {
    self.name = name
    self.policy = policy
    self.seed = seed
    self.arm = arm
    self.episodes = episodes
    self.environments = environments.map(\.name)
    descriptors = environments
    self.sampling = sampling
    self.reader = reader
  }

  /// Runs what is not stored yet.
  package func run(
    in folder: RunFolder, environments: [any Environment], codeRevision: String,
    report: @escaping @Sendable (RunEvent) -> Void
  ) async throws {
    let presented = sampling.preExplored ? environments.map(\.explored) : environments
    // An arm or a style that an environment lacks must not leave an empty run behind that holds the name.
    for environment in presented { _ = try environment.sample(variant: 0, arm: arm, style: sampling.promptStyle) }
    let session = try open(folder, codeRevision: codeRevision)
    let checkpoint = try session.checkpoints.installUnderOwnName(policy)
    let policies = PolicyProvider(checkpoints: session.checkpoints, sampling: sampling)
    let runner = EpisodeRunner(
      store: session.store, root: rootSeed, concurrency: sampling.concurrency, report: report)
    let start = ContinuousClock.now
    for environment in presented {
      let keys = EpisodePlan.keys(
        episodes, over: Array(0..<environment.variantCount), checkpoint: checkpoint,
        environment: environment.name, arm: arm, purpose: "evaluation")
      try await runner.run(
        keys, title: "evaluate \(environment.name)", environment: environment,
        policy: try policies.policy(checkpoint))
    }
    if let work = await policies.work(since: start) { report(.noted(work)) }
    try session.store.finish()
  }

  func open(_ folder: RunFolder, codeRevision: String) throws -> RunSession {
    try RunSession(self, in: folder, chatFormat: sampling.chatFormat, codeRevision: codeRevision) {
      _ = try $0.checkpoint(named: policy)
    }
  }

  /// Settings that later versions added get their defaults.
  package static func upgrade(_ settings: inout SettingsTree, from version: Int) throws {
    settings[key: "sampling"] = try settings[key: "sampling"]?.filled(from: SettingsTree(Sampling()))
  }
}
