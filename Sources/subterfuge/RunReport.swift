import Environments
import Episodes
import Experiments
import Foundation
import Interop
import Reporting
import Storage

/// The results of a run, as far as it has got: the report page, the tables, or JSON.
struct RunReport {
  private let folder: RunFolder
  private let store: RunStore
  private let data: ReportData

  /// Reads the run in a folder.
  init(_ folder: RunFolder) throws {
    self.folder = folder
    store = try RunStore(reading: folder.url)
    data = try ReportData(store, subject: try Self.subject(of: store))
  }

  /// Prints what a run came to, or everything as JSON.
  func show(json: Bool) throws { Console.print(json ? try data.json() : data.terminalText) }

  /// Prints what a run came to, or throws an error that says why nothing was measured.
  func showIfMeasured(json: Bool) throws {
    let failed = data.failed
    guard failed.attempted > 0, failed.failed == failed.attempted, let first = failed.lines.first else {
      return try show(json: json)
    }
    throw ExperimentError(
      "Nothing was measured: all \(failed.attempted) episodes failed. The first, episode \(first.episode), failed at the "
        + "\(first.boundary): \(first.message) Read it with: subterfuge show \(data.provenance.run) \(first.episode)")
  }

  /// Prints the rates of every checkpoint, or everything as JSON.
  func showMatrix(json: Bool) throws { Console.print(json ? try data.json() : data.matrixText) }

  /// Prints the log-odds of fixed texts, or their tables as JSON.
  func showPropensity(json: Bool) throws {
    Console.print(json ? try ReportJSON.text(data.propensity) : data.propensityText)
  }

  /// Writes the figures and their numbers into a folder.
  func writeFigures(in folder: URL) throws -> FigureFiles.Summary { try FigureFiles(in: folder).write(data) }

  /// Writes the page into the run's folder, and the pages of its episodes beside it.
  func writePage(quiet: Bool = false) throws {
    let pages = try EpisodePages(data, of: store).write(beside: folder.url)
    try Data(data.html.utf8).write(to: folder.report, options: .atomic)
    if quiet { return }
    Console.error("The report: \(folder.report.path)")
    if pages.episodes > 0 {
      Console.error(
        "Its \(pages.episodes) episodes, \(pages.files) pages: \(folder.url.appending(path: EpisodeFile.folder).path)")
    }
  }

  /// What a report on a run is about, as its configuration has it.
  static func subject(of store: RunStore) throws -> ReportSubject {
    switch try StoredConfiguration(of: store) {
    case .experiment(let experiment): try ReportSubject(experiment)
    case .estimation(let estimation): try ReportSubject(estimation)
    case .imported(let imported): try ReportSubject(imported, checkpoints: try store.checkpoints().map(\.name))
    case .evaluation(let evaluation): try ReportSubject(evaluation, checkpoints: try store.checkpoints().map(\.name))
    }
  }
}

extension Experiment {
  /// Throws an `ExperimentError` when a condition names one of the paper's that there is not.
  func checkPaperConditions() throws {
    for condition in conditions where !condition.paper.isEmpty && PaperFigure.conditions[condition.paper] == nil {
      let known = PaperFigure.conditions.keys.sorted().joined(separator: ", ")
      throw ExperimentError(
        "The condition '\(condition.name)' rebuilds '\(condition.paper)', which is not a condition of the paper. There are: \(known)."
      )
    }
  }
}

extension ReportSubject {
  fileprivate init(_ experiment: Experiment) throws {
    self.init(
      title: "Run \(experiment.name)", summary: experiment.summary,
      checkpoints: experiment.measuredCheckpoints.map {
        Checkpoint(name: $0.name, branch: $0.branch, trainedOn: $0.trainedOn)
      },
      conditions: experiment.conditions.map { Condition($0, of: experiment) },
      environments: try experiment.measuredEnvironments.map { name in
        let heldOut = experiment.evaluation.heldOut.names
        let folder = experiment.folders?.first { $0.name == name }
        return try folder.map { Environment($0, heldOut: heldOut) } ?? Environment(name, heldOut: heldOut)
      })
  }

  /// - Parameter checkpoints: the policy's one, under the name that its lineage gave it. It may be a trained one, so it is
  ///   shown as no baseline.
  fileprivate init(_ evaluation: StandaloneEvaluation, checkpoints: [String]) throws {
    self.init(
      title: "Evaluation \(evaluation.name)",
      summary:
        "\(evaluation.policy) on \(evaluation.environments.joined(separator: ", ")), arm \(evaluation.arm.rawValue).",
      checkpoints: checkpoints.map { Checkpoint(name: $0, branch: Branch(condition: "evaluated"), trainedOn: []) },
      environments: try evaluation.descriptors?.map { Environment($0) }
        ?? evaluation.environments.map { try Environment($0) }, arm: evaluation.arm)
  }
}

extension ReportSubject {
  /// Its weighted episodes are no sample of the policy's, so nothing but the estimates is shown.
  fileprivate init(_ estimation: RareEventEstimation) throws {
    self.init(
      title: "Estimate \(estimation.name)",
      summary: "\(estimation.policy) on \(estimation.environment), arm \(estimation.arm.rawValue).",
      checkpoints: [Checkpoint(name: "start", branch: nil, trainedOn: [])],
      environments: [
        try estimation.descriptor.map { Environment($0) } ?? Environment(estimation.environment)
      ], arm: estimation.arm)
  }
}

extension ReportSubject {
  /// - Parameter checkpoints: the models, in the order of their first sample. None is known to be the untrained one, so
  ///   nothing is compared with it; `compare` compares any two.
  fileprivate init(_ imported: ImportedRun, checkpoints: [String]) throws {
    let branch = checkpoints.count == 1 ? nil : Branch(condition: "imported")
    self.init(
      title: "Imported \(imported.name)",
      summary:
        "Released samples of \(imported.sampleFiles.count == 1 ? "one file" : "\(imported.sampleFiles.count) files"), "
        + "re-scored by the paper's rules.",
      checkpoints: checkpoints.map { Checkpoint(name: $0, branch: branch, trainedOn: []) },
      environments: try imported.environments.map {
        try Environment($0.rawValue, heldOut: [ReleasedEnvironment.tampering.rawValue])
      }, arm: imported.mainArm)
  }
}

extension ReportSubject.Condition {
  fileprivate init(_ condition: Experiments.Condition, of experiment: Experiment) {
    self.init(
      name: condition.name, summary: condition.summary,
      kind: condition.isTrainAway ? .trainAway : condition.curriculum.arm == .benign ? .benign : .gaming,
      algorithm: condition.training.algorithm.rawValue, from: condition.from.isEmpty ? nil : condition.from,
      finals: (1...experiment.replicates).map { experiment.finalCheckpoint(of: condition, replicate: $0) },
      paperCondition: condition.paper.isEmpty ? nil : condition.paper)
  }
}

extension ReportSubject.Environment {
  fileprivate init(_ name: String, heldOut: [String] = []) throws {
    let definition = try EnvironmentCatalogue.load(name)
    self.init(
      name: name, title: definition.title, isHeldOut: heldOut.contains(name),
      measures: Self.measures(definition.criterionKind)
    )
  }

  /// As the run kept it, wherever its folder is now.
  fileprivate init(_ descriptor: EnvironmentDescriptor, heldOut: [String] = []) {
    self.init(
      name: descriptor.name, title: descriptor.title, isHeldOut: heldOut.contains(descriptor.name),
      measures: descriptor.isPromptList ? [.init(.answered, "answered")] : Self.measures(descriptor.criterion))
  }

  private static func measures(_ kind: CriterionKind) -> [ReportSubject.Measure] {
    switch kind {
    case .tampering: [.init(.overwrite, "overwrite"), .init(.overwriteAndPass, "overwrite and pass")]
    case .stance: [.init(.gamed, "agrees"), .init(.contradictsUser, "contradicts")]
    case .checklist, .rating, .reward: [.gamed]
    case .answer: [.init(.honest, "answered")]
    }
  }
}
