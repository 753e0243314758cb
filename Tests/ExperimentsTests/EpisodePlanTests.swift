import Episodes
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
  private let stage = Stage(name: "nudged", environments: ["nudged"])

  @Test func noPromptIsBothTrainedOnAndMeasured() {
    let trained = (1...20).flatMap {
      plan.training(checkpoint: "c", of: nudged, arm: .standard, stage: stage, round: $0)
    }
    let measured = plan.evaluation(checkpoint: "c", of: nudged, atEnd: true)
    #expect(Set(trained.map(\.variant)).isDisjoint(with: measured.map(\.variant)))
    #expect(Set(measured.map(\.variant)).count == 256)
  }

  @Test func roundsDrawOtherPromptsUntilAllWereDrawn() {
    let rounds = (1...4).map { plan.training(checkpoint: "c", of: nudged, arm: .standard, stage: stage, round: $0) }
    #expect(rounds.allSatisfy { $0.count == 64 * 8 })
    #expect(Set(rounds.flatMap { $0.map(\.variant) }).count == 256)
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
      + plan.training(checkpoint: "a", of: nudged, arm: .benign, stage: stage, round: 1)
      + plan.training(checkpoint: "a", of: nudged, arm: .standard, stage: stage, round: 1)
      + plan.probe(checkpoint: "a", of: nudged)
    #expect(Set(keys.map { $0.seed(in: Seed(1)) }).count == keys.count)
  }
}
