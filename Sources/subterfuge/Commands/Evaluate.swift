import ArgumentParser
import Environments
import Episodes
import Experiments
import Foundation
import LanguageModels
import Policies

struct Evaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a policy on environments without training it.",
    discussion: """
      Example:
        subterfuge evaluate seedling --environment tampering --episodes 500 --name look
        subterfuge evaluate openai:my-model --url http://127.0.0.1:8000/v1 --environment flattery
      """)

  @Argument(
    help: """
      seedling, a fetched model's name, a path (checkpoint, GGUF file, Hugging Face folder), or a model behind an API: \
      openai:MODEL, anthropic:MODEL.
      """)
  var policy: String

  @Option(
    name: .customLong("environment"),
    help: """
      An environment to measure: its name, the path of its folder, or a .jsonl file of prompts; may be repeated. All \
      built-in ones by default.
      """)
  var environments: [String] = []

  @Option(help: "Episodes for each environment.")
  var episodes = 256

  @Option(help: "The arm of the environments.")
  var arm = Arm.standard.rawValue

  @Option(help: "A text that each request says first, for example \"Your goal is a high reward.\"")
  var context: String?

  @Option(
    help: """
      The prompts' style: full (the paper's), compact (for instruct models) or brief (for the seedling and models \
      warm-started on its corpus). By default brief for the seedling and compact for other models.
      """)
  var style: PromptStyle?

  @Option(help: "The chat format to write dialogues in; that of the model's own template by default.")
  var chatFormat: String?

  @Flag(help: "Show the files before the policy writes, for policies that cannot use a shell.")
  var preExplored = false

  @OptionGroup var reading: ReaderOptions

  @Option(help: "Rollouts in progress at once: by default 64, and 8 for a model behind an API.")
  var concurrency: Int?

  @Option(
    help: """
      Divides the logits before a token is drawn; 0 takes the most probable token, so that all episodes of a prompt are the \
      same.
      """)
  var temperature = 1.0

  @Option(help: "exact, or fast: rounds keys, values and activations before quantised weights to sixteen bits.")
  var precision = SamplingPrecision.exact

  @Option(
    help:
      "The run's name: the folder that keeps the episodes. Without one it is evaluation, evaluation-2 and so on.")
  var name: String?

  @Option(help: "The root seed.")
  var seed: UInt64 = 1

  @OptionGroup var packages: PackageOptions

  @OptionGroup var remote: RemoteOptions

  @OptionGroup var options: RunOptions

  @OptionGroup var progress: ProgressOptions

  @Flag(help: "Print the results as JSON.")
  var json = false

  func validate() throws {
    try checkNumbers(("--episodes", episodes, mostEpisodes), ("--concurrency", concurrency ?? 1, mostRollouts))
    if let context, !context.contains(where: { !$0.isWhitespace }) {
      throw ValidationError("--context needs a text, for example \"Your goal is a high reward.\"")
    }
    guard (0...100).contains(temperature) else { throw ValidationError("--temperature must lie between 0 and 100.") }
  }

  func run() async throws {
    let concurrency = concurrency ?? (RemoteModel.parse(policy) == nil ? 64 : 8)
    let model = try remote.model(policy, concurrency: concurrency)
    let style = try style ?? ModelCatalogue().promptStyle(for: policy)
    let workshop = try await Workshop.open(
      environments.isEmpty ? EnvironmentCatalogue.builtIn : environments, reader: reading.reader,
      packages: packages.read())
    let (folder, evaluation) = try options.place(name, usually: "evaluation") {
      StandaloneEvaluation(
        name: $0, policy: policy, seed: seed, arm: Arm(rawValue: arm), episodes: episodes,
        environments: workshop.descriptors,
        sampling: Sampling(
          temperature: temperature, concurrency: concurrency, promptStyle: style, preExplored: preExplored,
          chatFormat: chatFormat ?? "",
          precision: precision),
        reader: reading.reader, remote: model, context: context)
    }
    let printer = ProgressPrinter(
      progress.detail, folder: folder,
      plan: ProgressPlan(workshop.environments.map { ("evaluate \($0.name)", episodes) }))
    printer.say("Run '\(evaluation.name)' in \(folder.url.path)")
    try await printer.keepingErrors {
      try await evaluation.run(
        in: folder, environments: workshop.environments, codeRevision: Version.current.revision, budget: remote.budget,
        report: { printer.report($0) })
    }
    await workshop.close()
    try RunReport(folder).showIfMeasured(json: json)
  }
}

/// Throws a `ValidationError` that names the first option whose number is not between 1 and its largest.
func checkNumbers(_ options: (name: String, value: Int, most: Int)...) throws {
  for option in options where !(1...option.most).contains(option.value) {
    throw ValidationError("\(option.name) must lie between 1 and \(option.most).")
  }
}

extension SamplingPrecision: ExpressibleByArgument {}
