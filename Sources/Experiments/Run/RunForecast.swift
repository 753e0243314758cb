package import Episodes
package import Runs
import Storage

/// The work that an experiment asks for, counted before any of it starts.
///
/// Training may end early, so every number is the largest possible one.
package struct RunForecast: Sendable, Codable, Hashable {
  /// Episodes by kind.
  package struct Episodes: Sendable, Codable, Hashable {
    /// Episodes of the checkpoint x environment matrix, and those before a warm start.
    package var evaluation = 0
    /// Episodes that training rounds sample.
    package var training = 0
    /// Episodes of the gate's arms.
    package var gate = 0
    /// Episodes of honest completion, for the start and after each round.
    package var probe = 0
    /// Episodes of other arms, of attempts in one context, and of files that persist.
    package var arms = 0

    package var total: Int { evaluation + training + gate + probe + arms }
  }

  /// A piece of work.
  package struct Step: Sendable, Codable, Hashable {
    /// The title, as `RunEvent` has it.
    package var title: String
    /// The episodes to play, or the prompts to score; 0 for training.
    package var episodes: Int
  }

  /// The series of episodes that a round learnt from in a second, with all passes over them and what is replayed.
  package static let learningSpeed = TrainingRound.learningSpeed

  package private(set) var episodes = Episodes()
  /// Prompts after which fixed texts are scored, over all checkpoints.
  package private(set) var scoredPrompts = 0
  package private(set) var rounds = 0
  /// Episodes that rounds learn from.
  package private(set) var learnt = 0
  /// Checkpoint files that remain at the end.
  package private(set) var checkpoints = 0
  /// The pieces of work, in order.
  package private(set) var steps: [Step] = []

  /// Counts the work of an experiment.
  ///
  /// - Parameters:
  ///   - environments: every environment that the experiment names.
  ///   - branches: the sequences to train; `nil` for all.
  /// - Throws: `ExperimentError` when an environment is missing, or the run would be larger than any can be.
  package init(_ experiment: Experiment, environments: [any Environment], only branches: Set<Branch>? = nil) throws {
    let environments = Dictionary(environments.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    let forecaster = Forecaster(experiment: experiment, environments: environments)
    try forecaster.addStart(to: &self)
    for branch in experiment.branches where branches?.contains(branch) ?? true {
      guard let condition = experiment.condition(branch.condition) else { continue }
      try forecaster.add(condition, branch.replicate, to: &self)
      if episodes.total > Self.mostEpisodes || steps.count > Self.mostSteps {
        throw ExperimentError(
          """
          The experiment '\(experiment.name)' asks for more than \(Self.mostEpisodes) episodes or \(Self.mostSteps) pieces of \
          work. Lower replicates, the numbers of training and those of evaluation.
          """)
      }
    }
  }

  /// More than this is a slip: two years at fifteen episodes a second.
  private static let mostEpisodes = 1_000_000_000
  private static let mostSteps = 1_000_000

  /// Adds a piece of work, unless it has no episodes.
  fileprivate mutating func add(_ title: String, _ count: Int, _ kind: WritableKeyPath<Episodes, Int>) {
    guard count > 0 else { return }
    episodes[keyPath: kind] += count
    steps.append(Step(title: title, episodes: count))
  }

  fileprivate mutating func addScoring(_ title: String, _ prompts: Int) {
    scoredPrompts += prompts
    steps.append(Step(title: title, episodes: prompts))
  }

  fileprivate mutating func addTraining(into checkpoint: String) {
    steps.append(Step(title: WorkTitle.training(checkpoint), episodes: 0))
  }

  fileprivate mutating func count(rounds: Int, learnt: Int = 0, checkpoints: Int) {
    self.rounds += rounds
    self.learnt += learnt
    self.checkpoints += checkpoints
  }
}

private final class CountCache {
  private var counts: [String: Int] = [:]

  func count(_ kind: String, _ keys: () throws -> [EpisodeKey]) rethrows -> Int {
    if let known = counts[kind] { return known }
    let count = try keys().count
    counts[kind] = count
    return count
  }
}

/// Walks through an experiment in the order of the runner.
private struct Forecaster {
  let experiment: Experiment
  let environments: [String: any Environment]
  /// Checkpoints of the same kind owe equally many episodes, so that keys are made once for each kind.
  private let known = CountCache()

  private var plan: EpisodePlan { EpisodePlan(experiment) }

  private func environment(_ name: String) throws -> any Environment {
    guard let found = environments[name] else { throw ExperimentError("The environment '\(name)' does not exist.") }
    return found
  }

  /// The warm start, the start's measurements and the gate.
  func addStart(to forecast: inout RunForecast) throws {
    let (start, pretrained) = (CheckpointStore.start, CheckpointStore.pretrained)
    forecast.count(rounds: 0, checkpoints: experiment.warmStart.isNeeded ? 2 : 1)
    if experiment.warmStart.isNeeded {
      for name in experiment.measuredEnvironments {
        let count = plan.before(checkpoint: pretrained, of: try environment(name)).count
        forecast.add(WorkTitle.beforeWarmStart(name), count, \.evaluation)
      }
      for batch in 0..<(experiment.warmStart.ownEpisodes > 0 ? WarmStart.mostBatches : 0) {
        let count = plan.own(batch: batch, of: try environment(experiment.probe.environment)).count
        forecast.add(WorkTitle.ownEpisodes(batch: batch), count, \.training)
      }
      forecast.addTraining(into: start)
    }
    for checkpoint in experiment.measuredCheckpoints where checkpoint.name == start {
      try addEvaluation(of: checkpoint, to: &forecast)
    }
    for name in experiment.evaluation.heldOut.names {
      let heldOut = try environment(name)
      for arm in GateCheck.arms where heldOut.arms.contains(arm) {
        let count = plan.gate(checkpoint: start, of: heldOut, arm: arm, purpose: "gate").count
        forecast.add(WorkTitle.gate(heldOut.name, arm), count, \.gate)
      }
    }
    try addProbe(of: start, to: &forecast)
  }

  /// The stages of a condition's replicate, and the measurements of their checkpoints.
  func add(_ condition: Condition, _ replicate: Int, to forecast: inout RunForecast) throws {
    let branch = condition.branch(replicate)
    for stage in condition.curriculum.stages {
      let name = branch.checkpoint(stage.name)
      var learnt = 0
      for number in 1...condition.training.roundsPerStage {
        var sampled = 0
        let isMixed = condition.reward.ordinaryShare > 0
        for played in stage.environments + (isMixed ? [condition.reward.ordinaryPrompts] : []) {
          let count = try known.count("training \(condition.name) \(stage.name) \(played)") {
            plan.training(
              checkpoint: name, of: try environment(played), condition: condition, branch: branch, stage: stage,
              round: number)
          }
          forecast.add(WorkTitle.sampling(name, round: number, on: played), count, \.training)
          sampled += count
        }
        learnt +=
          condition.training.algorithm == .expertIteration ? min(sampled, condition.training.maximumSelected) : sampled
        forecast.addTraining(into: "\(name).\(number)")
        try addProbe(of: "\(name).\(number)", to: &forecast)
      }
      // Policy gradients keep the newest round of a stage.
      let rounds = condition.training.roundsPerStage
      forecast.count(
        rounds: rounds, learnt: learnt, checkpoints: condition.training.algorithm == .expertIteration ? rounds : 1)
      for checkpoint in experiment.measuredCheckpoints where checkpoint.name == name {
        try addEvaluation(of: checkpoint, to: &forecast)
      }
    }
  }

  private func addProbe(of checkpoint: String, to forecast: inout RunForecast) throws {
    guard experiment.probe.episodes > 0 else { return }
    let count = try known.count("probe") {
      plan.probe(checkpoint: checkpoint, of: try environment(experiment.probe.environment))
    }
    forecast.add(WorkTitle.probe(of: checkpoint), count, \.probe)
  }

  private func addEvaluation(
    of checkpoint: Experiment.MeasuredCheckpoint, to forecast: inout RunForecast
  ) throws {
    let (name, settings) = (checkpoint.name, experiment.evaluation)
    for played in experiment.measuredEnvironments {
      let count = try known.count("evaluation \(played) \(checkpoint.isLast)") {
        plan.evaluation(checkpoint: name, of: try environment(played), atEnd: checkpoint.isLast)
      }
      forecast.add(WorkTitle.evaluation(of: name, on: played), count, \.evaluation)
    }
    for scored in settings.scoredEnvironments {
      let count = plan.propensity(of: try environment(scored)).count
      forecast.addScoring(WorkTitle.propensity(of: name, on: scored), count)
    }
    guard checkpoint.isLast else { return }
    for heldOut in settings.heldOut.names { try addMore(of: name, try environment(heldOut), to: &forecast) }
    for played in settings.attempts > 1 ? experiment.measuredEnvironments : [] {
      let count = try known.count("in_context \(played)") {
        plan.extra(purpose: "in_context", checkpoint: name, of: try environment(played))
      }
      forecast.add(WorkTitle.evaluation(of: name, on: played, WorkTitle.inContext), count, \.arms)
    }
  }

  /// The arms of a held-out environment, and whether an edit persists there.
  private func addMore(
    of checkpoint: String, _ heldOut: any Environment, to forecast: inout RunForecast
  ) throws {
    for arm in experiment.evaluation.arms {
      let count = known.count("arm \(heldOut.name)") { plan.arm(arm, checkpoint: checkpoint, of: heldOut) }
      forecast.add(WorkTitle.evaluation(of: checkpoint, on: heldOut.name, arm.rawValue), count, \.arms)
    }
    if experiment.evaluation.persistence > 1 {
      let count = known.count("persistence \(heldOut.name)") { plan.chains(checkpoint: checkpoint, of: heldOut) }
      forecast.add(WorkTitle.evaluation(of: checkpoint, on: heldOut.name, WorkTitle.persistence), count, \.arms)
    }
  }
}
