package import Environments
package import Episodes
import Storage

/// Measuring a policy on environments without training, kept as a run of its own.
package struct StandaloneEvaluation: Sendable, Codable {
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
    let (store, checkpoints, checkpoint) = try open(folder, codeRevision: codeRevision)
    let runner = EpisodeRunner(
      store: store, root: Seed(seed), concurrency: sampling.concurrency, report: report)
    for environment in presented {
      let keys = EpisodePlan.keys(
        episodes, over: Array(0..<environment.variantCount), checkpoint: checkpoint,
        environment: environment.name, arm: arm, purpose: "evaluation")
      try await runner.run(
        keys, title: "evaluate \(environment.name)", environment: environment,
        policy: try await checkpoints.policy(checkpoint))
    }
  }

  /// Opens the run, with the policy in it.
  func open(
    _ folder: RunFolder, codeRevision: String
  ) throws -> (store: RunStore, checkpoints: CheckpointLibrary, checkpoint: String) {
    let catalogue = try ModelCatalogue(chatFormat: sampling.chatFormat)
    if !folder.exists { _ = try catalogue.checkpoint(named: policy) }
    try folder.create()
    let store = try RunStore(
      in: folder.url,
      run: try RunDescription(name: name, configuration: self, codeRevision: codeRevision, rootSeed: Seed(seed)))
    let checkpoints = CheckpointLibrary(
      folder: folder, store: store, experiment: Experiment(name: name, policy: policy, seed: seed, sampling: sampling),
      catalogue: catalogue)
    return (store, checkpoints, try checkpoints.installUnderOwnName())
  }
}
