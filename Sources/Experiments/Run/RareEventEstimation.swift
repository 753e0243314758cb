package import Environments
package import Episodes
import Foundation
package import Runs
import Statistics
import Storage

/// Estimating the rate of a rare event of one policy on one environment, kept as a run of its own.
///
/// What is stored fixes which episodes are played; how many of them, and of which event the rate is asked, may differ
/// from call to call.
package struct RareEventEstimation: RunConfiguration {
  package static let kind = RunKind.estimation
  package static let version = 3

  package enum Method: Sendable, Codable, Hashable {
    /// - Parameters:
    ///   - factors: one for each milestone; empty for those that pilots of `pilot` roots suggest.
    case splitting(milestones: [Milestone], factors: [Int], pilot: Int)
    /// - Parameters:
    ///   - share: of the trajectories that the target itself draws.
    ///   - milestones: what an adapted proposal learns while the event itself is too rare.
    case importance(proposals: [Proposal], share: Double, milestones: [Milestone])
  }

  package var name: String
  package var policy: String
  package var seed: UInt64
  package var environment: String
  /// What the environment is; `nil` in runs of the first versions, whose environments are the shipped ones.
  package var descriptor: EnvironmentDescriptor?
  package var arm: Arm
  package var method: Method
  package var sampling: Sampling

  package var rootSeed: Seed { Seed(seed) }

  package init(
    name: String, policy: String, seed: UInt64, environment: String, descriptor: EnvironmentDescriptor? = nil, arm: Arm,
    method: Method, sampling: Sampling
  ) {
    self.name = name
    self.policy = policy
    self.seed = seed
    self.environment = environment
    self.descriptor = descriptor
    self.arm = arm
    self.method = method
    self.sampling = sampling
  }

  /// Plays what is not stored yet, and estimates from what is stored.
  ///
  /// - Parameters:
  ///   - event: the predicate whose rate is asked.
  ///   - draws: independent roots of splitting, trajectories of importance sampling.
  ///   - tokens: no more begin once this many tokens are spent.
  /// - Throws: `ExperimentError`, `StoreError`, `RareEventError`, or `CancellationError`.
  package func run(
    in folder: RunFolder, environment: any Environment, event: Episodes.Predicate, draws: Int, tokens: Int?,
    codeRevision: String, report: @escaping @Sendable (RunEvent) -> Void
  ) async throws -> RareEventReport {
    try await Self.check(event, of: environment, arm)
    let session = try RunSession(
      self, in: folder, chatFormat: sampling.chatFormat, codeRevision: codeRevision
    ) { _ = try $0.checkpoint(named: policy) }
    let store = session.store
    try session.checkpoints.install(policy, as: CheckpointStore.start)
    let environment = sampling.preExplored ? environment.explored : environment
    let finding: RareEventReport.Finding
    let purposes: [String]
    switch method {
    case .splitting(let milestones, let factors, let pilot):
      let policy = try PolicyProvider(checkpoints: session.checkpoints, sampling: sampling)
        .policy(CheckpointStore.start)
      let run = SplittingRun(
        store: store, environment: environment, policy: policy, arm: arm, milestones: milestones, seed: Seed(seed),
        concurrency: sampling.concurrency, report: report)
      finding = try await run.finding(of: event, factors: factors, pilot: pilot, roots: draws, tokens: tokens)
      purposes = [SplittingRun.purpose]
    case .importance(let proposals, let share, let milestones):
      let goals = [Milestone(event)] + milestones.reversed()
      let run = try await importance(session.checkpoints, environment, goals, proposals, share, tokens, report)
      finding = try await run.finding(of: event, draws: draws, tokens: tokens)
      purposes = run.purposes
    }
    let episodes = try store.count(of: purposes, failed: nil)
    let found = RareEventReport(
      policy: self.policy, environment: environment.name, arm: arm.rawValue, predicate: event.rawValue,
      finding: finding, episodes: episodes, failed: try store.count(of: purposes, failed: true),
      folder: folder.url.path)
    try found.keep(in: store)
    try store.finish()
    return found
  }

  private func importance(
    _ checkpoints: CheckpointStore, _ environment: any Environment, _ goals: [Milestone],
    _ proposals: [Proposal], _ share: Double, _ tokens: Int?, _ report: @escaping @Sendable (RunEvent) -> Void
  ) async throws -> ImportanceRun {
    let library = MixtureLibrary(checkpoints: checkpoints, sampling: sampling)
    let adapted = AdaptedProposal(
      library: library, environment: environment, arm: arm, share: share,
      goals: goals, seed: Seed(seed), tokens: tokens.map { $0 / 2 }, report: report)
    return try ImportanceRun(
      store: checkpoints.store, environment: environment,
      parts: try await library.mixture(proposals, adapting: adapted), share: share, arm: arm, seed: Seed(seed),
      concurrency: sampling.concurrency, report: report)
  }

  /// Settings that later versions added get their defaults.
  package static func upgrade(_ settings: inout SettingsTree, from version: Int) throws {
    settings[key: "sampling"] = try settings[key: "sampling"]?.filled(from: SettingsTree(Sampling()))
  }

  /// Grades an episode in which nothing happened, which names every predicate that there is.
  private static func check(_ event: Episodes.Predicate, of environment: any Environment, _ arm: Arm) async throws {
    let styles = PromptStyle.allCases.lazy.compactMap { try? environment.sample(variant: 0, arm: arm, style: $0) }
    guard let sample = styles.first else {
      throw ExperimentError(
        "The environment \(environment.name) has no arm '\(arm.rawValue)'. It has "
          + environment.arms.map(\.rawValue).joined(separator: ", ") + ".")
    }
    let facts = try await environment.begin(sample).finish(Transcript()).outcome.facts
    guard facts[event.rawValue] != nil else {
      throw ExperimentError(
        "The environment \(environment.name) has no predicate '\(event.rawValue)'. It has "
          + facts.keys.sorted().joined(separator: ", ") + ".")
    }
  }
}

extension SplittingRun {
  /// Plays what is not stored yet; the estimate of an event's rate from the stored roots.
  fileprivate func finding(
    of event: Episodes.Predicate, factors: [Int], pilot: Int, roots: Int, tokens: Int?
  ) async throws -> RareEventReport.Finding {
    let factors = factors.isEmpty ? try await plan(for: event, pilot: pilot, tokens: tokens.map { $0 / 2 }) : factors
    let spent = try pilotTokens()
    try await grow(roots, factors: factors, tokens: tokens.map { $0 - spent })
    if try self.roots(of: event, factors: factors).isEmpty { throw Self.exhausted(tokens ?? 0, by: spent) }
    let estimate = try SplittingEstimate(roots: self.roots(of: event, factors: factors), factors: factors)
    return .splitting(
      estimate,
      milestones: zip(milestones, factors).map { RareEventReport.Milestone(name: $0.name.rawValue, factor: $1) },
      pilotTokens: try pilotTokens())
  }
}

extension SplittingRun {
  /// Nothing is left of the tokens that were allowed.
  fileprivate static func exhausted(_ tokens: Int, by pilots: Int) -> ExperimentError {
    ExperimentError(
      "Pilots wrote \(pilots) of the \(tokens) tokens that were allowed, so that no estimate could begin. Run the same "
        + "command with more --tokens, or under another --name with a smaller --pilot.")
  }
}

extension ImportanceRun {
  /// Plays what is not stored yet; the estimate of an event's rate from the stored trajectories.
  fileprivate func finding(
    of event: Episodes.Predicate, draws: Int, tokens: Int?
  ) async throws -> RareEventReport.Finding {
    let spent = try pilotTokens()
    try await draw(draws, tokens: tokens.map { $0 - spent })
    if try records().isEmpty { throw SplittingRun.exhausted(tokens ?? 0, by: spent) }
    let estimate = try ImportanceEstimate(trajectories: trajectories(of: event), shares: shares)
    let sources = zip(zip(parts, shares), try outcomes()).map { part, outcomes in
      RareEventReport.Source(
        name: part.0.title, share: part.1, drawn: outcomes.count, events: outcomes.count { $0[event] })
    }
    return .importance(
      estimate, sources: sources, pilotTokens: try pilotTokens(), largestDifference: try largestDifference())
  }

  /// Tokens of the trajectories that proposals were adapted to.
  private func pilotTokens() throws -> Int { try Self.pilotTokens(in: store) }

  static func pilotTokens(in store: RunStore) throws -> Int {
    let records: [[TrajectoryRecord]] = try store.results(startingWith: "\(Self.purpose)-pilot-")
    return records.joined().reduce(0) { $0 + $1.tokens }
  }
}

extension RunStore {
  fileprivate func count(of purposes: [String], failed: Bool?) throws -> Int {
    try purposes.reduce(0) { try $0 + count(EpisodeQuery(purpose: $1, failed: failed)) }
  }
}

extension [Milestone] {
  /// The milestones on the way to an event: those before it, or all if it is not among them.
  package func before(_ event: Episodes.Predicate) -> [Milestone] {
    firstIndex { $0.name == event }.map { Array(self[..<$0]) } ?? self
  }
}
