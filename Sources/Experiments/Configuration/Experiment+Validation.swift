package import Episodes
import Foundation
import Policies
import Runs
import Storage
import Training

extension Experiment {
  /// Checks that the experiment can run, before any work starts.
  ///
  /// - Parameters:
  ///   - catalogue: the arms of every environment that exists, by name.
  ///   - untrainable: the environments whose role excludes them from training.
  /// - Throws: `ExperimentError` listing every problem.
  package func validate(catalogue: [String: [Arm]], untrainable: Set<String> = []) throws {
    let problems =
      nameProblems + environmentProblems(catalogue) + heldOutProblems + roleProblems(untrainable) + failures(numbers)
      + conditions.flatMap { condition in condition.problems.map { "In condition '\(condition.name)': \($0)" } }
      + preferenceModel.problems(isNeeded: needsPreferenceScores) + engineProblems
    guard problems.isEmpty else { throw ExperimentError(problems.joined(separator: "\n")) }
  }

  private var engineProblems: [String] {
    var problems = trainerProblems
    let sampler = engine.sampler
    guard sampler.isUsed else { return problems }
    if adapter.rank == 0 {
      problems.append(
        "engine.sampler: servers sample from adapters beside a pretrained model; set adapter.rank above 0.")
    }
    if sampler.adapters.isEmpty {
      problems.append(
        "engine.sampler.adapters must name a folder that this machine and the servers see under the same path.")
    }
    do { try sampler.validate() } catch { problems.append("engine.sampler: \(error)") }
    return problems
  }

  private var trainerProblems: [String] {
    guard engine.trainer.isUsed else { return [] }
    var problems: [String] = []
    if adapter.rank == 0 { problems.append("engine.trainer trains adapters only; set adapter.rank above 0.") }
    if !FileManager.default.fileExists(atPath: engine.trainer.program) {
      problems.append(
        "engine.trainer.program must be the path of Engines/torch/train.py, not '\(engine.trainer.program)'.")
    }
    if !FileManager.default.fileExists(atPath: trainedModel + "/config.json") {
      problems.append(
        "engine.trainer.model must be the model's folder in Hugging Face's form, with its config.json, not '\(trainedModel)'."
      )
    }
    return problems
  }

  /// The folder of the model that the torch program trains.
  package var trainedModel: String { engine.trainer.model.isEmpty ? policy : engine.trainer.model }

  private var nameProblems: [String] {
    var problems: [String] = []
    if let problem = name.problemAsRunName { problems.append(problem) }
    if conditions.isEmpty { problems.append("There are no conditions: nothing would be trained.") }
    var seen: Set<String> = []
    for condition in conditions {
      if !condition.name.isPlainName || condition.name.contains(".")
        || CheckpointStore.reserved.contains(condition.name)
      {
        problems.append(
          "The condition's name '\(condition.name)' must be made of letters, digits, '-' and '_', and none of "
            + "\(CheckpointStore.reserved.sorted().joined(separator: ", ")).")
      }
      if condition.name.utf8.count > Self.longestPart {
        problems.append(
          "The condition's name '\(condition.name.prefix(20))…' has \(condition.name.utf8.count) letters; files are named "
            + "after it, so it has at most \(Self.longestPart).")
      }
      if !condition.from.isEmpty, !seen.contains(condition.from) {
        problems.append(
          "The condition '\(condition.name)' starts from '\(condition.from)', which is not a condition before it.")
      }
      let matched = condition.training.matching
      if !matched.isEmpty, !seen.contains(matched) || condition.training.algorithm != .expertIteration {
        problems.append(
          "In condition '\(condition.name)': training.matching needs expert iteration and a condition before it, not "
            + "'\(matched)'.")
      }
      seen.insert(condition.name)
    }
    return problems + fileProblems
  }

  /// The largest length of a condition's or an environment's name, in UTF-8 bytes.
  ///
  /// A checkpoint's file is named after both, and a file system takes 255.
  private static let longestPart = 64

  /// Checkpoints whose file names are too long or collide, as messages.
  private var fileProblems: [String] {
    let long = trainedEnvironments.filter { $0.utf8.count > Self.longestPart }.map {
      "The environment's name '\($0.prefix(20))…' has \($0.utf8.count) letters; files are named after it, so one that is "
        + "trained has at most \(Self.longestPart)."
    }
    let names = Set(
      conditions.flatMap { condition in
        condition.curriculum.stages.map { condition.branch(1).checkpoint($0.name) }
      })
    let shared = Dictionary(grouping: names, by: RunFolder.fileName).values.filter { $0.count > 1 }
    return long
      + shared.map { names in
        "The checkpoints \(names.sorted().joined(separator: " and ")) would have one file: give one of the conditions "
          + "another name."
      }.sorted()
  }

  private func environmentProblems(_ catalogue: [String: [Arm]]) -> [String] {
    let ordinary = conditions.map(\.reward).filter { $0.ordinaryShare > 0 }.map(\.ordinaryPrompts)
    var used = trainedEnvironments + evaluation.heldOut.names + ordinary
    if probe.episodes > 0 { used.append(probe.environment) }
    if evaluation.propensity.prompts > 0 { used += evaluation.propensity.environments }
    let known = catalogue.keys.sorted().joined(separator: ", ")
    var problems = used.filter { catalogue[$0] == nil }.unique.map {
      "There is no environment '\($0)'. There are: \(known)."
    }
    func check(_ arm: Arm, of environment: String) {
      guard let arms = catalogue[environment], !arms.contains(arm) else { return }
      let known = arms.map(\.rawValue).joined(separator: ", ")
      problems.append("The environment '\(environment)' has no arm '\(arm.rawValue)'. It has: \(known).")
    }
    for condition in conditions { condition.curriculum.trained.forEach { check(condition.curriculum.arm, of: $0) } }
    for environment in evaluation.heldOut.names { evaluation.arms.forEach { check($0, of: environment) } }
    return problems.unique
  }

  private var heldOutProblems: [String] {
    let names = evaluation.heldOut.names
    var problems: [String] = []
    if names.isEmpty { problems.append("evaluation.heldOut names no environment.") }
    if names.unique.count < names.count { problems.append("evaluation.heldOut names an environment twice.") }
    for heldOut in names.unique {
      if trainedEnvironments.contains(heldOut) {
        problems.append("'\(heldOut)' is held out and cannot be trained: take it from curriculum.environments.")
      }
      if probe.environment == heldOut {
        problems.append("probe.environment steers training, so it cannot be the held-out '\(heldOut)'.")
      }
      if conditions.contains(where: { $0.reward.ordinaryPrompts == heldOut }) {
        problems.append("reward.ordinaryPrompts are trained on, so they cannot be the held-out '\(heldOut)'.")
      }
    }
    return problems
  }

  /// Trained environments whose role excludes them from training, as messages.
  ///
  /// An environment keeps its role when the experiment holds out a different environment.
  private func roleProblems(_ untrainable: Set<String>) -> [String] {
    conditions.flatMap(\.curriculum.trained).unique.filter {
      untrainable.contains($0) && !evaluation.heldOut.names.contains($0)
    }.map {
      "'\($0)' is not for training: its role is to be held out, or to tune recipes on. "
        + "Take it from curriculum.environments."
    }
  }

  private var numbers: [Requirement] {
    [
      within(1...1_000, replicates, "replicates"),
      within(0...mostEpisodes, warmStart.documents, "warmStart.documents"),
      within(0...mostEpisodes, warmStart.ownEpisodes, "warmStart.ownEpisodes"),
      (
        warmStart.documents == 0 || warmStart.ownEpisodes == 0,
        "warmStart teaches either documents or ownEpisodes: set one of them to 0."
      ),
      within(1...1_000, warmStart.epochs, "warmStart.epochs"),
      (warmStart.learningRate.isRate, "warmStart.learningRate must be above 0 and at most 1."),
      within(batchTokens, warmStart.tokensPerBatch, "warmStart.tokensPerBatch"),
      within(1...mostEpisodes, warmStart.episodesBefore, "warmStart.episodesBefore"),
      within(0...256, adapter.rank, "adapter.rank"),
      (adapter.alpha > 0 && adapter.alpha.isFinite, "adapter.alpha must be above 0."),
      ((0...1).contains(probe.toleratedLoss), "probe.toleratedLoss must lie between 0 and 1."),
      within(0...mostEpisodes, probe.episodes, "probe.episodes"),
      within(1...mostEpisodes, evaluation.episodes, "evaluation.episodes"),
      within(1...mostEpisodes, evaluation.heldOutEpisodesAtEnds, "evaluation.heldOutEpisodesAtEnds"),
      within(0...mostEpisodes, evaluation.heldOutEpisodesBetween, "evaluation.heldOutEpisodesBetween"),
      within(1...mostEpisodes, evaluation.armEpisodes, "evaluation.armEpisodes"),
      within(1...16, evaluation.attempts, "evaluation.attempts"),
      within(1...64, evaluation.persistence, "evaluation.persistence"),
      within(0...mostPrompts, evaluation.propensity.prompts, "evaluation.propensity.prompts"),
      within(1...mostEpisodes, gate.episodes, "gate.episodes"),
      (sampling.temperature > 0 && sampling.temperature.isFinite, "sampling.temperature must be above 0."),
      within(1...mostRollouts, sampling.concurrency, "sampling.concurrency"),
    ]
  }
}

/// The largest number of episodes in one cell or one round.
///
/// A file that asks for more keys than memory should hold is a mistake.
package let mostEpisodes = 1_000_000
/// The largest number of concurrent rollouts.
package let mostRollouts = 16_384
/// The largest number of prompts of an environment at which texts are scored.
package let mostPrompts = 65_536
/// The allowed range of tokens per batch.
let batchTokens = 64...4_194_304

/// A condition that must hold, and the message when it does not.
typealias Requirement = (holds: Bool, message: String)

/// Requires that an integer lies in a range.
func within(_ range: ClosedRange<Int>, _ value: Int, _ key: String) -> Requirement {
  (range.contains(value), "\(key) must lie between \(range.lowerBound) and \(range.upperBound).")
}

/// The messages of the requirements that do not hold.
func failures(_ requirements: [Requirement]) -> [String] { requirements.filter { !$0.holds }.map(\.message) }

extension Double {
  /// Whether the value is a valid learning rate: above 0 and at most 1.
  var isRate: Bool { self > 0 && self <= 1 }
}

extension [String] {
  /// The elements without duplicates, in order of first occurrence.
  var unique: [String] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
