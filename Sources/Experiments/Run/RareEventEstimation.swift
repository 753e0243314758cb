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
  ///   - roots: independent roots.
  ///   - tokens: no more begin once this many tokens are spent.
  /// - Throws: `ExperimentError`, `StoreError`, `RareEventError`, or `CancellationError`.
  package func run(
    in folder: RunFolder, environment: any Environment, event: Episodes.Predicate, roots: Int, tokens: Int?,
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
    let finding: RareEventReport.Finding
    switch method {
    case .splitting(let milestones, let factors, let pilot):
      let run = SplittingRun(
        store: store, environment: environment, policy: try await checkpoints.policy(CheckpointLibrary.start), arm: arm,
        milestones: milestones, seed: Seed(seed), concurrency: sampling.concurrency, report: report)
      let factors = factors.isEmpty ? try await run.plan(for: event, pilot: pilot) : factors
      try await run.grow(roots, factors: factors, tokens: tokens)
      finding = try run.finding(of: event, factors: factors)
    }
    let stored = EpisodeQuery(checkpoint: CheckpointLibrary.start, purpose: SplittingRun.purpose)
    var failed = stored
    failed.failed = true
    return RareEventReport(
      policy: policy, environment: environment.name, arm: arm.rawValue, predicate: event.rawValue, finding: finding,
      episodes: try store.count(stored), failed: try store.count(failed), folder: folder.url.path)
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
  /// The estimate of an event's rate from the stored roots.
  package func finding(of event: Episodes.Predicate, factors: [Int]) throws -> RareEventReport.Finding {
    let estimate = try SplittingEstimate(roots: roots(of: event, factors: factors), factors: factors)
    return .splitting(
      estimate,
      milestones: zip(milestones, factors).map { RareEventReport.Milestone(name: $0.name.rawValue, factor: $1) },
      pilotTokens: try pilotTokens())
  }
}

extension [Milestone] {
  /// The milestones on the way to an event: those before it, or all if it is none of them.
  package func before(_ event: Episodes.Predicate) -> [Milestone] {
    firstIndex { $0.name == event }.map { Array(self[..<$0]) } ?? self
  }
}
