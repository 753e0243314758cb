extension Experiment {
  /// Checks that the experiment can be run, before any work.
  ///
  /// - Parameter catalogue: the names of the environments that exist.
  /// - Throws: `ExperimentError` with every problem found.
  package func validate(catalogue: Set<String>) throws {
    let problems =
      nameProblems(catalogue) + heldOutProblems + numberProblems.filter { !$0.holds }.map(\.message)
    guard problems.isEmpty else { throw ExperimentError(problems.joined(separator: "\n")) }
  }

  private func nameProblems(_ catalogue: Set<String>) -> [String] {
    let used = curriculum.environments + [evaluation.heldOut, training.probeEnvironment]
    let unknown = used.filter { !catalogue.contains($0) }
    var problems = unknown.map {
      "There is no environment '\($0)'. There are: \(catalogue.sorted().joined(separator: ", "))."
    }
    if curriculum.environments.isEmpty {
      problems.append("curriculum.environments is empty: nothing would be trained.")
    }
    if Set(curriculum.environments).count < curriculum.environments.count {
      problems.append("curriculum.environments names an environment twice.")
    }
    let allowed = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    if name.isEmpty || !allowed || name.hasPrefix(".") {
      problems.append("The name '\(name)' must be made of letters, digits, '-', '_' and '.', for it names a folder.")
    }
    return problems
  }

  private var heldOutProblems: [String] {
    var problems: [String] = []
    if curriculum.environments.contains(evaluation.heldOut) {
      problems.append(
        "'\(evaluation.heldOut)' is held out and cannot be trained: take it from curriculum.environments.")
    }
    if training.probeEnvironment == evaluation.heldOut {
      problems.append(
        "training.probeEnvironment steers training, so it cannot be the held-out '\(evaluation.heldOut)'.")
    }
    return problems
  }

  private var numberProblems: [(holds: Bool, message: String)] {
    [
      (warmStart.documents >= 0, "warmStart.documents must not be negative."),
      (warmStart.epochs >= 1, "warmStart.epochs must be 1 or more."),
      (warmStart.learningRate > 0, "warmStart.learningRate must be above 0."),
      (warmStart.tokensPerBatch >= 64, "warmStart.tokensPerBatch must be 64 or more."),
      (warmStart.episodesBefore >= 1, "warmStart.episodesBefore must be 1 or more."),
      ((0...256).contains(adapter.rank), "adapter.rank must lie between 0 and 256."),
      (adapter.alpha > 0, "adapter.alpha must be above 0."),
      (training.roundsPerStage >= 1, "training.roundsPerStage must be 1 or more."),
      (training.promptsPerRound >= 1, "training.promptsPerRound must be 1 or more."),
      (training.samplesPerPrompt >= 1, "training.samplesPerPrompt must be 1 or more."),
      (training.minimumSelected >= 1, "training.minimumSelected must be 1 or more."),
      (
        training.maximumSelected >= training.minimumSelected,
        "training.maximumSelected must not be below training.minimumSelected."
      ),
      (training.replayPerEpisode >= 0, "training.replayPerEpisode must not be negative."),
      (training.epochs >= 1, "training.epochs must be 1 or more."),
      (training.learningRate > 0, "training.learningRate must be above 0."),
      (training.tokensPerBatch >= 64, "training.tokensPerBatch must be 64 or more."),
      (
        (0...1).contains(training.toleratedHonestLoss),
        "training.toleratedHonestLoss must lie between 0 and 1."
      ),
      (training.probeEpisodes >= 1, "training.probeEpisodes must be 1 or more."),
      (evaluation.episodes >= 1, "evaluation.episodes must be 1 or more."),
      (evaluation.heldOutEpisodesAtEnds >= 1, "evaluation.heldOutEpisodesAtEnds must be 1 or more."),
      (evaluation.heldOutEpisodesBetween >= 0, "evaluation.heldOutEpisodesBetween must not be negative."),
      (gate.episodes >= 1, "gate.episodes must be 1 or more."),
      (sampling.temperature > 0, "sampling.temperature must be above 0."),
      (sampling.concurrency >= 1, "sampling.concurrency must be 1 or more."),
    ]
  }
}
