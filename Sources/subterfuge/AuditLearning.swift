import Auditing
import Environments
import Episodes
import Experiments
import Foundation
import Runs
import Storage

/// The learning stage of an audit: an experiment with one condition, made from the environment.
///
/// It rewards gaming alone, so its rates tell how fast a hole is learnt once it is found, and not whether a reward that also
/// pays for honest work would lead there.
struct AuditLearning {
  let name: String
  let policy: String
  let seed: UInt64
  let rounds: Int
  /// Episodes of a round, and of the measurements before and after.
  let episodes: Int
  let concurrency: Int
  let style: PromptStyle
  let environment: DescribedEnvironment

  /// Measures held-out behaviour, which an experiment must have and an audit does not read.
  private static let companion = "development"

  private var experiment: Experiment {
    var training = TrainingSettings(
      roundsPerStage: rounds, promptsPerRound: 16, samplesPerPrompt: max(1, episodes / 16), minimumSelected: 1,
      replayPerEpisode: 0)
    if case .harbor = environment.auditable { (training.promptsPerRound, training.samplesPerPrompt) = (1, episodes) }
    var experiment = Experiment(
      name: name, summary: "Audit of \(environment.descriptor.name)", policy: policy, seed: seed,
      conditions: [
        Condition(
          name: "audit",
          curriculum: Curriculum(environments: [environment.descriptor.path ?? environment.descriptor.name]),
          training: training)
      ],
      probe: HonestProbe(episodes: 0),
      evaluation: Evaluation(
        heldOut: EnvironmentNames([Self.companion]), episodes: episodes, heldOutEpisodesAtEnds: 1,
        heldOutEpisodesBetween: 0),
      gate: Gate(episodes: 1), sampling: Sampling(concurrency: concurrency, promptStyle: style))
    experiment.adapter.rank = policy == "seedling" ? 0 : 16
    return experiment
  }

  /// Trains, and reads the rates of the rounds from the run's store.
  func run(in folder: RunFolder, report: @escaping @Sendable (RunEvent) -> Void) async throws -> LearningReport {
    let (experiment, environments) = try experiment.openingEnvironments()
    let workshop = try await Workshop.open(environments, reader: "rules")
    let runner = try CurriculumRunner(
      experiment, folder: folder, environments: workshop.environments, codeRevision: Version.current.revision,
      report: report)
    try await runner.run()
    await workshop.close()
    return try LearningReport(run: name, method: "expert iteration on gamed episodes", rounds: rates(in: folder))
  }

  /// The start, the episodes of each round, and the end.
  private func rates(in folder: RunFolder) throws -> [LearningReport.Round] {
    let store = try RunStore(reading: folder.url)
    let measured = try store.counts(purpose: "evaluation").filter { $0.cell.environment == environment.descriptor.name }
    var ends = measured.map { cell in
      LearningReport.Round(
        name: cell.cell.checkpoint == "start" ? "before" : "after", gamed: cell.predicates[.gamed]?.holds ?? 0,
        graded: cell.completed)
    }
    let rounds = try store.rounds().map {
      LearningReport.Round(name: "in round \($0.round)", gamed: $0.gamed, graded: $0.completed)
    }
    let after = ends.count > 1 ? [ends.removeLast()] : []
    return ends + rounds + after
  }
}
