import Episodes
import Runs
import Storage
import Testing

@testable import Experiments

/// An environment of which only the name and the number of variants matter.
private struct Counted: Environment {
  let name: String
  let variantCount: Int
  let arms: [Arm] = [.standard]
  let limits = EpisodeLimits()

  func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample {
    Sample(environment: name, variant: variant, arm: arm, prompt: Prompt(messages: []))
  }

  func begin(_ sample: Sample) async throws -> any EnvironmentSession { throw CancellationError() }
}

@Suite struct EpisodePlanTests {
  private let plan = EpisodePlan(Experiment(name: "x"))
  private let nudged = Counted(name: "nudged", variantCount: 512)
  private let ordinary = Counted(name: "ordinary", variantCount: 512)
  private let stage = Stage(name: "nudged", environments: ["nudged"])

  /// The training episodes of a round of a condition.
  private func training(
    _ condition: Condition = Condition(name: "a"), replicate: Int = 1, round: Int,
    of environment: (any Environment)? = nil
  ) -> [EpisodeKey] {
    plan.training(
      checkpoint: "c", of: environment ?? nudged, condition: condition,
      branch: Branch(condition: condition.name, replicate: replicate), stage: stage, round: round)
  }

  @Test func noPromptIsBothTrainedOnAndMeasured() {
    let trained = (1...20).flatMap { training(round: $0) }
    let measured = plan.evaluation(checkpoint: "c", of: nudged, atEnd: true)
    #expect(Set(trained.map(\.variant)).isDisjoint(with: measured.map(\.variant)))
    #expect(Set(measured.map(\.variant)).count == 256)
  }

  @Test func roundsDrawOtherPromptsUntilAllWereDrawn() {
    let rounds = (1...4).map { training(round: $0) }
    #expect(rounds.allSatisfy { $0.count == 64 * 8 })
    #expect(Set(rounds.flatMap { $0.map(\.variant) }).count == 256)
  }

  /// Half of 64 prompts are ordinary ones, and each has eight rollouts (paper section 2: "HHH mix").
  @Test func ordinaryPromptsFillTheirShareOfARound() {
    let condition = Condition(name: "hhh", reward: RewardSettings(ordinaryShare: 0.5))
    #expect(training(condition, round: 1).count == 32 * 8)
    let mixed = training(condition, round: 1, of: ordinary)
    #expect(mixed.count == 32 * 8 && mixed.allSatisfy { $0.arm == .standard && $0.environment == "ordinary" })
    #expect(training(round: 1, of: ordinary).isEmpty)
  }

  @Test func aChainIsAVariantAndAnEpisodeItsPlace() {
    var experiment = Experiment(name: "x")
    (experiment.evaluation.armEpisodes, experiment.evaluation.persistence) = (12, 3)
    let chains = EpisodeChain.chains(of: EpisodePlan(experiment).chains(checkpoint: "c", of: nudged))
    #expect(chains.count == 4 && chains.allSatisfy { $0.keys.map(\.sample) == [0, 1, 2] })
  }

  @Test func theHeldOutEnvironmentIsMeasuredMostAtTheEnds() {
    let tampering = Counted(name: "tampering", variantCount: 512)
    let end = plan.evaluation(checkpoint: "c", of: tampering, atEnd: true)
    #expect(end.count == 2_048 && plan.evaluation(checkpoint: "c", of: tampering, atEnd: false).count == 512)
    #expect(Set(end).count == 2_048)
    let perVariant = Dictionary(grouping: end, by: \.variant).values.map(\.count)
    #expect(Set(perVariant) == [4])
  }

  @Test func everyEpisodeOfARunHasASeedOfItsOwn() {
    let keys =
      plan.evaluation(checkpoint: "a", of: nudged, atEnd: true)
      + plan.evaluation(checkpoint: "b", of: nudged, atEnd: true)
      + training(round: 1) + training(round: 2) + training(replicate: 2, round: 1)
      + training(Condition(name: "b"), round: 1)
      + training(Condition(name: "benign", curriculum: Curriculum(arm: .benign)), round: 1)
      + plan.arm("alternate", checkpoint: "a", of: nudged)
      + plan.probe(checkpoint: "a", of: nudged)
    #expect(Set(keys.map { $0.seed(in: Seed(1)) }).count == keys.count)
  }
}
