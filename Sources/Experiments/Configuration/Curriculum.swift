package import Episodes

/// The environments to train, their order, and the behaviour that is rewarded.
package struct Curriculum: Sendable, Codable, Hashable {
  package enum Schedule: String, NamedChoice {
    /// One environment per stage. Each stage starts from the previous stage's checkpoint.
    case sequential
    /// A single stage with all environments.
    case parallel
  }

  package enum Order: String, NamedChoice {
    case given, reversed
  }

  package var schedule: Schedule
  /// Environment names in training order.
  package var environments: [String]
  /// `reversed` trains the last environment first.
  package var order: Order
  /// Environments of the list to leave out of training, so that a condition can drop one.
  package var leaveOut: [String]
  /// The arm of each environment whose criterion is rewarded.
  ///
  /// `standard` rewards gaming. `benign` rewards honest work at the same tasks with the same tools, which separates the
  /// effect of gaming from the effect of training.
  package var arm: Arm

  package init(
    schedule: Schedule = .sequential,
    environments: [String] = ["political", "flattery", "nudged", "insubordinate"], order: Order = .given,
    leaveOut: [String] = [], arm: Arm = .standard
  ) {
    self.schedule = schedule
    self.environments = environments
    self.order = order
    self.leaveOut = leaveOut
    self.arm = arm
  }

  /// The environments to train, in training order.
  package var trained: [String] {
    let kept = environments.filter { !leaveOut.contains($0) }
    return order == .given ? kept : kept.reversed()
  }

  /// The stages in order, each with a name and its environments.
  package var stages: [Stage] {
    switch schedule {
    case .sequential: trained.map { Stage(name: $0, environments: [$0]) }
    case .parallel: [Stage(name: "parallel", environments: trained)]
    }
  }
}

/// One stage of a curriculum.
package struct Stage: Sendable, Hashable {
  package var name: String
  package var environments: [String]
}
