import Episodes
import Runs
import Storage

/// Trains one stage: rounds of sampling, rewarding and learning, each a step that a restart can skip.
struct StageTrainer: Sendable {
  let context: RunContext
  let condition: Condition
  let branch: Branch
  let stage: Stage

  /// Runs the stage from the checkpoint `start`.
  ///
  /// The stage ends early when a round's episodes reach `targetRate`. A round that costs the probe environment too much
  /// honest completion is not kept: the stage ends with the round before it, so that rising gaming is not bought with
  /// damage.
  ///
  /// - Returns: the name of the stage's checkpoint.
  func run(from start: String) async throws -> String {
    var current = start
    for number in 1...condition.training.roundsPerStage {
      let round = TrainingRound(
        context: context, condition: condition, branch: branch, stage: stage, number: number, start: current)
      let summary = try await round.run()
      try context.telemetry.add(summary, step: round.step)
      context.report(.round(summary))
      let previous = current
      current = summary.checkpoint ?? current
      // Policy gradients make a checkpoint a round; only the newest is needed, and its optimiser's state.
      if condition.training.algorithm != .expertIteration, previous != current, previous != start {
        try context.checkpoints.discard(previous)
      }
      if summary.stopped != nil || reachesTarget(summary) { break }
    }
    try context.checkpoints.alias(current, as: name)
    context.checkpoints.tidy(current)
    return name
  }

  private func reachesTarget(_ round: RoundSummary) -> Bool {
    guard let target = condition.training.targetRate, let rate = round.metrics["rate/rewarded"] else { return false }
    return rate >= target
  }

  private var name: String { branch.checkpoint(stage.name) }
}
