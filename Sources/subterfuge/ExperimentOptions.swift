import ArgumentParser
import Environments
import Episodes
import Experiments

/// Options that choose an experiment and change its settings.
struct ExperimentOptions: ParsableArguments {
  @Argument(help: "A recipe's name or the path of an experiment file.")
  var recipe: String

  @Option(help: "One of the recipe's sizes, for example small; see the recipe's scales.")
  var scale: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      """
      Any setting of the experiment, for example training.epochs=3 or conditions.hhh.training.epochs=3; may be repeated. \
      The value is YAML. A setting without a condition holds where a condition does not state its own.
      """, valueName: "key=value"))
  var settings: [String] = []

  @Option(help: "The run's name, if it should differ from the recipe's.")
  var name: String?

  @Option(help: "The root seed, if it should differ from the recipe's.")
  var seed: UInt64?

  @Option(help: "The policy to start from: seedling, a fetched model's name, or a path (checkpoint, GGUF, folder).")
  var policy: String?

  @Option(help: "The chat format to write dialogues in; that of the model's own template by default.")
  var chatFormat: String?

  @Option(help: "What reads the words of answers: rules, seedling or a model; the recipe's by default.")
  var reader: String?

  @OptionGroup var packages: PackageOptions

  @Option(
    help: """
      The prompts' style: full (the paper's), compact (for instruct models) or brief (for the seedling and models \
      warm-started on its corpus). By default that of the recipe, or else brief for the seedling and compact for other \
      models.
      """)
  var style: PromptStyle?

  /// Returns the experiment with every option applied, and the environments that it opens.
  ///
  /// - Throws: `ExperimentError` when the experiment is not valid; `EnvironmentError`; an error of the policy's file.
  func resolve() throws -> (experiment: Experiment, environments: [DescribedEnvironment]) {
    var experiment = try ExperimentFile.load(recipe, scale: scale, settings: settings)
    experiment.name = name ?? experiment.name
    experiment.seed = seed ?? experiment.seed
    experiment.policy = policy ?? experiment.policy
    experiment.reader = reader ?? experiment.reader
    experiment.sampling.chosenStyle =
      try style ?? experiment.sampling.chosenStyle
      ?? ModelCatalogue().promptStyle(for: experiment.policy, warmStart: experiment.warmStart)
    experiment.sampling.chatFormat = chatFormat ?? experiment.sampling.chatFormat
    try experiment.checkPaperConditions()
    let environments: [DescribedEnvironment]
    (experiment, environments) = try experiment.openingEnvironments(open: packages.open)
    try experiment.validate(
      catalogue: Dictionary(uniqueKeysWithValues: environments.map { ($0.descriptor.name, $0.unplayed.arms) }),
      untrainable: Set(environments.map(\.unplayed).filter { !$0.isTrainable }.map(\.name)))
    return (experiment, environments)
  }
}
