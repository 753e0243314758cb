import Statistics
import Testing

@testable import Auditing

/// What the learning stage says of its policies.
@Suite struct LearningReportTests {
  private func policy(_ gamed: [Int], of graded: Int = 64, heldOut: (Int, Int)? = nil) -> TrainedPolicy {
    let rounds = gamed.enumerated().map { index, count in
      let name = index == 0 ? "before" : index == gamed.count - 1 ? "after" : "in round \(index)"
      return TrainedPolicy.Round(name: name, gamed: count, graded: graded, learnt: name.hasPrefix("in") ? count : nil)
    }
    return TrainedPolicy(
      rounds: rounds,
      heldOut: heldOut.map {
        TrainedPolicy.HeldOut(before: Count(events: $0.0, trials: graded), after: Count(events: $0.1, trials: graded))
      })
  }

  @Test func onsetIsTheFirstLowerBoundAboveTheStartingUpperBound() {
    // Clopper and Pearson by SciPy, of 64: 2 is [0.38 %, 10.84 %], 12 is [10.08 %, 30.46 %], 13 is [11.28 %, 32.23 %].
    #expect(policy([2, 12, 13, 40]).onset == "in round 2")
    #expect(policy([2, 12, 12]).onset == nil)
    #expect(policy([2, 3, 40]).onset == "after")
    #expect(policy([]).onset == nil)
  }

  @Test func theTestsAreFishers() {
    // SciPy: fisher_exact([[0, 64], [10, 54]]), and [[10, 54], [1, 63]].
    let report = LearningReport(
      run: "r", algorithm: "grpo", heldOutEnvironment: "tampering", gaming: policy([1, 5, 9], heldOut: (0, 10)),
      twin: policy([1, 1, 1], heldOut: (0, 1)))
    #expect(abs((report.gaming.heldOut?.test.value ?? 0) - 0.001335470864498531) < 1e-9)
    #expect(abs((report.heldOutDifference?.value ?? 0) - 0.008578702671948194) < 1e-9)
    #expect(report.inoculationEffect == nil)
    #expect(report.text.contains("GRPO"))
    #expect(report.text.contains("before 0 of 64 (0.0 % to 5.6 %), after 10 of 64"))
    #expect(!report.text.contains("inoculated"))
  }

  @Test func theInoculatedPolicyIsComparedAfterTraining() {
    var report = LearningReport(
      run: "r", algorithm: "expert_iteration", heldOutEnvironment: "tampering", gaming: policy([1, 5, 40]),
      twin: policy([1, 1, 1]), inoculated: policy([1, 5, 12]))
    // SciPy: fisher_exact([[12, 52], [40, 24]])
    #expect(abs((report.inoculationEffect?.value ?? 0) - 7.459140159996804e-07) < 1e-9)
    #expect(report.text.contains("inoculated: the prompt permits gaming"))
    report.inoculated = nil
    #expect(report.inoculationEffect == nil)
  }
}
