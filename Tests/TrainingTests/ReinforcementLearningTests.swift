import Episodes
import LanguageModels
import Testing

@testable import Training

/// Tasks whose optimum is known, learnt from samples of the real engine.
@Suite struct ReinforcementLearningTests {
  private static let noPenalty = KLPenalty(coefficient: 0, placement: .loss)

  static let algorithms: [(name: String, algorithm: PolicyGradient)] = [
    ("PPO", .ppo(PPO(kl: noPenalty, passes: Passes(epochs: 2, minibatches: 1)))),
    ("GRPO", .grpo(GRPO(kl: noPenalty, passes: Passes(epochs: 2, minibatches: 1)))),
    (
      "RLOO",
      .grpo(
        GRPO(
          baseline: .leaveOneOut, scalesByDeviation: false, normalization: .token, kl: noPenalty,
          passes: Passes(epochs: 2, minibatches: 1)))
    ),
  ]

  @Test("A bandit with two prompts: the best arm of each, from one draw in four to nearly all", arguments: 0..<3)
  func bandit(_ index: Int) async throws {
    let start = try Bandit.start()
    #expect((8...28).contains(Bandit.best(try await Bandit.sample(start, seed: Seed(9)))))
    let (name, algorithm) = Self.algorithms[index]
    let learns = try await LearningSequences.learn("bandit, \(name)") { sequence in
      let learnt = try await TinyPolicy.reinforced(
        start, algorithm, rate: 4e-3, limit: 60, sequence: sequence,
        sample: { try await Bandit.sample($0, seed: $1) }, isDone: { Bandit.best($0) >= 62 })
      guard let learnt else { return nil }
      return Bandit.best(try await Bandit.sample(learnt.policy, seed: sequence["test"])) >= 52 ? learnt.rounds : nil
    }
    #expect(learns, "\(name) does not learn the bandit")
  }

  @Test("Look, read, answer: right nearly always, from one time in three", arguments: 0..<3)
  func lookUp(_ index: Int) async throws {
    let start = try LookUpTask.start()
    #expect((6...26).contains(LookUpTask.right(try await LookUpTask.sample(start, seed: Seed(9)))))
    let (name, algorithm) = Self.algorithms[index]
    let learns = try await LearningSequences.learn("look-up, \(name)") { sequence in
      let learnt = try await TinyPolicy.reinforced(
        start, algorithm, rate: 2e-3, limit: 150, sequence: sequence,
        sample: { try await LookUpTask.sample($0, seed: $1) }, isDone: { LookUpTask.right($0) >= 47 })
      guard let learnt else { return nil }
      return LookUpTask.right(try await LookUpTask.sample(learnt.policy, seed: sequence["test"])) >= 38
        ? learnt.rounds : nil
    }
    #expect(learns, "\(name) does not learn to look")
  }
}
