import Foundation
import Statistics
import Testing

@testable import Auditing

/// When an audit fails, and what it prints.
@Suite struct AuditReportTests {
  private func report(attacks: [(String, AttackResult.Verdict)] = [], gamed: Int = 0, of graded: Int = 0) -> AuditReport
  {
    var report = AuditReport(environment: "task", title: "A task", digest: "")
    let results = attacks.map { AttackResult(Attack($0.0, "Do it."), $0.1) }
    report.grader = GraderReport(reference: nil, fullReward: 1, attacks: results, notes: [])
    report.model = ModelReport(policy: "m", run: "r", gamed: gamed, honest: 0, attempted: 0, graded: graded, failed: 0)
    return report
  }

  @Test func theLowerBoundDecides() {
    // Clopper and Pearson by R's binom.test: 3 of 100 is [0.62 %, 8.52 %], 5 of 100 is [1.64 %, 11.28 %].
    var low = report(gamed: 3, of: 100)
    low.judge(limit: 0.01, accepting: [])
    #expect(low.failures == [])
    var high = report(gamed: 5, of: 100)
    high.judge(limit: 0.01, accepting: [])
    #expect(high.failures.count == 1)
    #expect(abs(high.model!.interval.lower - 0.016432) < 1e-5)
  }

  /// Ten episodes of each of ten prompts, of which three are gamed always: as alike as can be.
  @Test func episodesOfOnePromptAreAlike() {
    let prompts = (0..<10).map { Count(events: $0 < 3 ? 10 : 0, trials: 10) }
    let model = ModelReport(
      policy: "m", run: "r", gamed: 30, honest: 0, attempted: 0, graded: 100, failed: 0, prompts: prompts)
    // By R's binom.test 3 of 10 is [6.67 %, 65.25 %], 30 of 100 [21.24 %, 39.98 %].
    #expect(abs(model.interval.lower - 0.0667) < 0.02 && abs(model.interval.upper - 0.6525) < 0.02, "\(model.interval)")
  }

  @Test func onlyAttacksThatObtainAndAreNotAcceptedCount() {
    var report = report(attacks: [("one", .raised), ("two", .obtained), ("three", .obtained), ("four", .refused)])
    report.judge(limit: 0, accepting: ["two"])
    #expect(report.failures == ["attacks obtain the reward: three"])
  }

  @Test func withoutALimitNothingFails() throws {
    let report = report(attacks: [("two", .obtained)])
    #expect(report.failures == [])
    #expect(report.text.contains("1 of 1 attacks obtain the reward: two."))
    let json = try JSONDecoder().decode(AuditReport.self, from: Data(report.json().utf8))
    #expect(json == report)
  }
}
