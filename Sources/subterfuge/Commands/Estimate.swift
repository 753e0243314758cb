import ArgumentParser
import Environments
import Episodes
import Experiments
import Foundation
import Storage

struct Estimate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Estimate the rate of a rare event with far fewer episodes than counting it needs.",
    discussion: """
      Multilevel splitting: an episode that comes closer to the event is cloned, with its sandbox and the model's cache, \
      into copies that share its weight. The estimate is unbiased, and every episode behind it is kept. Only local \
      policies can be cloned. Run the same command again, with more --roots if you like, to go on.

      Examples:
        subterfuge estimate seedling --predicate overwrite --roots 2000 --name rare
        subterfuge estimate paper-quick exploit_only.4/insubordinate.2 --predicate overwrite_and_pass --tokens 5000000
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

  @Option(help: "Independent roots; each is one episode with all of its clones.")
  var roots = 1_000

  @Option(help: "No more roots begin once this many tokens are written.")
  var tokens: Int?

  @Option(
    name: .customLong("milestone"),
    help:
      "Where to clone, in order; may be repeated: a predicate, or NAME=PHRASE that the policy writes. Those of the environment by default."
  )
  var milestones: [String] = []

  @Option(help: "Copies at each milestone, separated by commas; chosen by pilot runs if not given.")
  var factors: String?

  @Option(help: "Roots of each pilot run.")
  var pilot = 500

  @Option(help: "The prompts' style: brief (for the seedling and models warm-started on its corpus) or full.")
  var style = PromptStyle.brief

  @Flag(help: "Start with the files looked at, for policies that cannot find their way in a shell.")
  var preExplored = false

  @Option(help: "Roots that are alive at once.")
  var concurrency = 64

  @Option(help: "The run's name: the folder that keeps the episodes.")
  var name = "estimate"

  @Option(help: "The root seed.")
  var seed: UInt64 = 1

  @OptionGroup var options: RunOptions

  @Flag(help: "Print the estimate as JSON.")
  var json = false

  func validate() throws {
    if concurrency < 1 { throw ValidationError("--concurrency must be 1 or more.") }
    if roots < 1 { throw ValidationError("--roots must be 1 or more.") }
    if pilot < 1 { throw ValidationError("--pilot must be 1 or more.") }
    if tokens.map({ $0 < 1 }) ?? false { throw ValidationError("--tokens must be 1 or more.") }
    _ = try chosenFactors()
  }

  func run() async throws {
    let workshop = try await Workshop.open([environment])
    guard let environment = workshop.environments.first else { return }
    let event = Episodes.Predicate(rawValue: predicate)
    let printer = ProgressPrinter()
    let estimation = RareEventEstimation(
      name: name, policy: try policyName(), seed: seed, environment: environment.name, arm: Arm(rawValue: arm),
      method: .splitting(
        milestones: milestones.isEmpty ? environment.milestones.before(event) : chosenMilestones(of: environment),
        factors: try chosenFactors(), pilot: pilot),
      sampling: Sampling(concurrency: concurrency, promptStyle: style, preExplored: preExplored))
    let found = try await estimation.run(
      in: options.folder(name), environment: environment, event: event, roots: roots, tokens: tokens,
      codeRevision: Version.revision, report: { printer.report($0) })
    await workshop.close()
    if json { try Console.json(found) } else { Console.print(found.text) }
  }

  /// The path of a run's checkpoint, or the policy as it was given.
  private func policyName() throws -> String {
    guard let checkpoint else { return policy }
    return try RunStore(reading: options.folder(policy).url).checkpointFile(checkpoint).path
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
