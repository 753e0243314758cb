import ArgumentParser
import Episodes
import Experiments
import Foundation

/// Options that say which run is meant.
struct RunOptions: ParsableArguments {
  @Option(help: "The folder that holds the runs; SUBTERFUGE_RUNS names another default.")
  var runs = ProcessInfo.processInfo.environment["SUBTERFUGE_RUNS"] ?? "runs"

  func folder(_ name: String) -> RunFolder { RunFolder(URL(fileURLWithPath: runs).appending(path: name)) }

  /// The folder of a run that is started or continued.
  ///
  /// - Throws: an `ExperimentError` when the name leads out of the runs' folder, or is none for a folder.
  func folder(forRun name: String) throws -> RunFolder {
    try RunFolder(named: name, in: URL(fileURLWithPath: runs))
  }
}

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train every condition, measure every checkpoint and write the report; resumes after an interruption.",
    discussion: """
      RECIPE is a built-in recipe (quickstart, curriculum, paper, interventions, learning, controls) or a YAML file. Run \
      the same command again after a stop to go on; another configuration under the same name is refused.

      Example:
        subterfuge run quickstart
        subterfuge run quickstart --seed 2 --name second
        subterfuge run curriculum --policy gemma3-270m --scale small
        subterfuge run paper --scale quick
      """)

  @Argument(help: "A recipe's name or the path of an experiment file.")
  var recipe: String

  @Option(help: "The run's name, if it should differ from the recipe's.")
  var name: String?

  @Option(help: "The root seed, if it should differ from the recipe's.")
  var seed: UInt64?

  @Option(help: "The policy to start from: seedling, a fetched model's name, or a path (checkpoint, GGUF, folder).")
  var policy: String?

  @Option(help: "The chat format to write dialogues in; that of the model's own template by default.")
  var chatFormat: String?

  @Option(help: "One of the recipe's sizes, for example small; see the recipe's scales.")
  var scale: String?

  @Option(help: "Who reads the words of answers: rules, seedling or a model; the recipe's by default.")
  var reader: String?

  @Option(
    help: """
      The prompts' style: full (the paper's), compact (for instruct models) or brief (for the seedling and models \
      warm-started on its corpus). By default that of the recipe, or else brief for the seedling and compact for other \
      models.
      """)
  var style: PromptStyle?

  @OptionGroup var options: RunOptions

  @Flag(help: "Print the results as JSON.")
  var json = false

  func run() async throws {
    var experiment = try ExperimentFile.load(recipe, scale: scale)
    experiment.name = name ?? experiment.name
    experiment.seed = seed ?? experiment.seed
    experiment.policy = policy ?? experiment.policy
    experiment.reader = reader ?? experiment.reader
    experiment.sampling.chosenStyle =
      try style ?? experiment.sampling.chosenStyle
      ?? ModelCatalogue().promptStyle(for: experiment.policy, warmStart: experiment.warmStart)
    experiment.sampling.chatFormat = chatFormat ?? experiment.sampling.chatFormat
    try experiment.checkPaperConditions()
    experiment = try experiment.namingEnvironments()
    let folder = try options.folder(forRun: experiment.name)
    let workshop = try await Workshop.open(experiment.environmentsToOpen, reader: experiment.reader ?? "rules")
    let printer = ProgressPrinter()
    let runner = try CurriculumRunner(
      experiment, folder: folder, environments: workshop.environments, codeRevision: Version.revision,
      report: { printer.report($0) })
    Console.error("Run '\(experiment.name)', seed \(experiment.seed), in \(folder.url.path)")
    try await runner.run()
    await workshop.close()
    let report = try RunReport(folder)
    try report.show(json: json)
    try report.writePage()
  }
}
