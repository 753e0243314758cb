import ArgumentParser
import Environments
import Experiments
import Foundation

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train every condition, measure every checkpoint and write the report; resumes after an interruption.",
    discussion: """
      RECIPE is a built-in recipe (quickstart, curriculum, paper, interventions, learning, controls, replication) or a YAML file. Run \
      the same command again after a stop to resume. Other settings under the same name are rejected. `config show` \
      prints every setting. Progress goes to standard error and to log.txt in the run's folder.

      Example:
        subterfuge run quickstart
        subterfuge run quickstart --seed 2 --name second
        subterfuge run quickstart --set training.epochs=3 --name longer --dry-run
        subterfuge run curriculum --policy gemma3-270m --scale small
        subterfuge run paper --scale quick
        subterfuge run paper --scale quick --only start --runs part1
      """)

  @OptionGroup var experiment: ExperimentOptions

  @OptionGroup var sequences: SequenceOptions

  @Flag(help: "Print the episodes, rounds, checkpoints and disk space that the run needs, and start nothing.")
  var dryRun = false

  @OptionGroup var options: RunOptions

  @OptionGroup var progress: ProgressOptions

  @Flag(help: "Print the results as JSON.")
  var json = false

  func run() async throws {
    let (experiment, environments) = try self.experiment.resolve()
    let branches = try sequences.branches(of: experiment)
    let folder = try options.folder(experiment.name)
    let forecast = try RunForecast(experiment, environments: environments.map(\.unplayed), only: branches)
    if dryRun { return try DryRun(experiment, forecast, in: options).show(json: json) }
    let workshop = try await Workshop.open(environments, reader: experiment.reader ?? "rules")
    let printer = ProgressPrinter(
      progress.detail, folder: folder, plan: ProgressPlan(forecast.steps.map { ($0.title, $0.episodes) }))
    let runner = try CurriculumRunner(
      experiment, folder: folder, environments: workshop.environments, only: branches,
      codeRevision: Version.current.revision, report: { printer.report($0) })
    printer.say("Run '\(experiment.name)', seed \(experiment.seed), in \(folder.url.path)")
    try await printer.keepingErrors { try await runner.run() }
    await workshop.close()
    let report = try RunReport(folder)
    try report.writePage(quiet: progress.quiet)
    try report.show(json: json)
  }
}
