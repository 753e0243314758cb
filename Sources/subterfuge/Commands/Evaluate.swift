import ArgumentParser
import Environments
import Episodes
import Experiments
import Foundation

struct Evaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a policy on environments, without training.",
    discussion: """
      Example:
        subterfuge evaluate seedling --environment tampering --episodes 500 --name look
      """)

  @Argument(help: "seedling, a fetched model's name, or a path (checkpoint, GGUF file, Hugging Face folder).")
  var policy: String

  @Option(
    name: .customLong("environment"), help: "An environment to measure; may be repeated. All built-in ones by default.")
  var environments: [String] = []

  @Option(help: "Episodes for each environment.")
  var episodes = 256

  @Option(help: "The arm of the environments.")
  var arm = Arm.standard.rawValue

  @Option(help: "The prompts' style: brief (for the seedling and models warm-started on its corpus) or full.")
  var style = PromptStyle.brief

  @Option(help: "The chat format to write dialogues in; that of the model's own template by default.")
  var chatFormat: String?

  @Flag(help: "Start with the files looked at, for policies that cannot find their way in a shell.")
  var preExplored = false

  @Option(help: "Rollouts that are alive at once.")
  var concurrency = 64

  @Option(help: "The run's name: the folder that keeps the episodes.")
  var name = "evaluation"

  @Option(help: "The root seed.")
  var seed: UInt64 = 1

  @OptionGroup var options: RunOptions

  @Flag(help: "Print the results as JSON.")
  var json = false

  func validate() throws {
    if concurrency < 1 { throw ValidationError("--concurrency must be 1 or more.") }
    if episodes < 1 { throw ValidationError("--episodes must be 1 or more.") }
  }

  func run() async throws {
    let workshop = try await Workshop.open(environments.isEmpty ? EnvironmentCatalogue.builtIn : environments)
    let printer = ProgressPrinter()
    let evaluation = StandaloneEvaluation(
      name: name, policy: policy, seed: seed, arm: Arm(rawValue: arm), episodes: episodes,
      environments: workshop.environments.map(\.name),
      sampling: Sampling(
        concurrency: concurrency, promptStyle: style, preExplored: preExplored,
        chatFormat: chatFormat ?? ""))
    try await evaluation.run(
      in: options.folder(name), environments: workshop.environments, codeRevision: Version.revision,
      report: { printer.report($0) })
    await workshop.close()
    try RunReport(options.folder(name)).show(json: json)
  }
}
