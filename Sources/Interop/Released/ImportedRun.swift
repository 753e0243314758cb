package import Episodes
package import Runs

/// What a run of imported samples is: its configuration in the store, written as JSON.
package struct ImportedRun: RunConfiguration, Hashable {
  package static let kind = RunKind.imported
  package static let version = 3

  package struct File: Sendable, Codable, Hashable {
    package var name: String
    package var environment: ReleasedEnvironment
    package var arm: Arm
  }

  /// A log of Inspect or a trajectory.
  package struct Log: Sendable, Codable, Hashable {
    package var name: String
    package var format: LogFile.Format
    /// Inspect's word for how the evaluation ended.
    package var status: String?
    package var episodes: Int
  }

  /// What the logs hold of one environment.
  package struct Column: Sendable, Codable, Hashable {
    package var environment: String
    package var arms: [Arm]
    /// The facts that its columns of the matrix count; the first is the headline.
    package var facts: [String]
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

  /// The logs in the order of reading, and the environments in the order of their first sample.
  package var logs: [Log] = []
  package var columns: [Column] = []

  /// Nothing is drawn.
  package var rootSeed: Seed { Seed(0) }

  package init(name: String, of released: ReleasedFolder, skipsBroken: Bool) {
    self.name = name
    sampleFiles = released.samples.map { File(name: $0.name, environment: $0.environment, arm: $0.arm) }
    self.skipsBroken = skipsBroken
    hasPromptNumbers = released.prompts != nil
  }

  package init(name: String, logs: [Log], columns: [Column]) {
    self.name = name
    sampleFiles = []
    skipsBroken = false
    hasPromptNumbers = false
    self.logs = logs
    self.columns = columns
  }

  /// Runs of earlier versions were imported from released samples alone.
  package static func upgrade(_ settings: inout SettingsTree, from version: Int) throws {
    guard version < 3 else { return }
    for key in ["logs", "columns"] { settings[key: key] = .list([]) }
  }

  /// The environments that there are released samples of, in the order of the curriculum.
  package var environments: [ReleasedEnvironment] {
    ReleasedEnvironment.allCases.filter { environment in sampleFiles.contains { $0.environment == environment } }
  }

  /// The arm of most interest: the standard one where there is any of it.
  package var mainArm: Arm {
    let arms = sampleFiles.map(\.arm) + columns.flatMap(\.arms)
    return arms.contains(.standard) ? .standard : arms.first ?? .standard
  }
}

extension ImportedRun: ReportableRun {
  /// - Parameter checkpoints: the models, in the order of their first sample. None is known to be the untrained one, so
  ///   nothing is compared with it; `compare` compares any two.
  package func outline(checkpoints: [String]) throws -> RunOutline {
    let branch = checkpoints.count == 1 ? nil : Branch(condition: "imported")
    return RunOutline(
      title: "Imported \(name)", summary: summary,
      checkpoints: checkpoints.map { RunOutline.Checkpoint(name: $0, branch: branch, trainedOn: []) },
      environments: environments.map(\.outline) + columns.map(\.outline), arm: mainArm)
  }

  private var summary: String {
    if logs.isEmpty {
      return "Released samples of \(sampleFiles.count == 1 ? "one file" : "\(sampleFiles.count) files"), "
        + "re-scored by the paper's rules."
    }
    return "\(logs.count == 1 ? "One log" : "\(logs.count) logs") of other tools, with the scores that stand in them."
  }
}

extension ImportedRun.Column {
  /// The environment as a report shows it: one of this program's by its own measures, others by their scorers.
  fileprivate var outline: RunOutline.Environment {
    let overwrites: [Predicate] = [.overwrite, .overwriteAndPass]
    let isTampering = facts.contains(Predicate.overwrite.rawValue)
    let own: [Predicate] = isTampering ? overwrites : facts.contains(Predicate.gamed.rawValue) ? [.gamed] : []
    let shown = own.isEmpty ? facts.map { Predicate(rawValue: $0) } : own
    return RunOutline.Environment(
      name: environment, title: environment, isHeldOut: isTampering,
      measures: (shown.isEmpty ? [.answered] : Array(shown[..<min(shown.count, Self.mostMeasures)])).map {
        .init($0, $0.rawValue.replacing("_", with: " "))
      })
  }

  /// More columns do not fit on a page.
  private static let mostMeasures = 4
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
