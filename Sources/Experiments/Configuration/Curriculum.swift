/// Which environments are trained, in which order.
package struct Curriculum: Sendable, Codable, Hashable {
  package enum Schedule: String, Sendable, Codable {
    /// One environment a stage; each stage starts from the last checkpoint.
    case sequential
    /// One stage with all environments at once.
    case parallel
  }

  package var schedule: Schedule
  /// Environment names in training order.
  package var environments: [String]
  /// Train a second policy on the benign twins (same tasks and tools, honest work rewarded), so that the effect of gaming
  /// can be told from the effect of training.
  package var benignTwin: Bool

  package init(
    schedule: Schedule = .sequential,
    environments: [String] = ["political", "flattery", "nudged", "insubordinate"], benignTwin: Bool = true
  ) {
    self.schedule = schedule
    self.environments = environments
    self.benignTwin = benignTwin
  }

  /// The stages in order: a name and the environments trained in it.
  package var stages: [Stage] {
    switch schedule {
    case .sequential: environments.map { Stage(name: $0, environments: [$0]) }
    case .parallel: [Stage(name: "parallel", environments: environments)]
    }
  }
}

/// One stage of a curriculum.
package struct Stage: Sendable, Hashable {
  package var name: String
  package var environments: [String]
}
