import Episodes
package import Storage

extension Experiment {
  /// A checkpoint that is measured on every environment.
  package struct MeasuredCheckpoint: Sendable, Hashable {
    package var name: String
    /// `nil` for the untrained one.
    package var branch: Branch?
    /// The environments that it was trained on, its ancestors' included.
    package var trainedOn: [String]
    /// It ends its branch.
    package var isLast: Bool
  }

  /// The checkpoints that are measured, in the order of training. Of a benign twin only the last is, which is what the
  /// curriculum's last is compared with.
  package var measuredCheckpoints: [MeasuredCheckpoint] {
    let before = warmStart.documents > 0 ? [CheckpointLibrary.pretrained] : []
    let untrained = (before + [CheckpointLibrary.start]).map {
      MeasuredCheckpoint(name: $0, branch: nil, trainedOn: [], isLast: $0 == CheckpointLibrary.start)
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
    return condition.curriculum.arm == .benign ? all.suffix(1) : all
  }

  /// The environments that the condition's start was trained on.
  private func trainedBefore(_ condition: Condition) -> [String] {
    guard let parent = self.condition(condition.from) else { return [] }
    return trainedBefore(parent) + parent.curriculum.trained
  }

  /// The condition of this name; `nil` when there is none, or the name is empty.
  package func condition(_ name: String) -> Condition? { conditions.first { $0.name == name } }

  /// The checkpoint that a condition's replicate starts from.
  func startingPoint(of condition: Condition, replicate: Int) -> String {
    self.condition(condition.from).map { finalCheckpoint(of: $0, replicate: replicate) } ?? CheckpointLibrary.start
  }

  /// The last checkpoint of a condition's replicate.
  package func finalCheckpoint(of condition: Condition, replicate: Int) -> String {
    condition.curriculum.stages.last.map { condition.branch(replicate).checkpoint($0.name) }
      ?? startingPoint(of: condition, replicate: replicate)
  }
}
