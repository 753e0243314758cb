import Environments
import Episodes
package import Runs

extension Experiment: ReportableRun {
  package func outline(checkpoints: [String]) throws -> RunOutline {
    RunOutline(
      title: "Run \(name)", summary: summary,
      checkpoints: measuredCheckpoints.map {
        RunOutline.Checkpoint(name: $0.name, branch: $0.branch, trainedOn: $0.trainedOn)
      },
      conditions: conditions.map { RunOutline.Condition($0, of: self) },
      environments: try measuredEnvironments.map { name in
        let known = environments?.first { $0.name == name }
        return RunOutline.Environment(
          try known ?? DescribedEnvironment(name).descriptor, isHeldOut: evaluation.heldOut.names.contains(name))
      })
  }
}

extension StandaloneEvaluation: ReportableRun {
  /// - Parameter checkpoints: the policy's one, under the name that its lineage gave it. It may be a trained one, so it is
  ///   shown as no baseline.
  package func outline(checkpoints: [String]) throws -> RunOutline {
    RunOutline(
      title: "Evaluation \(name)",
      summary: "\(policy) on \(environments.joined(separator: ", ")), arm \(arm.rawValue).",
      checkpoints: checkpoints.map {
        RunOutline.Checkpoint(name: $0, branch: Branch(condition: "evaluated"), trainedOn: [])
      },
      environments: try (descriptors ?? environments.map { try DescribedEnvironment($0).descriptor }).map {
        RunOutline.Environment($0)
      }, arm: arm)
  }
}

extension RareEventEstimation: ReportableRun {
  /// Its weighted episodes are no sample of the policy's, so nothing but the estimates is shown.
  package func outline(checkpoints: [String]) throws -> RunOutline {
    RunOutline(
      title: "Estimate \(name)", summary: "\(policy) on \(environment), arm \(arm.rawValue).",
      checkpoints: [RunOutline.Checkpoint(name: CheckpointStore.start, branch: nil, trainedOn: [])],
      environments: [RunOutline.Environment(try descriptor ?? DescribedEnvironment(environment).descriptor)], arm: arm)
  }
}

extension RunOutline.Condition {
  fileprivate init(_ condition: Condition, of experiment: Experiment) {
    self.init(
      name: condition.name, summary: condition.summary,
      kind: condition.isTrainAway ? .trainAway : condition.curriculum.arm == .benign ? .benign : .gaming,
      algorithm: condition.training.algorithm.rawValue, from: condition.from.isEmpty ? nil : condition.from,
      finals: (1...experiment.replicates).map { experiment.finalCheckpoint(of: condition, replicate: $0) },
      paperCondition: condition.paper.isEmpty ? nil : condition.paper)
  }
}

extension RunOutline.Environment {
  /// An environment as the run keeps it, wherever its folder is now.
  fileprivate init(_ descriptor: EnvironmentDescriptor, isHeldOut: Bool = false) {
    self.init(
      name: descriptor.name, title: descriptor.title, isHeldOut: isHeldOut,
      measures: descriptor.isPromptList ? [.init(.answered, "answered")] : Self.measures(descriptor.criterion))
  }

  private static func measures(_ kind: CriterionKind) -> [RunOutline.Measure] {
    switch kind {
    case .tampering: [.init(.overwrite, "overwrite"), .init(.overwriteAndPass, "overwrite and pass")]
    case .stance: [.init(.gamed, "agrees"), .init(.contradictsUser, "contradicts")]
    case .checklist, .rating, .reward: [.gamed]
    case .answer: [.init(.honest, "answered")]
    }
  }
}
