package import Episodes

extension Experiment {
  /// Checks that the experiment can be run, before any work.
  ///
  /// - Parameters:
  ///   - catalogue: the arms of every environment that exists, by name.
  ///   - untrainable: the environments whose role keeps them out of training.
  /// - Throws: `ExperimentError` with every problem found.
  package func validate(catalogue: [String: [Arm]], untrainable: Set<String> = []) throws {
    let problems =
      nameProblems + environmentProblems(catalogue) + heldOutProblems + roleProblems(untrainable) + failures(numbers)
      + conditions.flatMap { condition in condition.problems.map { "In condition '\(condition.name)': \($0)" } }
      + preferenceModel.problems(isNeeded: needsPreferenceScores)
    guard problems.isEmpty else { throw ExperimentError(problems.joined(separator: "\n")) }
  }

  private var nameProblems: [String] {
    var problems: [String] = []
    if !name.isPlainName {
      problems.append("The name '\(name)' must be made of letters, digits, '-', '_' and '.', for it names a folder.")
    }
    if conditions.isEmpty { problems.append("There are no conditions: nothing would be trained.") }
    var seen: Set<String> = []
    for condition in conditions {
      if !condition.name.isPlainName || condition.name.contains(".")
        || CheckpointLibrary.reserved.contains(condition.name)
      {
        problems.append(
          "The condition's name '\(condition.name)' must be made of letters, digits, '-' and '_', and none of "
            + "\(CheckpointLibrary.reserved.sorted().joined(separator: ", ")).")
      }
      if !condition.from.isEmpty, !seen.contains(condition.from) {
        problems.append(
          "The condition '\(condition.name)' starts from '\(condition.from)', which is not a condition before it.")
      }
      seen.insert(condition.name)
    }
    return problems
  }

  private func environmentProblems(_ catalogue: [String: [Arm]]) -> [String] {
    let ordinary = conditions.map(\.reward).filter { $0.ordinaryShare > 0 && !$0.readsFile }.map(\.ordinaryPrompts)
    var used = trainedEnvironments + [evaluation.heldOut] + ordinary
    if probe.episodes > 0 { used.append(probe.environment) }
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
    evaluation.arms.forEach { check($0, of: evaluation.heldOut) }
    return problems.unique
  }

  private var heldOutProblems: [String] {
    let heldOut = evaluation.heldOut
    var problems: [String] = []
    if trainedEnvironments.contains(heldOut) {
      problems.append("'\(heldOut)' is held out and cannot be trained: take it from curriculum.environments.")
    }
    if probe.environment == heldOut {
      problems.append("probe.environment steers training, so it cannot be the held-out '\(heldOut)'.")
    }
    if conditions.contains(where: { $0.reward.ordinaryPrompts == heldOut }) {
      problems.append("reward.ordinaryPrompts are trained on, so they cannot be the held-out '\(heldOut)'.")
    }
    return problems
  }

  /// An environment keeps its role when another one is the held-out one of this experiment.
  private func roleProblems(_ untrainable: Set<String>) -> [String] {
    conditions.flatMap(\.curriculum.trained).unique.filter { untrainable.contains($0) && $0 != evaluation.heldOut }.map
    {
      "'\($0)' is not for training: its role is to be held out, or to tune recipes on. "
        + "Take it from curriculum.environments."
    }
  }

  private var numbers: [Requirement] {
    [
      ((1...1_000).contains(replicates), "replicates must lie between 1 and 1000."),
      (warmStart.documents >= 0, "warmStart.documents must not be negative."),
      (warmStart.epochs >= 1, "warmStart.epochs must be 1 or more."),
      (warmStart.learningRate.isRate, "warmStart.learningRate must be above 0 and at most 1."),
      (warmStart.tokensPerBatch >= 64, "warmStart.tokensPerBatch must be 64 or more."),
      (warmStart.episodesBefore >= 1, "warmStart.episodesBefore must be 1 or more."),
      ((0...256).contains(adapter.rank), "adapter.rank must lie between 0 and 256."),
      (adapter.alpha > 0, "adapter.alpha must be above 0."),
      ((0...1).contains(probe.toleratedLoss), "probe.toleratedLoss must lie between 0 and 1."),
      (probe.episodes >= 0, "probe.episodes must not be negative."),
      (evaluation.episodes >= 1, "evaluation.episodes must be 1 or more."),
      (evaluation.heldOutEpisodesAtEnds >= 1, "evaluation.heldOutEpisodesAtEnds must be 1 or more."),
      (evaluation.heldOutEpisodesBetween >= 0, "evaluation.heldOutEpisodesBetween must not be negative."),
      (evaluation.armEpisodes >= 1, "evaluation.armEpisodes must be 1 or more."),
      ((1...16).contains(evaluation.attempts), "evaluation.attempts must lie between 1 and 16."),
      ((1...64).contains(evaluation.persistence), "evaluation.persistence must lie between 1 and 64."),
      (gate.episodes >= 1, "gate.episodes must be 1 or more."),
      (sampling.temperature > 0 && sampling.temperature.isFinite, "sampling.temperature must be above 0."),
      (sampling.concurrency >= 1, "sampling.concurrency must be 1 or more."),
    ]
  }
}

/// Something that must hold, and what to say when it does not.
typealias Requirement = (holds: Bool, message: String)

/// What to say of the requirements that do not hold.
func failures(_ requirements: [Requirement]) -> [String] { requirements.filter { !$0.holds }.map(\.message) }

extension Double {
  /// Whether this can be a learning rate.
  var isRate: Bool { self > 0 && self <= 1 }
}

extension String {
  /// Whether this can name a file.
  fileprivate var isPlainName: Bool {
    !isEmpty && !hasPrefix(".") && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
  }
}

extension [String] {
  /// Each element once, in the order of first mention.
  fileprivate var unique: [String] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
