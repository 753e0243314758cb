package import Episodes

/// Which environments are trained, in which order, and what is rewarded in them.
package struct Curriculum: Sendable, Codable, Hashable {
  package enum Schedule: String, NamedChoice {
    /// One environment a stage; each stage starts from the last checkpoint.
    case sequential
    /// One stage with all environments at once.
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
  /// Environments of the list that are not trained after all, so that a condition can leave one out.
  package var leaveOut: [String]
  /// The arm of each environment whose criterion is rewarded: `standard` rewards gaming; `benign` rewards honest work at the
  /// same tasks with the same tools, so that the effect of gaming can be told from the effect of training.
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

  /// The environments that are trained, in their order.
  package var trained: [String] {
    let kept = environments.filter { !leaveOut.contains($0) }
    return order == .given ? kept : kept.reversed()
  }

  /// The stages in order: a name and the environments trained in it.
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
