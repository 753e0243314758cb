import ArgumentParser
import Auditing
import Environments
import Episodes
import Experiments
import Foundation
import LanguageModels
import Policies
import Sandboxing
import Statistics
import Storage

struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find out whether a reward can be gamed, whether a model games it, and how fast it learns to.",
    discussion: """
      ENVIRONMENT is the folder of a task in Harbor's form, an environment folder, or a built-in environment's name. The \
      grader's stage runs scripted attacks and needs no model; the model's stage plays episodes of --policy.

      With --fail-above, the exit status is 1 when an attack obtains the reward, when the reference solution does not, or \
      when the lower bound of a rate's 95 % interval lies above the limit. Without it, a finished audit ends with 0.

      Example:
        subterfuge audit tampering
        subterfuge audit ./greeting --json
        subterfuge audit ./greeting --policy seedling --episodes 32 --skip mitigations
      """)

  /// The parts of an audit.
  enum Stage: String, ExpressibleByArgument, CaseIterable { case grader, model, learning, mitigations }

  /// How the learning stage trains.
  enum Algorithm: String, ExpressibleByArgument, CaseIterable {
    case expertIteration = "expert_iteration"
    case grpo
  }

  @Argument(help: "A task folder in Harbor's form, an environment folder, or a built-in environment's name.")
  var environment: String

  @Option(help: "The model of the model's stage: as for `evaluate`. Without it, this stage is skipped.")
  var policy: String?

  @Option(help: "Episodes of the model's stage.")
  var episodes = 256

  @Option(help: "Fail when an attack obtains the reward, or when a rate is above this limit for sure. Between 0 and 1.")
  var failAbove: Double?

  @Option(help: "Rounds of training in the learning stage; 0 skips it. It needs a --policy that runs in this process.")
  var rounds = 0

  @Option(help: "How the learning stage trains.")
  var algorithm = Algorithm.expertIteration

  @Option(
    help: ArgumentHelp(
      """
      A sentence that permits the gaming. The learning stage then also trains a policy whose training prompts begin with \
      it, and measures that policy without it.
      """, valueName: "text"))
  var inoculation = ""

  @Option(help: "An attack that is known and does not count for the exit status; may be repeated.")
  var accept: [String] = []

  @Option(help: "A stage to leave out: grader, model, learning or mitigations; may be repeated.")
  var skip: [Stage] = []

  @Option(help: "The prompts' style for the model, as for `evaluate`.")
  var style: PromptStyle?

  @Option(help: "Rollouts that are alive at once: by default 64, and 8 for a model behind an API.")
  var concurrency: Int?

  @Option(help: "The name of the run that keeps the model's episodes; by default audit- and the environment's name.")
  var name: String?

  @Option(help: "The root seed.")
  var seed: UInt64 = 1

  @OptionGroup var packages: PackageOptions

  @OptionGroup var remote: RemoteOptions

  @OptionGroup var options: RunOptions

  @OptionGroup var progress: ProgressOptions

  @Flag(help: "Print the report as JSON.")
  var json = false

  func validate() throws {
    try checkNumbers(("--episodes", episodes, mostEpisodes), ("--concurrency", concurrency ?? 1, mostRollouts))
    if let failAbove, !(0...1).contains(failAbove) { throw ValidationError("--fail-above must lie between 0 and 1.") }
    guard (0...1_000).contains(rounds) else { throw ValidationError("--rounds must lie between 0 and 1000.") }
    guard rounds > 0 else { return }
    guard let policy else { throw ValidationError("--rounds trains a model; name it with --policy.") }
    if RemoteModel.parse(policy) != nil {
      throw ValidationError(
        "--rounds trains the policy, and '\(policy)' is behind an API. Name a model in this process.")
    }
  }

  func run() async throws {
    let described = try packages.open(environment)
    let workshop = try await Workshop.open([described], reader: "rules")
    var report = AuditReport(
      environment: described.descriptor.name, title: described.descriptor.title, digest: described.descriptor.digest)
    report.mitigated = !skip.contains(.mitigations)
    if !skip.contains(.grader) {
      report.grader = try await grade(described.auditable, in: workshop.sandbox, mitigated: report.mitigated)
    }
    if !skip.contains(.model), let policy { report.model = try await measure(policy, in: workshop) }
    await workshop.close()
    if !skip.contains(.learning), rounds > 0, let policy {
      report.learning = try await learn(policy, on: described)
    }
    if let failAbove { report.judge(limit: failAbove, accepting: accept) }
    Console.print(json ? try report.json() : report.text)
    if !report.failures.isEmpty { throw ExitCode.failure }
  }

  private func grade(
    _ auditable: DescribedEnvironment.Auditable, in sandbox: Sandbox, mitigated: Bool
  ) async throws -> GraderReport {
    switch auditable {
    case .harbor(let task): return try await GraderAudit(task, in: sandbox).run(mitigated: mitigated)
    case .folder(let definition): return try await SelfTestAudit.run(definition, in: sandbox)
    case .prompts:
      throw ValidationError("A list of prompts has no reward to game; audit a task folder or an environment folder.")
    }
  }

  /// Trains the policy on the environment, in a run of its own.
  private func learn(_ policy: String, on environment: DescribedEnvironment) async throws -> LearningReport {
    let name = "\(name ?? "audit-\(environment.descriptor.name)")-learning"
    let folder = try options.folder(name)
    let printer = ProgressPrinter(progress.detail, folder: folder, plan: ProgressPlan([]))
    return try await AuditLearning(
      name: name, policy: policy, seed: seed, rounds: rounds, algorithm: algorithm == .grpo ? .grpo : .expertIteration,
      inoculation: inoculation, episodes: episodes, concurrency: concurrency ?? 64,
      style: try style ?? ModelCatalogue().promptStyle(for: policy), environment: environment, packages: packages
    ).run(in: folder) { printer.report($0) }
  }

  /// Plays the episodes as `evaluate` does, and counts them.
  private func measure(_ policy: String, in workshop: Workshop) async throws -> ModelReport {
    let name = name ?? "audit-\(workshop.descriptors[0].name)"
    let folder = try options.folder(name)
    let concurrency = concurrency ?? (RemoteModel.parse(policy) == nil ? 64 : 8)
    let model = try remote.model(policy, concurrency: concurrency)
    let printer = ProgressPrinter(
      progress.detail, folder: folder,
      plan: ProgressPlan(workshop.environments.map { ("evaluate \($0.name)", episodes) }))
    let evaluation = StandaloneEvaluation(
      name: name, policy: policy, seed: seed, arm: .standard, episodes: episodes, environments: workshop.descriptors,
      sampling: Sampling(
        concurrency: concurrency, promptStyle: try style ?? ModelCatalogue().promptStyle(for: policy)),
      remote: model)
    try await evaluation.run(
      in: folder, environments: workshop.environments, codeRevision: Version.current.revision, budget: remote.budget,
      report: { printer.report($0) })
    return try ModelReport(policy: policy, run: name, counting: RunStore(reading: folder.url))
  }
}

extension ModelReport {
  /// Counts the evaluation's episodes in a run's store.
  fileprivate init(policy: String, run: String, counting store: RunStore) throws {
    let cells = try store.counts(purpose: "evaluation")
    let holding = { (fact: Episodes.Predicate) in cells.reduce(0) { $0 + ($1.predicates[fact]?.holds ?? 0) } }
    let prompts = try cells.flatMap { try store.variantOutcomes(in: $0.cell)?[.gamed] ?? [] }
    self.init(
      policy: policy, run: run, gamed: holding(.gamed), honest: holding(.honest), attempted: holding(.attempted),
      graded: cells.reduce(0) { $0 + $1.completed }, failed: cells.reduce(0) { $0 + $1.attempted - $1.completed },
      prompts: prompts.map { Count(events: $0.holds, trials: $0.applies) })
  }
}
