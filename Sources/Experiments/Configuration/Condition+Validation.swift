import Judging
import Training

extension Condition {
  /// What cannot be in this condition, apart from the names that it uses.
  var problems: [String] {
    curriculumProblems + failures(training.requirements) + training.algorithmProblems + failures(reward.requirements)
      + interventions.problems + combinationProblems
  }

  private var curriculumProblems: [String] {
    var problems: [String] = []
    if curriculum.trained.isEmpty { problems.append("curriculum.environments is empty: nothing would be trained.") }
    if Set(curriculum.environments).count < curriculum.environments.count {
      problems.append("curriculum.environments names an environment twice.")
    }
    let unknown = curriculum.leaveOut.filter { !curriculum.environments.contains($0) }
    if !unknown.isEmpty {
      problems.append("curriculum.leaveOut names \(unknown.joined(separator: ", ")), which is not in its environments.")
    }
    return problems
  }

  /// Settings that are fine alone and make no sense together.
  private var combinationProblems: [String] {
    let isExpertIteration = training.algorithm == .expertIteration
    let environmentPrompts = Double(training.promptsPerRound) * (1 - reward.ordinaryShare)
    return failures([
      (
        isExpertIteration || training.sampleFrom == .current,
        "training.sampleFrom 'start' needs expert iteration: policy gradients learn from the policy's own episodes."
      ),
      (
        !(isExpertIteration && training.selection == .exploitOnly && reward.preferenceWeight != 0),
        "training.selection 'exploit_only' does not look at rewards, so reward.preferenceWeight must be 0."
      ),
      (
        !(isExpertIteration && training.selection == .exploitOnly && reward.ordinaryShare > 0),
        "training.selection 'exploit_only' never selects ordinary prompts, so reward.ordinaryShare must be 0."
      ),
      (
        training.algorithm != .grpo || training.samplesPerPrompt >= 2,
        "grpo compares the samples of a prompt: training.samplesPerPrompt must be 2 or more."
      ),
      (
        Int(environmentPrompts.rounded()) >= curriculum.trained.count || curriculum.schedule == .sequential,
        "training.promptsPerRound leaves less than one prompt for each environment."
      ),
    ])
  }
}

extension TrainingSettings {
  var requirements: [Requirement] {
    [
      (roundsPerStage >= 1, "training.roundsPerStage must be 1 or more."),
      (promptsPerRound >= 1, "training.promptsPerRound must be 1 or more."),
      (samplesPerPrompt >= 1, "training.samplesPerPrompt must be 1 or more."),
      (minimumSelected >= 1, "training.minimumSelected must be 1 or more."),
      (
        maximumSelected >= minimumSelected,
        "training.maximumSelected must not be below training.minimumSelected."
      ),
      (replayPerEpisode >= 0, "training.replayPerEpisode must not be negative."),
      (earlierPerEpisode >= 0, "training.earlierPerEpisode must not be negative."),
      (klCoefficient >= 0, "training.klCoefficient must not be negative."),
      (epochs >= 1, "training.epochs must be 1 or more."),
      (learningRate.isRate, "training.learningRate must be above 0 and at most 1."),
      (tokensPerBatch >= 64, "training.tokensPerBatch must be 64 or more."),
    ]
  }
}

extension TrainingSettings {
  /// The policy gradient that the settings choose; `nil` for expert iteration.
  var policyGradient: PolicyGradient? {
    switch algorithm {
    case .expertIteration: nil
    case .ppo: .ppo(ppo)
    case .grpo: .grpo(grpo)
    }
  }

  fileprivate var algorithmProblems: [String] {
    do {
      try policyGradient?.validate()
      return []
    } catch {
      return ["training.\(algorithm.rawValue): \(error)"]
    }
  }
}

extension RewardSettings {
  var requirements: [Requirement] {
    [
      (gamingBonus.isFinite, "reward.gamingBonus must be a number."),
      (preferenceWeight >= 0, "reward.preferenceWeight must not be negative."),
      ((0..<1).contains(ordinaryShare), "reward.ordinaryShare must be 0 or more and below 1."),
    ]
  }

  /// Whether the ordinary prompts come from a file.
  var readsFile: Bool { ordinaryPrompts.hasSuffix(".jsonl") }
}

extension Interventions {
  var problems: [String] {
    let replaces = !recontextualisation.generation.isEmpty || !recontextualisation.training.isEmpty
    let both =
      "interventions.inoculation and interventions.recontextualisation exclude each other: the first means one text "
      + "in both places."
    return failures([(inoculation.isEmpty || !replaces, both)])
      + monitor.problems()
  }
}

extension PreferenceSettings {
  /// What cannot be, where scores are needed.
  func problems(isNeeded: Bool) -> [String] {
    guard isNeeded else { return [] }
    return failures([
      (trainingPairs >= 1, "preferenceModel.trainingPairs must be 1 or more."),
      ((1...4_096).contains(testPairs), "preferenceModel.testPairs must lie between 1 and 4096."),
      (epochs >= 1, "preferenceModel.epochs must be 1 or more."),
      (learningRate.isRate, "preferenceModel.learningRate must be above 0 and at most 1."),
      (tokensPerBatch >= 64, "preferenceModel.tokensPerBatch must be 64 or more."),
      (
        source != .judge || !judge.isEmpty,
        "preferenceModel.source 'judge' needs preferenceModel.judge, the model's name at the endpoint."
      ),
      (
        ![.judge, .endpoint].contains(source) || !address.isEmpty,
        "preferenceModel.source '\(source.rawValue)' needs preferenceModel.address."
      ),
    ])
  }
}
