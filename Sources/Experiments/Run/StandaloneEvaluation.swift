package import Environments
package import Episodes
package import Policies
package import Runs
import Storage

/// Measuring a policy on environments without training, kept as a run of its own.
package struct StandaloneEvaluation: RunConfiguration {
  package static let kind = RunKind.evaluation
  package static let version = 4

  package var name: String
  package var policy: String
  package var seed: UInt64
  package var arm: Arm
  /// What each request says first; `nil`: nothing.
  package var context: String?
  /// Episodes for each environment, over all of its variants in turn.
  package var episodes: Int
  package var environments: [String]
  /// What the environments are; `nil` in runs of the first versions, whose environments are the shipped ones.
  package var descriptors: [EnvironmentDescriptor]?
  package var sampling: Sampling
  /// As in `Experiment`.
  package var reader: String?
  /// The model behind an API that is measured; `nil` for policies in this process.
  package var remote: RemoteModel?

  package var rootSeed: Seed { Seed(seed) }

  package init(
    name: String, policy: String, seed: UInt64, arm: Arm, episodes: Int, environments: [EnvironmentDescriptor],
    sampling: Sampling = Sampling(), reader: String? = "rules", remote: RemoteModel? = nil, context: String? = nil
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
    self.remote = remote
    self.context = context
  }

  /// Runs what is not stored yet.
  ///
  /// - Parameter budget: what requests to a model behind an API may use up.
  package func run(
    in folder: RunFolder, environments: [any Environment], codeRevision: String, budget: RemoteBudget = RemoteBudget(),
    report: @escaping @Sendable (RunEvent) -> Void
  ) async throws {
    let presented = environments.map { environment in
      let shown = sampling.preExplored ? environment.explored : environment
      return context.map { ContextualEnvironment(shown, context: $0) } ?? shown
    }
    // An arm or a style that an environment lacks must not leave an empty run behind that holds the name.
    for environment in presented { try check(environment) }
    let session = try open(folder, codeRevision: codeRevision)
    let policies = PolicyProvider(checkpoints: session.checkpoints, sampling: sampling)
    let acting = try policy(in: session, from: policies, budget)
    let runner = EpisodeRunner(
      store: session.store, root: rootSeed, concurrency: sampling.concurrency, report: report)
    let start = ContinuousClock.now
    try await runner.run(
      presented.map { environment in
        EpisodeWork(
          title: "evaluate \(environment.name)",
          keys: EpisodePlan.keys(
            episodes, over: Array(0..<environment.variantCount), checkpoint: acting.name,
            environment: environment.name, arm: arm, purpose: "evaluation"),
          environment: environment, policy: { acting })
      })
    if let work = await policies.work(since: start) { report(.noted(work)) }
    if let usage = try session.store.usage() { report(.noted(usage.sentence)) }
    try session.store.finish()
  }

  func open(_ folder: RunFolder, codeRevision: String) throws -> RunSession {
    try RunSession(self, in: folder, chatFormat: sampling.chatFormat, codeRevision: codeRevision) {
      if remote == nil { _ = try $0.checkpoint(named: policy) }
    }
  }

  /// Throws an error when the arm and the style do not fit an environment or the policy.
  private func check(_ environment: any Environment) throws {
    let sample = try environment.sample(variant: 0, arm: arm, style: sampling.promptStyle)
    guard let remote, !remote.canBeSteered, let last = sample.lead.last,
      !last.hasSuffix(ProtocolTag.command.closing)
    else { return }
    throw ExperimentError(
      "The arm '\(arm.rawValue)' of '\(environment.name)' puts words into the policy's mouth, which the API of '\(policy)' "
        + "does not allow. Measure another arm, or pass --continue-answers if the server continues partial answers.")
  }

  /// The policy, under the name that the run's checkpoint has.
  private func policy(
    in session: RunSession, from policies: PolicyProvider, _ budget: RemoteBudget
  ) throws -> any Policy {
    guard let remote else { return try policies.policy(try session.checkpoints.installUnderOwnName(policy)) }
    return try RemotePolicy(
      name: try session.checkpoints.recordRemote(remote.model), model: remote, temperature: sampling.temperature,
      promptStyle: sampling.promptStyle, budget: budget, earlier: try session.store.usage() ?? TokenUsage())
  }

  /// Settings that later versions added get their defaults.
  package static func upgrade(_ settings: inout SettingsTree, from version: Int) throws {
    settings[key: "sampling"] = try settings[key: "sampling"]?.filled(from: SettingsTree(Sampling()))
    // Requests of earlier versions left truncation and penalties to the server.
    if version < 4 {
      settings[key: "remote"] = settings[key: "remote"]?.filled(from: .keys(["serverSampling": .bool(true)]))
    }
  }
}

extension TokenUsage {
  /// For the log.
  fileprivate var sentence: String {
    let price = cost > 0 ? ", \(cost.dollars)" : ""
    return "the server counted \(read) tokens read (\(cached) cached) and \(written) written (\(reasoning) of hidden "
      + "reasoning)\(price)"
  }
}
