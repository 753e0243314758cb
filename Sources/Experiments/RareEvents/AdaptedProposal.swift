import Episodes
import Foundation
import Storage
import Training

/// Makes a proposal of the target by the cross-entropy method (Rubinstein, Methodology and Computing in Applied
/// Probability 1, 1999): trajectories are drawn, the target learns those that come closest to the event, weighted as the
/// target would have drawn them, and what it became joins those that draw the next ones. All stages stay in the mixture:
/// a later one may have forgotten a way to the event that an earlier one knew.
struct AdaptedProposal {
  let library: MixtureLibrary
  let environment: any Environment
  let arm: Arm
  let share: Double
  /// The event, then what lies on the way to it, from the last to the first.
  let goals: [Milestone]
  let seed: Seed
  /// Pilots draw no further trajectories once they have written so many tokens.
  var tokens: Int?
  let report: @Sendable (RunEvent) -> Void

  /// So many trajectories are enough to learn from.
  static let fewest = 10

  static func pilot(_ stage: Int) -> String { "\(ImportanceRun.purpose)-pilot-\(stage)" }

  /// Draws and trains, each once in the life of the run.
  ///
  /// - Parameters:
  ///   - start: who draws in the first stage, the target first.
  ///   - episodes: trajectories of each stage.
  ///   - epochs: how often a stage's are learnt.
  /// - Returns: the proposals, [stages].
  /// - Throws: an `ExperimentError` when a stage finds too few trajectories that come close.
  func make(
    _ name: String, from start: [MixturePart], stages: Int, episodes: Int, epochs: Int
  ) async throws -> [MixturePart] {
    let store = library.checkpoints.store
    var parts = start
    for stage in 1...stages {
      let next = "\(name)/\(stage)"
      if try store.checkpoint(next) == nil {
        let run = try ImportanceRun(
          store: store, environment: environment, parts: parts, share: share, arm: arm,
          seed: seed[Self.pilot(stage)], purpose: Self.pilot(stage),
          concurrency: library.sampling.concurrency, report: report)
        let others =
          try ImportanceRun.pilotTokens(in: store) - run.records().values.reduce(0) { $0 + $1.tokens }
        try await run.draw(episodes, tokens: tokens.map { $0 - others })
        let options = FineTuneOptions(epochs: epochs, seed: seed[next])
        try CheckpointTrainer(checkpoints: library.checkpoints, parts: AdapterSettings().parts, report: report)
          .fineTune(
            CheckpointStore.start, into: next, on: try lessons(of: run), options: options)
      }
      parts.append(try library.part(next, like: start[0], title: "adapted \(stage)"))
    }
    return Array(parts.dropFirst(start.count))
  }

  /// The trajectories that come closest, as far as there are enough of them.
  private func lessons(of run: ImportanceRun) throws -> [TrainingExample] {
    let drawn = try run.weighted()
    for goal in goals {
      let chosen = drawn.filter { $0.episode.enters(goal) }
      guard chosen.count >= Self.fewest else { continue }
      report(.noted("\(run.purpose): \(chosen.count) of \(drawn.count) trajectories with \(goal.name.rawValue)"))
      let weights = Self.tempered(chosen.map(\.logWeight))
      return zip(chosen, weights).map { TrainingExample($0.episode.transcript, weight: Float($1)) }
    }
    throw ExperimentError(
      "Fewer than \(Self.fewest) of the \(drawn.count) trajectories of \(run.purpose) come near "
        + "\(goals[0].name.rawValue). Put a more varied proposal before the adapted one, or raise --pilot.")
  }

  /// Weights relative to the largest, [trajectories]: all powers of them are right, since the estimate weighs the proposal's
  /// own trajectories by their probability. The highest power, at most 1, is taken that leaves the effective number of
  /// lessons at half of theirs: a single large weight would be learnt by heart.
  static func tempered(_ logWeights: [Double]) -> [Double] {
    let largest = logWeights.max() ?? 0
    func weights(_ power: Double) -> [Double] { logWeights.map { exp(power * ($0 - largest)) } }
    func isEven(_ weights: [Double]) -> Bool {
      let (sum, squares) = weights.reduce((0, 0)) { ($0.0 + $1, $0.1 + $1 * $1) }
      return sum * sum / squares >= Double(weights.count) / 2
    }
    if isEven(weights(1)) { return weights(1) }
    var (low, high) = (0.0, 1.0)
    for _ in 0..<30 {
      let middle = (low + high) / 2
      if isEven(weights(middle)) { low = middle } else { high = middle }
    }
    return weights(low)
  }
}

extension Episode {
  fileprivate func enters(_ milestone: Milestone) -> Bool {
    holds(milestone.name) || transcript.says(anyOf: milestone.phrases)
  }
}
