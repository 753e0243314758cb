extension Experiment {
  /// A checkpoint that is measured on every environment.
  package struct MeasuredCheckpoint: Sendable, Hashable {
    package var name: String
    /// `nil` for the untrained one.
    package var branch: Branch?
    /// The environments that it was trained on, its ancestors' included.
    package var trainedOn: [String]
  }

  /// The checkpoints that are measured, in the order of training: of the curriculum all, of the benign twin the last,
  /// which is what the curriculum's last is compared with.
  package var measuredCheckpoints: [MeasuredCheckpoint] {
    let before = warmStart.documents > 0 ? [CheckpointLibrary.pretrained] : []
    var checkpoints = (before + [CheckpointLibrary.start]).map {
      MeasuredCheckpoint(name: $0, branch: nil, trainedOn: [])
    }
    for branch in branches {
      var trained: [String] = []
      let all = curriculum.stages.map { stage in
        trained += stage.environments
        return MeasuredCheckpoint(name: branch.checkpoint(stage.name), branch: branch, trainedOn: trained)
      }
      checkpoints += branch == .gaming ? all : all.suffix(1)
    }
    return checkpoints
  }

  /// The policies that are trained.
  var branches: [Branch] { curriculum.benignTwin ? [.gaming, .benign] : [.gaming] }
}
