package import Episodes
import Foundation
import Policies
import Runs
package import Statistics
package import Storage
import Training

/// An importance-sampling run in a store: trajectories drawn from the target or from proposals, scored under all of them.
///
/// Who draws a trajectory follows from its number and the seed. Cells of the matrix do not count these episodes: they have
/// the run's purpose if the target drew them, and the purpose with `-N` behind it for those of proposal N, from 1 on.
package struct ImportanceRun: Sendable {
  package let store: RunStore
  package let environment: any Environment
  /// The target first, then the proposals.
  package let parts: [MixturePart]
  /// The target's share of the draws; proposals have equal shares of the rest.
  package let share: Double
  package let arm: Arm
  package let seed: Seed
  /// Of the target's episodes.
  package let purpose: String
  /// Trajectories that are played, scored and stored together.
  package let batch: Int
  /// Episodes that are alive at once.
  package let concurrency: Int
  package let report: @Sendable (RunEvent) -> Void

  /// - Throws: an `ExperimentError` when `share` is not within 0 and 1, or a proposal does not write the target's tokens.
  package init(
    store: RunStore, environment: any Environment, parts: [MixturePart], share: Double, arm: Arm = .standard,
    seed: Seed, purpose: String = Self.purpose, batch: Int = 512, concurrency: Int = 64,
    report: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) throws {
    guard share > 0, share < 1 else {
      throw ExperimentError(
        "Importance sampling needs a share of the target between 0 and 1, not \(share). Give for example --share 0.3.")
    }
    try MixturePart.check(parts)
    self.store = store
    self.environment = environment
    self.parts = parts
    self.share = share
    self.arm = arm
    self.seed = seed
    self.purpose = purpose
    self.batch = batch
    self.concurrency = concurrency
    self.report = report
  }

  /// Largest allowed difference between the sampler's and the scorer's log-probability of a token, in nats. The two add in
  /// different orders.
  static let tolerance = 0.01

  package static let purpose = "importance"
  /// By part, [parts].
  package var purposes: [String] { parts.indices.map(purpose) }
  func purpose(_ part: Int) -> String { part == 0 ? purpose : "\(purpose)-\(part)" }

  /// Shares of the mixture, [parts].
  package var shares: [Double] {
    parts.count == 1 ? [1] : [share] + parts.dropFirst().map { _ in (1 - share) / Double(parts.count - 1) }
  }

  /// Which part draws a trajectory.
  package func part(_ index: Int) -> Int {
    var generator = SeededGenerator(seed["importance", "part"][index])
    var left = Double.random(in: 0..<1, using: &generator)
    return shares.firstIndex { share in
      left -= share
      return left < 0
    } ?? 0
  }

  /// The key of a trajectory: variants in turn.
  package func key(_ index: Int) -> EpisodeKey {
    EpisodeKey(
      checkpoint: parts[0].policy.name, environment: environment.name, arm: arm, purpose: purpose(part(index)),
      variant: index % environment.variantCount, sample: index / environment.variantCount)
  }

  /// Plays and scores what of the first `count` trajectories is not stored yet.
  ///
  /// - Parameter tokens: no further batch begins once the policies have written so many.
  /// - Throws: `StoreError`, `CancellationError`, or an `ExperimentError` when a model's sampler and its scorer disagree.
  package func draw(_ count: Int, tokens: Int? = nil) async throws {
    let stored = try records()
    var owed = (0..<count).filter { stored[$0] == nil }[...]
    let title = "\(purpose) \(environment.name)"
    if owed.isEmpty { return report(.alreadyDone(title)) }
    report(.began(title, total: count, done: count - owed.count))
    let scorers = try parts.map { try RolloutScorer($0.checkpoint, temperature: $0.policy.temperature) }
    var spent = stored.values.reduce(0) { $0 + $1.tokens }
    while !owed.isEmpty, tokens.map({ spent < $0 }) ?? true {
      let batch = Array(owed.prefix(self.batch))
      owed = owed.dropFirst(batch.count)
      let episodes = try await play(batch)
      let records = try score(episodes, batch, scorers)
      let weighted = try zip(episodes, records).map { ($0, try weight(of: $1)) }
      try store.insert(weighted, finishing: draws["\(batch[0])"], result: records)
      spent += records.reduce(0) { $0 + $1.tokens }
      report(.advanced(done: count - owed.count))
    }
    report(.ended(title))
  }

  /// Plays trajectories, and returns them in the order of their numbers.
  private func play(_ batch: [Int]) async throws -> [Episode] {
    try await withThrowingTaskGroup(of: (Int, Episode).self) { group in
      var episodes: [Int: Episode] = [:]
      for (place, index) in batch.enumerated() {
        if place >= concurrency, let (done, episode) = try await group.next() { episodes[done] = episode }
        group.addTask {
          let loop = EpisodeLoop(environment: environment, policy: parts[part(index)].policy)
          return (index, try await loop.run(key(index), seed: seed))
        }
      }
      for try await (index, episode) in group { episodes[index] = episode }
      return batch.compactMap { episodes[$0] }
    }
  }

  /// The log-probabilities of trajectories under every part: those recorded for the part that drew them, teacher forcing
  /// for the others.
  private func score(
    _ episodes: [Episode], _ batch: [Int], _ scorers: [RolloutScorer]
  ) throws -> [TrajectoryRecord] {
    let rollouts = episodes.map { Rollout($0.transcript) }
    let scores = try scorers.map { try $0.logProbabilities(of: rollouts) }
    return try batch.indices.map { row in
      let part = part(batch[row])
      let drawn = episodes[row].transcript.segments.filter { $0.source == .policy }.flatMap(\.logProbabilities)
      let difference = zip(drawn, scores[part][row]).reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) }
      guard drawn.count == scores[part][row].count, difference <= Self.tolerance else {
        throw ExperimentError(
          "The log-probabilities that '\(parts[part].policy.name)' recorded in episode \(episodes[row].key.path) differ by "
            + "\(difference) a token from those computed afterwards, so that weights would be wrong. Use a model whose "
            + "weights are not quantised.")
      }
      let logs = scores.indices.map { ($0 == part ? drawn : scores[$0][row]).reduce(0) { $0 + Double($1) } }
      return TrajectoryRecord(
        index: batch[row], logProbabilities: logs.map { max($0, TrajectoryRecord.impossible) }, tokens: drawn.count,
        difference: difference)
    }
  }

  /// The trajectory's weight, with the prompt as its root.
  private func weight(of record: TrajectoryRecord) throws -> EpisodeWeight {
    let trajectory = trajectory(record, isEvent: false)
    return EpisodeWeight(
      root: trajectory.cluster, logWeight: try trajectory.logWeight(shares: shares, number: record.index))
  }

  private func trajectory(_ record: TrajectoryRecord, isEvent: Bool) -> WeightedTrajectory {
    // With a single prompt, nothing but the policy is drawn.
    let variants = environment.variantCount
    return WeightedTrajectory(
      cluster: variants == 1 ? record.index : record.index % variants, logTarget: record.logProbabilities[0],
      logProposals: Array(record.logProbabilities.dropFirst()), isEvent: isEvent, tokens: record.tokens)
  }
}

// What the store says of the trajectories.
extension ImportanceRun {
  /// The stored trajectories, as the estimate reads them for an event, in the order of their numbers.
  package func trajectories(of event: Episodes.Predicate) throws -> [WeightedTrajectory] {
    let events = Set(
      try outcomes().flatMap { $0 }.filter { $0[event] }.map { $0.sample * environment.variantCount + $0.variant })
    return try records().values.sorted { $0.index < $1.index }.map {
      trajectory($0, isEvent: events.contains($0.index))
    }
  }

  /// What became of the stored trajectories, [parts][draws].
  package func outcomes() throws -> [[WeightedOutcome]] {
    try parts.indices.map { part in
      try store.weightedOutcomes(
        in: Cell(
          checkpoint: parts[0].policy.name, environment: environment.name, arm: arm, purpose: purpose(part)))
    }
  }

  /// The stored trajectories with their log weights.
  func weighted() throws -> [(episode: Episode, logWeight: Double)] {
    let weights = Dictionary(uniqueKeysWithValues: try outcomes().joined().map { ($0.id, $0.weight.logWeight) })
    return try parts.indices.flatMap { part in
      try store.episodes(EpisodeQuery(purpose: purpose(part)), limit: .max).compactMap { stored in
        weights[stored.id].map { (stored.episode, $0) }
      }
    }
  }

  /// The largest difference between what a sampler recorded of a token and what was computed afterwards, in nats.
  package func largestDifference() throws -> Double { try records().values.map(\.difference).max() ?? 0 }

  /// Batches of trajectories, by the number of the first.
  private var draws: StepFamily<[TrajectoryRecord]> { StepFamily("\(purpose)/draws") }

  func records() throws -> [Int: TrajectoryRecord] {
    let records = try store.results(of: draws).joined()
    return Dictionary(records.map { ($0.index, $0) }, uniquingKeysWith: { $1 })
  }
}

/// What is stored of a trajectory beside its episode.
struct TrajectoryRecord: Sendable, Codable, Hashable {
  /// Stands for the logarithm of 0, which JSON does not have.
  static let impossible = -1e300

  var index: Int
  /// Of the whole trajectory, natural logs, [parts].
  var logProbabilities: [Double]
  /// That the policy drew.
  var tokens: Int
  /// The largest between the recorded and the computed log-probability of a token, for the part that drew it.
  var difference: Double
}
