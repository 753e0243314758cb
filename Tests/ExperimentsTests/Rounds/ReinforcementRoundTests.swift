import Episodes
import Runs
import Storage
import Testing
import Training

@testable import Experiments

/// A round of policy gradients with scripted policies: what the learner is given, and what is stored of its answer.
@Suite struct ReinforcementRoundTests {
  /// Prompts with an even number are gamed, and prompt 3 fails.
  private static func world(minimum: Int = 1) -> RoundWorld {
    var condition = Condition(name: "a", curriculum: Curriculum(environments: ["first"]))
    condition.training.algorithm = .grpo
    condition.training.grpo.kl.coefficient = 0.125
    condition.training.roundsPerStage = 2
    condition.training.promptsPerRound = 4
    condition.training.samplesPerPrompt = 2
    condition.training.minimumSelected = minimum
    var experiment = smallExperiment(condition)
    experiment.conditions[0].training.minimumSelected = minimum
    return RoundWorld(experiment: experiment) { _, prompt in
      if prompt == "first 3" { throw EpisodeFailure(boundary: .policy, message: "out of order") }
      let number = Int(prompt.split(separator: " ").last ?? "") ?? 0
      return number.isMultiple(of: 2) ? "yes, a game" : "yes"
    }
  }

  @Test func theLearnerIsGivenEveryGradedEpisodeWithItsRewardAndGroup() async throws {
    let world = Self.world()
    let context = try world.open()
    try await world.train(context)
    let first = try #require(world.learner.reinforcements.first)
    // Six of eight: the failed ones are neither rewarded nor punished.
    #expect(first.rollouts.map(\.reward) == [1, 1, 0, 0, 1, 1])
    #expect(first.rollouts.map(\.group) == [0, 0, 1, 1, 2, 2])
    let token = SayingPolicy.token(of: "start")
    #expect(first.rollouts.allSatisfy { $0.tokens == [0, token] && $0.isAction == [false, true] })
    #expect(first.rollouts.allSatisfy { $0.logProbabilities == [0, -1] && !$0.isTruncated })
    #expect((first.start, first.name, first.reference) == ("start", "a/first.1", "start"))
    #expect(first.continuing == nil && first.options.klCoefficient == 0.125)
  }

  /// The second round continues the first one's optimiser and its KL coefficient, also after a restart.
  @Test func theCoefficientAndTheOptimiserGoOnIntoTheNextRound() async throws {
    let world = Self.world()
    try await world.train(try world.open())
    let second = world.learner.reinforcements[1]
    #expect((second.start, second.name, second.continuing) == ("a/first.1", "a/first.2", "a/first.1"))
    #expect(second.options.klCoefficient == 0.25 && second.options.seed != world.learner.reinforcements[0].options.seed)

    let context = try world.open()
    let updates = try [1, 2].map { try #require(try context.store.result(of: StepFamily.learnt["a/first/\($0)"])) }
    #expect(updates.map(\.nextKLCoefficient) == [0.25, 0.5] && updates.map(\.learntFrom) == [6, 6])
    #expect(updates.map { $0.metrics["kl_coefficient"] } == [0.125, 0.25])
    // A speed is stored under the name of one, which digests leave out.
    #expect(updates[0].metrics["learning/tokens/s"] == 9 && updates[0].metrics["tokens_per_second"] == nil)
    try await world.train(context)
    #expect(world.learner.reinforcements.count == 2)
  }

  @Test func tooFewEpisodesEndTheStage() async throws {
    let world = Self.world(minimum: 7)
    let context = try world.open()
    try await world.train(context)
    #expect(world.learner.reinforcements.isEmpty)
    let rounds = try context.store.rounds()
    #expect(rounds.map(\.verdict) == [.untrained] && rounds[0].stopped == "only 6 episodes to learn from")
  }
}
