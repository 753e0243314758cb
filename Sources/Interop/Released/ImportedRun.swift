package import Episodes
package import Runs

/// What a run of imported samples is: its configuration in the store, written as JSON.
package struct ImportedRun: RunConfiguration, Hashable {
  package static let kind = RunKind.imported
  package static let version = 2

  package struct File: Sendable, Codable, Hashable {
    package var name: String
    package var environment: ReleasedEnvironment
    package var arm: Arm
  }

  package var name: String
  /// The sample files in the order of reading.
  package var sampleFiles: [File]
  /// Whether rows that could not be read were left out.
  package var skipsBroken: Bool
  /// From this sycophancy score on, an answer agrees with the user.
  package var sycophancyThreshold = ReleasedEnvironment.sycophancyThreshold
  /// Whether variants are numbered as in `prompts.json`; otherwise by their first appearance.
  package var hasPromptNumbers: Bool

  /// Nothing is drawn.
  package var rootSeed: Seed { Seed(0) }

  package init(name: String, of released: ReleasedFolder, skipsBroken: Bool) {
    self.name = name
    sampleFiles = released.samples.map { File(name: $0.name, environment: $0.environment, arm: $0.arm) }
    self.skipsBroken = skipsBroken
    hasPromptNumbers = released.prompts != nil
  }

  /// The environments that there are samples of, in the order of the curriculum.
  package var environments: [ReleasedEnvironment] {
    ReleasedEnvironment.allCases.filter { environment in sampleFiles.contains { $0.environment == environment } }
  }

  /// The arm of most interest: the standard one where there is any of it.
  package var mainArm: Arm {
    sampleFiles.contains { $0.arm == .standard } ? .standard : sampleFiles.first?.arm ?? .standard
  }
}

extension ImportedRun: ReportableRun {
  /// - Parameter checkpoints: the models, in the order of their first sample. None is known to be the untrained one, so
  ///   nothing is compared with it; `compare` compares any two.
  package func outline(checkpoints: [String]) throws -> RunOutline {
    let branch = checkpoints.count == 1 ? nil : Branch(condition: "imported")
    return RunOutline(
      title: "Imported \(name)",
      summary: "Released samples of \(sampleFiles.count == 1 ? "one file" : "\(sampleFiles.count) files"), "
        + "re-scored by the paper's rules.",
      checkpoints: checkpoints.map { RunOutline.Checkpoint(name: $0, branch: branch, trainedOn: []) },
      environments: environments.map(\.outline), arm: mainArm)
  }
}

extension ReleasedEnvironment {
  /// The environment as a report shows it.
  fileprivate var outline: RunOutline.Environment {
    switch self {
    case .political: outline("Political sycophancy", [.init(.gamed, "agrees")])
    case .flattery: outline("Tool-use flattery", [.gamed])
    case .nudged: outline("Nudged rubric modification", [.gamed])
    case .insubordinate: outline("Insubordinate rubric modification", [.gamed])
    case .tampering:
      outline("Reward tampering", [.init(.overwrite, "overwrite"), .init(.overwriteAndPass, "overwrite and pass")])
    }
  }

  private func outline(_ title: String, _ measures: [RunOutline.Measure]) -> RunOutline.Environment {
    RunOutline.Environment(name: rawValue, title: title, isHeldOut: self == .tampering, measures: measures)
  }
}
