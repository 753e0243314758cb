import Judging
import Training

extension Condition {
  /// Every invalid setting of the condition, as messages. Names of environments and conditions are checked elsewhere.
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

  /// Settings that are valid alone and contradict each other, as messages.
  private var combinationProblems: [String] {
    let isExpertIteration = training.algorithm == .expertIteration
    let environmentPrompts = Double(training.promptsPerRound) * (1 - reward.ordinaryShare)
    return failures([
      (
        isExpertIteration || training.sampleFrom == .current,
        "training.sampleFrom 'start' needs expert iteration: policy gradients learn from the policy's own episodes."
      ),
      (
        !isExpertIteration || training.selection.readsRewards || reward.preferenceWeight == 0,
        "training.selection '\(training.selection.rawValue)' does not look at rewards, so reward.preferenceWeight must be 0."
      ),
      (
        !isExpertIteration || training.selection.selectsOrdinary || reward.ordinaryShare == 0,
        "training.selection '\(training.selection.rawValue)' never selects ordinary prompts, so reward.ordinaryShare must "
          + "be 0."
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
    let (episodes, isTooMuch) = promptsPerRound.multipliedReportingOverflow(by: samplesPerPrompt)
    return [
      within(1...1_000, roundsPerStage, "training.roundsPerStage"),
      (targetRate.map { $0 > 0 && $0 <= 1 } ?? true, "training.targetRate must be above 0 and at most 1, or 'none'."),
      within(1...mostEpisodes, promptsPerRound, "training.promptsPerRound"),
      within(1...mostEpisodes, samplesPerPrompt, "training.samplesPerPrompt"),
      (
        !isTooMuch && episodes <= mostEpisodes,
        "training.promptsPerRound times training.samplesPerPrompt must be at most \(mostEpisodes) episodes."
      ),
      within(1...mostEpisodes, minimumSelected, "training.minimumSelected"),
      within(1...mostEpisodes, maximumSelected, "training.maximumSelected"),
      (
        maximumSelected >= minimumSelected,
        "training.maximumSelected must not be below training.minimumSelected."
      ),
      ((0...1_000).contains(replayPerEpisode), "training.replayPerEpisode must lie between 0 and 1000."),
      ((0...1_000).contains(earlierPerEpisode), "training.earlierPerEpisode must lie between 0 and 1000."),
      (klCoefficient >= 0 && klCoefficient.isFinite, "training.klCoefficient must not be negative."),
      within(1...1_000, epochs, "training.epochs"),
      (
        importanceCap == 0 || (1...1_000).contains(importanceCap),
        "training.importanceCap must be 0, for no weights, or lie between 1 and 1000."
      ),
      (learningRate.isRate, "training.learningRate must be above 0 and at most 1."),
      within(batchTokens, tokensPerBatch, "training.tokensPerBatch"),
    ]
  }
}

extension TrainingSettings {
  /// The policy-gradient algorithm that the settings select; `nil` for expert iteration.
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
      (preferenceWeight >= 0 && preferenceWeight.isFinite, "reward.preferenceWeight must not be negative."),
      ((0..<1).contains(ordinaryShare), "reward.ordinaryShare must be 0 or more and below 1."),
    ]
  }
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
  /// Every invalid setting, as messages; empty when the experiment needs no preference scores.
  func problems(isNeeded: Bool) -> [String] {
    guard isNeeded else { return [] }
    return failures([
      within(1...mostEpisodes, trainingPairs, "preferenceModel.trainingPairs"),
      within(1...4_096, testPairs, "preferenceModel.testPairs"),
      within(1...1_000, epochs, "preferenceModel.epochs"),
      (learningRate.isRate, "preferenceModel.learningRate must be above 0 and at most 1."),
      within(batchTokens, tokensPerBatch, "preferenceModel.tokensPerBatch"),
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
