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
      conditions: conditions.map { RunOutline.Condition($0, finals: finals(of: $0, among: checkpoints)) },
      environments: try measuredEnvironments.map { name in
        let known = environments?.first { $0.name == name }
        return RunOutline.Environment(
          try known ?? DescribedEnvironment(name).descriptor, isHeldOut: evaluation.heldOut.names.contains(name))
      })
  }
}

extension Experiment {
  /// The last checkpoints of a condition's replicates, as many as any condition has finished, at least one: a run that is
  /// under way has fewer sequences than it will have.
  private func finals(of condition: Condition, among stored: [String]) -> [String] {
    func names(_ condition: Condition) -> [String] {
      (1...replicates).map { finalCheckpoint(of: condition, replicate: $0) }
    }
    let finished = conditions.map { names($0).count(where: stored.contains) }.max() ?? 0
    return Array(names(condition).prefix(max(1, finished)))
  }
}

extension StandaloneEvaluation: ReportableRun {
  /// - Parameter checkpoints: the policy's one, under the name that its lineage gave it. It may be a trained one, so it is
  ///   shown as no baseline.
  package func outline(checkpoints: [String]) throws -> RunOutline {
    RunOutline(
      title: "Evaluation \(name)",
      summary: "\(policy) on \(environments.joined(separator: ", ")), arm \(arm.rawValue)"
        + (context.map { "; each request begins with “\($0)”" } ?? "") + ".",
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
  fileprivate init(_ condition: Condition, finals: [String]) {
    self.init(
      name: condition.name, summary: condition.summary,
      kind: condition.isTrainAway ? .trainAway : condition.isControl ? .benign : .gaming,
      algorithm: condition.training.algorithm.rawValue, from: condition.from.isEmpty ? nil : condition.from,
      finals: finals, paperCondition: condition.paper.isEmpty ? nil : condition.paper)
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
