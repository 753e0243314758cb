package import Episodes
import Foundation
import Statistics
import Storage

/// Estimating the rate of a rare event of one policy on one environment, kept as a run of its own.
///
/// What is stored fixes which episodes are played; how many of them, and of which event the rate is asked, may differ
/// from call to call.
package struct RareEventEstimation: Sendable, Codable {
  package enum Method: Sendable, Codable, Hashable {
    /// - Parameters:
    ///   - factors: one for each milestone; empty for those that pilots of `pilot` roots suggest.
    case splitting(milestones: [Milestone], factors: [Int], pilot: Int)
    /// - Parameter share: of the trajectories that the target itself draws.
    case importance(proposals: [Proposal], share: Double)
  }

  package var name: String
  package var policy: String
  package var seed: UInt64
  package var environment: String
  package var arm: Arm
  package var method: Method
  package var sampling: Sampling

  package init(
    name: String, policy: String, seed: UInt64, environment: String, arm: Arm, method: Method, sampling: Sampling
  ) {
    self.name = name
    self.policy = policy
    self.seed = seed
    self.environment = environment
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
    let catalogue = ModelCatalogue()
    if !folder.exists { _ = try catalogue.checkpoint(named: policy) }
    try folder.create()
    let store = try RunStore(
      in: folder.url,
      run: try RunDescription(name: name, configuration: self, codeRevision: codeRevision, rootSeed: Seed(seed)))
    let checkpoints = CheckpointLibrary(
      folder: folder, store: store, experiment: Experiment(name: name, policy: policy, seed: seed, sampling: sampling),
      catalogue: catalogue)
    try checkpoints.install()
    let environment = sampling.preExplored ? environment.explored : environment
    let finding =
      switch method {
      case .splitting(let milestones, let factors, let pilot):
        try await SplittingRun(
          store: store, environment: environment, policy: try await checkpoints.policy(CheckpointLibrary.start),
          arm: arm, milestones: milestones, seed: Seed(seed), concurrency: sampling.concurrency, report: report
        ).finding(of: event, factors: factors, pilot: pilot, roots: draws, tokens: tokens)
      case .importance(let proposals, let share):
        try await importance(checkpoints, environment, event, proposals, share, report)
          .finding(of: event, draws: draws, tokens: tokens, named: proposals)
      }
    let (episodes, failed) = try counts(store)
    let found = RareEventReport(
      policy: policy, environment: environment.name, arm: arm.rawValue, predicate: event.rawValue, finding: finding,
      episodes: episodes, failed: failed, folder: folder.url.path)
    try found.keep(in: store)
    return found
  }

  private func importance(
    _ checkpoints: CheckpointLibrary, _ environment: any Environment, _ event: Episodes.Predicate,
    _ proposals: [Proposal], _ share: Double, _ report: @escaping @Sendable (RunEvent) -> Void
  ) async throws -> ImportanceRun {
    let adapted = AdaptedProposal(
      checkpoints: checkpoints, environment: environment, arm: arm,
      events: [event] + environment.milestones.before(event).reversed().map(\.name), seed: Seed(seed),
      concurrency: sampling.concurrency, report: report)
    return try ImportanceRun(
      store: checkpoints.store, environment: environment,
      parts: try await checkpoints.mixture(proposals, adapting: adapted), share: share, arm: arm, seed: Seed(seed),
      concurrency: sampling.concurrency, report: report)
  }

  /// The episodes that the estimate rests on, and those of them that failed.
  private func counts(_ store: RunStore) throws -> (episodes: Int, failed: Int) {
    let purposes =
      switch method {
      case .splitting: [SplittingRun.purpose]
      case .importance(let proposals, _): (0...proposals.count).map(ImportanceRun.purpose)
      }
    return try purposes.reduce(into: (0, 0)) { counts, purpose in
      var query = EpisodeQuery(checkpoint: CheckpointLibrary.start, purpose: purpose)
      counts.episodes += try store.count(query)
      query.failed = true
      counts.failed += try store.count(query)
    }
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
        "The environment \(environment.name) knows no predicate '\(event.rawValue)'. It knows "
          + facts.keys.sorted().joined(separator: ", ") + ".")
    }
  }
}

extension SplittingRun {
  /// Plays what is not stored yet; the estimate of an event's rate from the stored roots.
  fileprivate func finding(
    of event: Episodes.Predicate, factors: [Int], pilot: Int, roots: Int, tokens: Int?
  ) async throws -> RareEventReport.Finding {
    let factors = factors.isEmpty ? try await plan(for: event, pilot: pilot) : factors
    try await grow(roots, factors: factors, tokens: tokens)
    let estimate = try SplittingEstimate(roots: self.roots(of: event, factors: factors), factors: factors)
    return .splitting(
      estimate,
      milestones: zip(milestones, factors).map { RareEventReport.Milestone(name: $0.name.rawValue, factor: $1) },
      pilotTokens: try pilotTokens())
  }
}

extension ImportanceRun {
  /// Plays what is not stored yet; the estimate of an event's rate from the stored trajectories.
  fileprivate func finding(
    of event: Episodes.Predicate, draws: Int, tokens: Int?, named proposals: [Proposal]
  ) async throws -> RareEventReport.Finding {
    try await draw(draws, tokens: tokens)
    let estimate = try ImportanceEstimate(trajectories: trajectories(of: event), shares: shares)
    let names = ["target"] + proposals.map(\.description)
    let sources = zip(zip(names, shares), try outcomes()).map { named, outcomes in
      RareEventReport.Source(
        name: named.0, share: named.1, drawn: outcomes.count, events: outcomes.count { $0[event] })
    }
    return .importance(
      estimate, sources: sources, pilotTokens: try pilotTokens(), largestDifference: try largestDifference())
  }

  /// Tokens of the episodes that proposals were adapted to.
  private func pilotTokens() throws -> Int {
    try store.episodes(EpisodeQuery(purpose: AdaptedProposal.pilot), limit: .max).reduce(0) { sum, stored in
      sum + stored.episode.transcript.segments.reduce(0) { $0 + ($1.source == .policy ? $1.tokens.count : 0) }
    }
  }
}

extension [Milestone] {
  /// The milestones on the way to an event: those before it, or all if it is none of them.
  package func before(_ event: Episodes.Predicate) -> [Milestone] {
    firstIndex { $0.name == event }.map { Array(self[..<$0]) } ?? self
  }
}
