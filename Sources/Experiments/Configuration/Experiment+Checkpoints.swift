import Episodes
package import Runs
import Storage

extension Experiment {
  /// A checkpoint to measure on every environment.
  package struct MeasuredCheckpoint: Sendable, Hashable {
    package var name: String
    /// The branch of the checkpoint; `nil` for the untrained policy.
    package var branch: Branch?
    /// The environments that the checkpoint and its ancestors were trained on.
    package var trainedOn: [String]
    /// Whether the checkpoint is the last of its branch.
    package var isLast: Bool
  }

  /// The checkpoints to measure, in training order.
  ///
  /// A benign twin contributes only its last checkpoint, which is compared with the curriculum's last checkpoint.
  package var measuredCheckpoints: [MeasuredCheckpoint] {
    let before = warmStart.isNeeded ? [CheckpointStore.pretrained] : []
    let untrained = (before + [CheckpointStore.start]).map {
      MeasuredCheckpoint(name: $0, branch: nil, trainedOn: [], isLast: $0 == CheckpointStore.start)
    }
    return untrained
      + conditions.flatMap { condition in (1...replicates).flatMap { checkpoints(condition, replicate: $0) } }
  }

  private func checkpoints(_ condition: Condition, replicate: Int) -> [MeasuredCheckpoint] {
    let branch = condition.branch(replicate)
    var trained = trainedBefore(condition)
    let stages = condition.curriculum.stages
    let all = stages.indices.map { index in
      trained += stages[index].environments.filter { !trained.contains($0) }
      return MeasuredCheckpoint(
        name: branch.checkpoint(stages[index].name), branch: branch, trainedOn: trained,
        isLast: index == stages.count - 1)
    }
    return condition.isControl ? all.suffix(1) : all
  }

  /// The environments that the condition's starting checkpoint was trained on.
  private func trainedBefore(_ condition: Condition) -> [String] {
    guard let parent = self.condition(condition.from) else { return [] }
    return trainedBefore(parent) + parent.curriculum.trained
  }

  /// The condition with the given name; `nil` when no condition has that name, or the name is empty.
  package func condition(_ name: String) -> Condition? { conditions.first { $0.name == name } }

  /// The name of the checkpoint that a condition's replicate starts from.
  func startingPoint(of condition: Condition, replicate: Int) -> String {
    self.condition(condition.from).map { finalCheckpoint(of: $0, replicate: replicate) } ?? CheckpointStore.start
  }

  /// The name of the last checkpoint of a condition's replicate.
  package func finalCheckpoint(of condition: Condition, replicate: Int) -> String {
    condition.curriculum.stages.last.map { condition.branch(replicate).checkpoint($0.name) }
      ?? startingPoint(of: condition, replicate: replicate)
  }
}
