import ArgumentParser
import Environments
import Episodes
import Experiments
import Foundation
import Reporting
import Runs
import Storage

struct PropensityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "propensity",
    abstract: "Measure how far checkpoints lean towards gaming, by the log-probabilities of fixed texts.",
    discussion: """
      Scores fixed texts at the decision point of each prompt, after the files were shown: eight that begin to game the \
      task, eight honest ones, and eight edits of an unrelated file as control. The model writes nothing, so the scores show a \
      tendency long before any gaming.

      For a run, scores every measured checkpoint and stores the scores in the run. For a model, stores them in a run of \
      its own. The same command with more --prompts extends the measurement.

      Example:
        subterfuge propensity quickstart
        subterfuge propensity seedling --environment tampering --prompts 64 --name lean
      """)

  @Argument(help: "A run's name; or a policy as in `evaluate`.")
  var target: String

  @Option(
    name: .customLong("environment"),
    help: "An environment whose texts to score; may be repeated. The held-out one by default.")
  var environments: [String] = []

  @Option(help: "Prompts of each environment.")
  var prompts = 128

  @Option(
    help: "For a model: the prompts' style; by default brief for the seedling and compact for other models.")
  var style: PromptStyle?

  @Option(
    help: "For a model: the name of the run that keeps the scores; without one propensity, propensity-2 and so on.")
  var name: String?

  @OptionGroup var options: RunOptions

  @Flag(help: "Print the tables as JSON.")
  var json = false

  func validate() throws { try checkNumbers(("--prompts", prompts, mostPrompts)) }

  func run() async throws {
    // The target may be a model's path, which is not a run's name.
    let run = (try? options.folder(target)).flatMap {
      FileManager.default.fileExists(atPath: RunStore.file(in: $0.url).path) ? $0 : nil
    }
    let folder: RunFolder
    if let run {
      let printer = ProgressPrinter(folder: run)
      try await score(run) { printer.report($0) }
      folder = run
    } else {
      folder = try await scoreModel()
    }
    let data = try RunReport(folder)
    try data.showPropensity(json: json)
  }

  /// Scores the checkpoints that a run measures.
  private func score(_ run: RunFolder, _ report: @escaping @Sendable (RunEvent) -> Void) async throws {
    let store = try RunStore(reading: run.url)
    let kept = try store.checkpoints().map(\.name)
    let experiment: Experiment
    let measured: [String]
    switch try StoredConfiguration(of: store) {
    case .experiment(let known): (experiment, measured) = (known, known.measuredCheckpoints.map(\.name))
    case .evaluation(let alone):
      experiment = Experiment(name: alone.name, policy: alone.policy, seed: alone.seed, sampling: alone.sampling)
      measured = kept
    case .estimation, .imported:
      throw ExperimentError("The run '\(target)' has no checkpoints whose texts could be scored.")
    }
    let asked = environments.isEmpty ? experiment.evaluation.heldOut.names : environments
    let workshop = try await Workshop.open(asked.map(experiment.reference))
    try await StandalonePropensity.run(
      run, checkpoints: measured, experiment: experiment, environments: workshop.environments, prompts: prompts,
      codeRevision: Version.current.revision, report: report)
    await workshop.close()
  }

  /// - Returns: the run that keeps the scores.
  private func scoreModel() async throws -> RunFolder {
    let style = try style ?? ModelCatalogue().promptStyle(for: target)
    let workshop = try await Workshop.open(environments.isEmpty ? Evaluation().heldOut.names : environments)
    let (folder, evaluation) = try options.place(name, usually: "propensity") {
      StandaloneEvaluation(
        name: $0, policy: target, seed: 1, arm: .standard, episodes: 0, environments: workshop.descriptors,
        sampling: Sampling(promptStyle: style))
    }
    let printer = ProgressPrinter(folder: folder)
    printer.say("Run '\(evaluation.name)' in \(folder.url.path)")
    try await evaluation.runPropensity(
      in: folder, environments: workshop.environments, prompts: prompts, codeRevision: Version.current.revision,
      report: { printer.report($0) })
    await workshop.close()
    return folder
  }
}
