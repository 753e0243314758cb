import ArgumentParser
import Environments
import Episodes
import Experiments
import Foundation
import Storage

struct Estimate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Estimate the rate of a rare event from cloned or reweighted episodes.",
    discussion: """
      Multilevel splitting: an episode that comes closer to the event is cloned, with its sandbox and the model's cache, \
      into copies that share its weight. The estimate is unbiased, and every episode behind it is kept. Only local \
      policies can be cloned.

      Importance sampling (--method importance): trajectories come from the policy (--share of them) and from proposals \
      that make the event likelier, and count by their probabilities. When the weights are too uneven, the command \
      prints the reason instead of a rate; that is a result, not an error.

      The same command, also with more --roots or --episodes, extends the estimate.

      Examples:
        subterfuge estimate seedling --predicate overwrite --roots 2000 --name rare
        subterfuge estimate quickstart exploit_only/insubordinate --predicate overwrite_and_pass --tokens 5000000 --name spread
        subterfuge estimate seedling --predicate attempted --method importance --proposal temperature=1.2 --episodes 4000 --name warm
        subterfuge estimate quickstart start --method importance --proposal temperature=1.3 --proposal adapted --pilot 4000 --name adapted
      """)

  @Argument(help: "A policy as in `evaluate`; or, with a checkpoint, the name of a run.")
  var policy: String

  @Argument(help: "A checkpoint of that run.")
  var checkpoint: String?

  @Option(help: "The environment.")
  var environment = "tampering"

  @Option(help: "The event: a predicate of the environment.")
  var predicate = Episodes.Predicate.overwrite.rawValue

  @Option(help: "The arm of the environment.")
  var arm = Arm.standard.rawValue

  @Option(help: "splitting or importance.")
  var method = EstimationMethod.splitting

  @Option(
    name: .customLong("proposal"),
    help: """
      Importance sampling: a proposal; may be repeated. Another checkpoint of the same model, temperature=1.2, or adapted: the \
      policy, fine-tuned in stages on those of its trajectories that come closest to the event.
      """)
  var proposals: [String] = []

  @Option(help: "Importance sampling: the share of the trajectories that the policy itself draws.")
  var share = 0.3

  @Option(help: "Importance sampling: trajectories.")
  var episodes = 4_000

  @Option(help: "Independent roots; each is one episode with all of its clones.")
  var roots = 1_000

  @Option(
    help: "Start no more roots or trajectories after this many written tokens; pilots take at most half of them.")
  var tokens: Int?

  @Option(
    name: .customLong("milestone"),
    help: """
      Where to clone, and what an adapted proposal learns first, in order; may be repeated: a predicate, or NAME=PHRASE \
      that the policy writes. Those of the environment by default.
      """
  )
  var milestones: [String] = []

  @Option(help: "Copies at each milestone, separated by commas; by default pilot runs choose them.")
  var factors: String?

  @Option(help: "Roots of each pilot run of splitting; trajectories of each stage of an adapted proposal.")
  var pilot = 500

  @Option(help: "Adapted proposals: stages of drawing and learning.")
  var stages = 3

  @Option(help: "Adapted proposals: how often a stage's closest trajectories are learnt.")
  var epochs = 10

  @Option(
    help: """
      The prompts' style: full (the paper's), compact (for instruct models) or brief (for the seedling and models \
      warm-started on its corpus). By default brief for the seedling and compact for other models.
      """)
  var style: PromptStyle?

  @Flag(help: "Show the files before the policy writes, for policies that cannot use a shell.")
  var preExplored = false

  @Option(help: "The chat format to write dialogues in; that of the model's own template by default.")
  var chatFormat: String?

  @Option(help: "Roots or trajectories in progress at once.")
  var concurrency = 64

  @Option(
    help: "The run's name: the folder that keeps the episodes. Without one it is estimate, estimate-2 and so on.")
  var name: String?

  @Option(help: "The root seed.")
  var seed: UInt64 = 1

  @OptionGroup var options: RunOptions

  @OptionGroup var progress: ProgressOptions

  @Flag(help: "Print the estimate as JSON.")
  var json = false

  func validate() throws {
    try checkNumbers(
      ("--concurrency", concurrency, mostRollouts), ("--roots", roots, mostEpisodes), ("--pilot", pilot, mostEpisodes),
      ("--stages", stages, 1_000), ("--epochs", epochs, 1_000), ("--episodes", episodes, mostEpisodes))
    if tokens.map({ $0 < 1 }) ?? false { throw ValidationError("--tokens must be 1 or more.") }
    _ = try chosenFactors()
    guard method == .importance else {
      if !proposals.isEmpty { throw ValidationError("--proposal goes with --method importance.") }
      return
    }
    if proposals.isEmpty { throw ValidationError("--method importance needs a --proposal.") }
    if !(share > 0 && share < 1) { throw ValidationError("--share must be between 0 and 1.") }
    _ = try chosenProposals()
  }

  func run() async throws {
    let style = try style ?? ModelCatalogue().promptStyle(for: policyName())
    let workshop = try await Workshop.open([environment])
    guard let environment = workshop.environments.first else { return }
    let event = Episodes.Predicate(rawValue: predicate)
    let (folder, estimation) = try options.place(name, usually: "estimate") {
      RareEventEstimation(
        name: $0, policy: try policyName(), seed: seed, environment: environment.name,
        descriptor: workshop.descriptors.first,
        arm: Arm(rawValue: arm),
        method: try chosenMethod(for: event, of: environment),
        sampling: Sampling(
          concurrency: concurrency, promptStyle: style, preExplored: preExplored,
          chatFormat: chatFormat ?? ""))
    }
    let printer = ProgressPrinter(progress.detail, folder: folder)
    printer.say("Run '\(estimation.name)' in \(folder.url.path)")
    let found = try await printer.keepingErrors {
      try await estimation.run(
        in: folder, environment: environment, event: event, draws: method == .splitting ? roots : episodes,
        tokens: tokens, codeRevision: Version.current.revision, report: { printer.report($0) })
    }
    await workshop.close()
    if json { try Console.json(found) } else { Console.print(found.text) }
  }

  /// The path of a run's checkpoint, or the policy as it was given.
  private func policyName() throws -> String {
    guard let checkpoint else { return policy }
    return try RunStore(reading: options.folder(policy).url).checkpointFile(checkpoint).path
  }

  private func chosenMethod(
    for event: Episodes.Predicate, of environment: any Environment
  ) throws -> RareEventEstimation.Method {
    let milestones = milestones.isEmpty ? environment.milestones.before(event) : chosenMilestones(of: environment)
    return switch method {
    case .splitting: .splitting(milestones: milestones, factors: try chosenFactors(), pilot: pilot)
    case .importance: .importance(proposals: try chosenProposals(), share: share, milestones: milestones)
    }
  }

  private func chosenProposals() throws -> [Proposal] {
    try proposals.map { text in
      if text.hasPrefix("temperature=") {
        guard let value = Double(text.dropFirst("temperature=".count)), value > 0, value.isFinite else {
          throw ValidationError("--proposal temperature= needs a number above 0, not '\(text)'.")
        }
        return .temperature(value)
      }
      if text == "adapted" { return .adapted(stages: stages, episodes: pilot, epochs: epochs) }
      return .checkpoint(text)
    }
  }

  /// Milestones that the environment names keep their phrases.
  private func chosenMilestones(of environment: any Environment) -> [Milestone] {
    milestones.map { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 { return Milestone(Episodes.Predicate(rawValue: parts[0]), phrases: [parts[1]]) }
      let name = Episodes.Predicate(rawValue: text)
      return environment.milestones.first { $0.name == name } ?? Milestone(name)
    }
  }

  private func chosenFactors() throws -> [Int] {
    try factors?.split(separator: ",").map { text in
      guard let factor = Int(text.trimmingCharacters(in: .whitespaces)), factor >= 1 else {
        throw ValidationError("--factors needs whole numbers of 1 or more, separated by commas, not '\(text)'.")
      }
      return factor
    } ?? []
  }
}

enum EstimationMethod: String, ExpressibleByArgument, CaseIterable { case splitting, importance }
