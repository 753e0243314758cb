import Testing

@testable import Training

/// Every expected number is worked out by hand in the comment above it.
@Suite struct AdvantagesTests {
  private func isClose(_ a: [Float], _ b: [Float], _ tolerance: Float = 1e-5) -> Bool {
    largestDifference(a, b) < tolerance
  }

  @Test("GAE: errors carried back with gamma lambda")
  func generalized() {
    // gamma 0.5, lambda 0.5. d2 = 2 + 0.5 * 0 - 1 = 1. d1 = 0 + 0.5 * 1 - 3 = -2.5. d0 = 1 + 0.5 * 3 - 2 = 0.5.
    // A2 = 1. A1 = -2.5 + 0.25 * 1 = -2.25. A0 = 0.5 + 0.25 * -2.25 = -0.0625.
    let advantages = Advantages.generalized(
      rewards: [1, 0, 2], values: [2, 3, 1], next: 0, gamma: 0.5, lambda: 0.5)
    #expect(isClose(advantages, [-0.0625, -2.25, 1]))
    // With 4 after the last action d2 = 2 + 0.5 * 4 - 1 = 3: A2 = 3, A1 = -2.5 + 0.75 = -1.75, A0 = 0.5 - 0.4375 = 0.0625.
    let cut = Advantages.generalized(rewards: [1, 0, 2], values: [2, 3, 1], next: 4, gamma: 0.5, lambda: 0.5)
    #expect(isClose(cut, [0.0625, -1.75, 3]))
  }

  @Test("GAE at its ends: lambda 1 is return less value, lambda 0 the one-step error")
  func generalizedEnds() {
    // Returns at gamma 1: 3, 2, 2.
    #expect(
      isClose(
        Advantages.generalized(rewards: [1, 0, 2], values: [2, 3, 1], next: 0, gamma: 1, lambda: 1), [1, -1, 1]))
    // 1 + 3 - 2, 0 + 1 - 3, 2 - 1.
    #expect(
      isClose(
        Advantages.generalized(rewards: [1, 0, 2], values: [2, 3, 1], next: 0, gamma: 1, lambda: 0), [2, -2, 1]))
  }

  @Test("The shift of values: the mean return of all actions less their mean value")
  func valueShift() {
    // gamma 0.5: returns (1.5, 1) and (4): 6.5 / 3 = 2.1666667. Values 1, 0 and 2 have the mean 1.
    let shift = Advantages.valueShift(rewards: [[1, 1], [4]], values: [[1, 0], [2]], gamma: 0.5)
    #expect(abs(shift - 1.1666667) < 1e-6)
    #expect(Advantages.valueShift(rewards: [], values: [], gamma: 1) == 0)
  }

  @Test("Groups: mean 2 and deviation 1 of (1, 2, 3); leave-one-out means 2.5, 2 and 1.5")
  func relative() {
    // The group of 7s is flat, and interleaved: neither order nor neighbours matter.
    let (rewards, groups): ([Float], [Int]) = ([1, 7, 2, 7, 3], [4, 9, 4, 9, 4])
    #expect(
      isClose(
        Advantages.relative(rewards: rewards, groups: groups, baseline: .groupMean, scaled: true), [-1, 0, 0, 0, 1]))
    #expect(
      isClose(
        Advantages.relative(rewards: rewards, groups: groups, baseline: .leaveOneOut, scaled: false),
        [-1.5, 0, 0, 0, 1.5]))
    // (0, 4): mean 2, deviation sqrt(8) = 2.828427.
    #expect(
      isClose(
        Advantages.relative(rewards: [0, 4], groups: [0, 0], baseline: .groupMean, scaled: false), [-2, 2]))
    #expect(
      isClose(
        Advantages.relative(rewards: [0, 4], groups: [0, 0], baseline: .groupMean, scaled: true),
        [-0.7071068, 0.7071068]))
    #expect(Advantages.flatGroups(rewards: rewards + [5], groups: groups + [1]) == [9, 1])
    #expect(Advantages.relative(rewards: [3], groups: [0], baseline: .leaveOneOut, scaled: true) == [0])
  }

  @Test("Whitening: (1, 2, 3, 6) has mean 3 and variance 14 / 3; explained variance")
  func whitening() {
    // Deviation 2.160247: -2, -1, 0 and 3 over it.
    #expect(isClose(Advantages.whitened([1, 2, 3, 6]), [-0.9258201, -0.4629100, 0, 1.3887301]))
    #expect(Advantages.whitened([5]) == [0] && Advantages.whitened([]).isEmpty)
    #expect(Advantages.whitened([2, 2, 2]) == [0, 0, 0])
    // Returns (0, 2, 4) have variance 4, returns less values (0, 1, 2) variance 1.
    #expect(Advantages.explainedVariance(values: [0, 1, 2], returns: [0, 2, 4]) == 0.75)
    #expect(Advantages.explainedVariance(values: [1, 2], returns: [3, 3]) == 0)
  }

  @Test("The adaptive coefficient: a tenth at most 0.2 too far or too near, for 50 of 100 rollouts")
  func adaptive() throws {
    let penalty = KLPenalty(coefficient: 0.1, placement: .reward, control: .adaptive(target: 6, horizon: 100))
    // 6.6 / 6 - 1 = 0.1; times 50 / 100.
    #expect(abs(penalty.next(after: 0.4, divergence: 6.6, rollouts: 50) - 0.4 * 1.05) < 1e-9)
    #expect(abs(penalty.next(after: 0.4, divergence: 60, rollouts: 50) - 0.4 * 1.1) < 1e-9)
    #expect(abs(penalty.next(after: 0.4, divergence: 0, rollouts: 50) - 0.4 * 0.9) < 1e-9)
    #expect(KLPenalty(coefficient: 0.1, placement: .loss).next(after: 0.4, divergence: 60, rollouts: 50) == 0.4)
  }

  @Test("Settings that cannot be are refused")
  func validation() {
    let bad: [PolicyGradient] = [
      .ppo(PPO(clip: 0)), .ppo(PPO(valueClip: -1)), .ppo(PPO(gamma: 1.1)), .ppo(PPO(lambda: -0.1)),
      .ppo(PPO(valueCoefficient: 0)), .ppo(PPO(entropyCoefficient: -1)),
      .ppo(PPO(passes: Passes(epochs: 0, minibatches: 1))),
      .ppo(PPO(kl: KLPenalty(coefficient: -1, placement: .loss))),
      .ppo(PPO(kl: KLPenalty(coefficient: 0, placement: .reward, control: .adaptive(target: 1, horizon: 1)))),
      .grpo(GRPO(kl: KLPenalty(coefficient: 1, placement: .reward, control: .adaptive(target: 0, horizon: 1)))),
      .grpo(GRPO(clipLow: 1)), .grpo(GRPO(clipHigh: .infinity)), .grpo(GRPO(normalization: .constant(length: 0))),
      .grpo(GRPO(entropyCoefficient: .nan)), .grpo(GRPO(passes: Passes(epochs: 1, minibatches: 0))),
    ]
    for algorithm in bad { #expect(throws: (any Error).self) { try algorithm.validate() } }
    #expect(throws: Never.self) { try PolicyGradient.ppo(PPO(clip: 0.4, valueClip: nil)).validate() }
    #expect(throws: Never.self) { try PolicyGradient.grpo(GRPO()).validate() }
  }
}
