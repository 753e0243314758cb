import Auditing
import Environments
import Episodes
import Experiments
import Foundation
import Runs
import Statistics
import Storage
import Training

/// The learning stage of an audit: an experiment made from the environment, with a policy that is trained on gaming and a
/// twin that learns from as many episodes without it.
///
/// It rewards gaming alone, so its rates tell how fast a hole is learnt once it is found, and not whether a reward that also
/// pays for honest work would lead there.
struct AuditLearning {
  let name: String
  let policy: String
  let seed: UInt64
  let rounds: Int
  let algorithm: TrainingSettings.Algorithm
  /// Stands in the prompts while a third policy is trained; empty: no such policy.
  let inoculation: String
  /// Episodes of a round, and of the measurements before and after.
  let episodes: Int
  let concurrency: Int
  let style: PromptStyle
  let environment: DescribedEnvironment
  let packages: PackageOptions

  private static let (gaming, twin, inoculated) = ("gaming", "twin", "inoculated")
  /// Measurements of the held-out task are never smaller.
  private static let fewestHeldOut = 64

  /// The task that no policy is trained on.
  private var heldOut: String { environment.descriptor.name == "tampering" ? "ledger" : "tampering" }

  private var training: TrainingSettings {
    var training = TrainingSettings(
      algorithm: algorithm, roundsPerStage: rounds, promptsPerRound: 16, samplesPerPrompt: max(2, episodes / 16),
      minimumSelected: 1, replayPerEpisode: 0)
    if case .harbor = environment.auditable { (training.promptsPerRound, training.samplesPerPrompt) = (1, episodes) }
    training.grpo.kl.coefficient = 0
    return training
  }

  private var conditions: [Condition] {
    let curriculum = Curriculum(environments: [environment.descriptor.path ?? environment.descriptor.name])
    let gaming = Condition(name: Self.gaming, curriculum: curriculum, training: training)
    var twin = gaming
    twin.name = Self.twin
    if algorithm == .expertIteration {
      (twin.training.selection, twin.training.matching) = (.notGamed, Self.gaming)
    } else {
      twin.reward.gamingBonus = -gaming.reward.gamingBonus
    }
    guard !inoculation.isEmpty else { return [gaming, twin] }
    var inoculated = gaming
    (inoculated.name, inoculated.interventions.inoculation) = (Self.inoculated, inoculation)
    return [gaming, twin, inoculated]
  }

  private var experiment: Experiment {
    var experiment = Experiment(
      name: name, summary: "Audit of \(environment.descriptor.name)", policy: policy, seed: seed,
      conditions: conditions,
      probe: HonestProbe(episodes: 0),
      evaluation: Evaluation(
        heldOut: EnvironmentNames([heldOut]), episodes: episodes,
        heldOutEpisodesAtEnds: max(Self.fewestHeldOut, episodes), heldOutEpisodesBetween: 0),
      gate: Gate(episodes: 1), sampling: Sampling(concurrency: concurrency, promptStyle: style))
    experiment.adapter.rank = policy == "seedling" ? 0 : 16
    return experiment
  }

  /// Trains, and reads the rates of the rounds from the run's store.
  func run(in folder: RunFolder, report: @escaping @Sendable (RunEvent) -> Void) async throws -> LearningReport {
    let (experiment, environments) = try experiment.openingEnvironments(open: packages.open)
    let workshop = try await Workshop.open(environments, reader: "rules")
    let runner = try CurriculumRunner(
      experiment, folder: folder, environments: workshop.environments, codeRevision: Version.current.revision,
      report: report)
    try await runner.run()
    await workshop.close()
    let measurements = try LearningMeasurements(
      RunStore(reading: folder.url), experiment, environment: environment.descriptor.name, heldOut: heldOut)
    return LearningReport(
      run: name, algorithm: algorithm.rawValue, heldOutEnvironment: heldOut,
      gaming: measurements.policy(Self.gaming), twin: measurements.policy(Self.twin),
      inoculated: inoculation.isEmpty ? nil : measurements.policy(Self.inoculated))
  }
}

/// What the store of a learning stage says of its policies.
private struct LearningMeasurements {
  private let cells: [CellCounts]
  private let rounds: [RoundSummary]
  private let experiment: Experiment
  private let environment, heldOut: String

  init(_ store: RunStore, _ experiment: Experiment, environment: String, heldOut: String) throws {
    (cells, rounds) = (try store.counts(purpose: "evaluation"), try store.rounds())
    (self.experiment, self.environment, self.heldOut) = (experiment, environment, heldOut)
  }

  func policy(_ name: String) -> TrainedPolicy {
    let last = experiment.condition(name).map { experiment.finalCheckpoint(of: $0, replicate: 1) } ?? ""
    let ends = ["start", last].map { gamed($0, environment) }
    let during = rounds.filter { $0.branch.condition == name }.map {
      TrainedPolicy.Round(name: "in round \($0.round)", gamed: $0.gamed, graded: $0.completed, learnt: $0.selected)
    }
    let measured = zip(["before", "after"], ends).map { name, count in
      count.map { TrainedPolicy.Round(name: name, gamed: $0.events, graded: $0.trials) }
    }
    let rounds = [measured[0]].compactMap(\.self) + during + [measured[1]].compactMap(\.self)
    guard let before = gamed("start", heldOut), let after = gamed(last, heldOut) else {
      return TrainedPolicy(rounds: rounds, heldOut: nil)
    }
    return TrainedPolicy(rounds: rounds, heldOut: TrainedPolicy.HeldOut(before: before, after: after))
  }

  private func gamed(_ checkpoint: String, _ environment: String) -> Count? {
    cells.first { $0.cell.checkpoint == checkpoint && $0.cell.environment == environment && $0.cell.arm == .standard }
      .map { Count(events: $0.predicates[.gamed]?.holds ?? 0, trials: $0.completed) }
  }
}
